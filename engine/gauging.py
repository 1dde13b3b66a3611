"""What an item tells about the harm it may do: how many people it reaches, how sure a rule is."""

from collections.abc import Iterator, Sequence
from typing import Final

from engine.item import Item
from engine.rules.model import AllOf, AnyOf, AtLeastOf, Condition, Leaf, Meets, NoneOf, Rule
from engine.rules.vocabulary import FieldType, Operator, Vocabulary
from engine.urgency import MOST_REACH

#: What is true of high scores. The others ask for something else than suspicion.
_SUSPECTS: Final = frozenset({Operator.ABOVE, Operator.AT_LEAST, Operator.BETWEEN})


def reach_of(item: Item, names: Sequence[str]) -> float | None:
    """How many people an item reaches: the largest of these fields; None: it has none of them."""
    found = [item.fields[name] for name in names if name in item.fields]
    numbers = [each for each in found if isinstance(each, float | int) and each >= 0]
    return float(min(max(numbers), MOST_REACH)) if numbers else None


def unusable(names: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Those names that are no fields of numbers, so that no item will ever tell its reach."""
    fields = vocabulary.fields
    return [name for name in names if name not in fields or not fields[name].type.numeric]


def probability_of(item: Item, rule: Rule, vocabulary: Vocabulary) -> float | None:
    """How probable a rule is right: the highest score of those it asks to be high.

    None where it asks for none, or none arrived.
    """
    names = {
        leaf.field
        for leaf in _asserted(rule.when)
        if leaf.operator in _SUSPECTS and _is_score(leaf.field, vocabulary)
    }
    found = [item.fields[name] for name in names if name in item.fields]
    return max((float(each) for each in found if isinstance(each, float | int)), default=None)


def _is_score(name: str, vocabulary: Vocabulary) -> bool:
    field = vocabulary.fields.get(name)
    return field is not None and field.type is FieldType.SCORE


def _asserted(condition: Condition) -> Iterator[Leaf]:
    """The leaves of a condition that are not denied."""
    match condition:
        case Leaf():
            yield condition
        case Meets(condition=inner):
            yield from _asserted(inner)
        case AllOf(parts=parts) | AnyOf(parts=parts) | AtLeastOf(parts=parts):
            for part in parts:
                yield from _asserted(part)
        case NoneOf():
            return
