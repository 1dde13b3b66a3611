"""Three-valued evaluation of conditions: True, False, or None for unknown."""

from collections.abc import Sequence
from enum import Enum
from typing import assert_never

from engine.item import Item, Value
from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Constant,
    FieldRef,
    Leaf,
    Meets,
    NoneOf,
    Policy,
)
from engine.rules.vocabulary import Operator
from tests.oracle.comparisons import POSITIVE, holds

Truth = bool | None


class Absent(Enum):
    """Why there is no value."""

    #: It has not arrived.
    UNKNOWN = "unknown"
    #: The field cannot apply to this item.
    CANNOT_APPLY = "cannot apply"


def truth(condition: Condition, item: Item, policy: Policy) -> Truth:
    """Whether a condition holds for an item."""
    if isinstance(condition, Leaf):
        return _leaf(condition, item, policy)
    if isinstance(condition, Meets):
        return truth(condition.condition, item, policy)
    return _group(condition, [truth(part, item, policy) for part in condition.parts])


def value_of(name: str, item: Item, policy: Policy) -> Value | Absent:
    """The value a leaf sees: arrived, added up, or the default of the field."""
    if name in item.fields:
        return item.fields[name]
    if name == "item.kind":
        return "post"
    if name.startswith("points."):
        return _points(name.removeprefix("points."), item, policy)
    field = policy.vocabulary.fields.get(name)
    if field is not None and field.missing is not None:
        return field.missing
    presence = field.present_when if field is not None else None
    cannot_apply = presence is not None and truth(presence, item, policy) is False
    return Absent.CANNOT_APPLY if cannot_apply else Absent.UNKNOWN


def conjunction(parts: Sequence[Truth]) -> Truth:
    """Kleene's AND."""
    if False in parts:
        return False
    return None if None in parts else True


def negation(part: Truth) -> Truth:
    """Kleene's NOT."""
    return None if part is None else not part


def _group(group: AllOf | AnyOf | NoneOf | AtLeastOf, parts: list[Truth]) -> Truth:
    match group:
        case AllOf():
            return conjunction(parts)
        case AnyOf():
            return negation(conjunction([negation(part) for part in parts]))
        case NoneOf():
            return conjunction([negation(part) for part in parts])
        case AtLeastOf():
            if parts.count(True) >= group.count:
                return True
            return None if len(parts) - parts.count(False) >= group.count else False
        case _:
            assert_never(group)


def _points(name: str, item: Item, policy: Policy) -> float:
    return sum(
        line.points for line in policy.points[name].lines if truth(line.when, item, policy) is True
    )


def _leaf(leaf: Leaf, item: Item, policy: Policy) -> Truth:
    value = value_of(leaf.field, item, policy)
    if value is Absent.CANNOT_APPLY:
        return False
    if leaf.operator is Operator.IS_MISSING:
        return leaf.constant is (value is Absent.UNKNOWN)
    if isinstance(value, Absent):
        return None
    constant: Constant | Value = leaf.constant
    if isinstance(constant, FieldRef):
        other = value_of(constant.name, item, policy)
        if isinstance(other, Absent):
            return None if other is Absent.UNKNOWN else False
        constant = other
    operator = POSITIVE.get(leaf.operator)
    if operator is not None:
        return not holds(operator, value, constant, leaf, policy)
    return holds(leaf.operator, value, constant, leaf, policy)
