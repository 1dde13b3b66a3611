"""Constants of conditions and values of items: the type of the field says how a text is read."""

from collections.abc import Callable

from engine.item import Value
from engine.rules import quantities
from engine.rules.documents import Mapping, Node, Scalar
from engine.rules.quantities import NotAQuantity
from engine.rules.reading.domains import domain
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import control_character, scalar
from engine.rules.reading.shapes import items_of
from engine.rules.suggestions import quoted, shown
from engine.rules.vocabulary import Field, FieldType, Operator

_UPWARDS = (Operator.ABOVE, Operator.AT_LEAST)
_HIGHEST_PERCENT = 100
_DOWNWARDS = (Operator.BELOW, Operator.AT_MOST)
_READ: dict[FieldType, Callable[[str], float]] = {
    FieldType.NUMBER: quantities.number,
    FieldType.SCORE: quantities.share,
    FieldType.SHARE: quantities.share,
    FieldType.COUNT: quantities.number,
    FieldType.DURATION: quantities.duration,
    FieldType.DATE: quantities.moment,
}


def settled(reader: Reader, node: Node, used: list[str]) -> tuple[Reader, Node] | None:
    """The constant itself or the one behind `$name`; the name of the setting is noted."""
    place = reader.resolved(node)
    if place is not None and place[1] is not node and isinstance(node, Scalar):
        used.append(node.value[1:])
    return place


def number(
    reader: Reader, field: Field, node: Node, operator: Operator | None = None
) -> float | None:
    """A constant of a numeric field, within the range its type allows."""
    found = scalar(reader, node)
    if found is None:
        return None
    try:
        value = _READ[field.type](found.value.strip())
    except NotAQuantity as problem:
        hint = problem.hint
        if field.type is FieldType.COUNT and found.value.endswith("%"):
            hint = "a count is a whole number"
        reader.error(problem.code, problem.message, found, hint)
        return None
    return value if _in_range(reader, field, found, value, operator) else None


def _in_range(
    reader: Reader, field: Field, node: Scalar, value: float, operator: Operator | None
) -> bool:
    kind = field.type
    if kind in (FieldType.SCORE, FieldType.SHARE) and not 0 <= value <= 1:
        written = shown(node.value)
        hint = (
            f"did you mean `{written}%`?"
            if 1 < value <= _HIGHEST_PERCENT and "%" not in written
            else None
        )
        message = (
            f"a {kind} lies between 0 and 1, `{written}` {_effect(operator, too_high=value > 1)}"
        )
        reader.error("range", message, node, hint)
        return False
    if kind is FieldType.COUNT and (value < 0 or value != int(value)):
        message = f"a count is a whole number, 0 or more; `{shown(node.value)}` is none"
        reader.error("range", message, node)
        return False
    return True


def _effect(operator: Operator | None, *, too_high: bool) -> str:
    if operator in _UPWARDS:
        return "never matches" if too_high else "always matches"
    if operator in _DOWNWARDS:
        return "always matches" if too_high else "never matches"
    if operator is Operator.IS_NOT:
        return "always matches"
    return "never matches" if operator is not None else "is not possible"


def yes_no(reader: Reader, node: Node) -> bool | None:
    """A constant of a yes/no field."""
    found = scalar(reader, node)
    if found is None:
        return None
    try:
        return quantities.yes_no(found.value)
    except NotAQuantity as problem:
        reader.error(problem.code, problem.message, found, problem.hint)
        return None


def name(reader: Reader, field: Field, node: Node) -> str | None:
    """One choice, id or domain, as the field takes them."""
    found = scalar(reader, node)
    if found is None or control_character(reader, found):
        return None
    if field.type is FieldType.DOMAINS:
        return domain(reader, found)
    written = found.value.strip()
    if field.type is FieldType.CHOICE and field.choices and written not in field.choices:
        hint = reader.mistakes.suggestion(written, field.choices)
        message = f"`{field.name}` is never `{shown(written)}`"
        reader.error("choice", message, found, hint or f"it is one of {quoted(field.choices)}")
        return None
    return written


def value(reader: Reader, field: Field, node: Node) -> Value | None:
    """A value that an item could bring for a field; None: it cannot be read, which is noted."""
    kind = field.type
    if kind.is_set:
        return _members(reader, field, node)
    if kind is FieldType.TEXT and isinstance(node, Scalar):
        return node.value
    place = reader.resolved(node)
    if place is None:
        return None
    reader, node = place
    if kind.numeric:
        return number(reader, field, node)
    return yes_no(reader, node) if kind is FieldType.YES_NO else name(reader, field, node)


def _members(reader: Reader, field: Field, node: Node) -> frozenset[str] | None:
    if isinstance(node, Scalar) and node.value == "none" and not node.style:
        return frozenset()
    if isinstance(node, Mapping):
        reader.error("shape", "a list should stand here", node, "write `[one, two]`")
        return None
    found = [name(reader, field, item) for item in items_of(reader, node, may_be_empty=True)]
    known = frozenset(one for one in found if one is not None)
    return known if len(found) == len([one for one in found if one is not None]) else None
