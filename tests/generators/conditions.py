"""Random conditions over a vocabulary, of every form and with every operator."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.item import Value
from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Constant,
    FieldRef,
    Leaf,
    ListRefs,
    Meets,
    NoneOf,
    PolicyList,
)
from engine.rules.vocabulary import Field, FieldType, Operator, operators_of
from tests.generators import words
from tests.generators.draws import Draws
from tests.generators.vocabulary import DOMAINS, NUMBERS, SPAN, TAGS, plain_names

_WITH_FIELD = (
    Operator.ABOVE,
    Operator.AT_LEAST,
    Operator.BELOW,
    Operator.AT_MOST,
    Operator.IS,
    Operator.IS_NOT,
)
_LENGTHS = (0.0, 3.0, 10.0, 25.0, 60.0)


@dataclass(frozen=True, slots=True)
class Names:
    """What conditions may name."""

    fields: Sequence[Field]
    lists: Sequence[PolicyList]
    language: words.Language
    conditions: Sequence[tuple[str, Condition]] = ()


def condition(draws: Draws, names: Names, depth: int = 2) -> Condition:
    """A condition, at most `depth` groups deep."""
    form = draws.below(12) if depth else 0
    if form < 5:
        return leaf(draws, names)
    if form == 5 and names.conditions:
        name, content = draws.pick(names.conditions)
        return Meets(name=name, condition=content, span=SPAN)
    parts = tuple(condition(draws, names, depth - 1) for _ in range(draws.between(1, 4)))
    if form < 8:
        return AllOf(parts=parts, span=SPAN)
    if form < 10:
        return AnyOf(parts=parts, span=SPAN)
    if form == 10:
        return NoneOf(parts=parts, span=SPAN)
    return AtLeastOf(count=draws.between(2, 4), parts=parts, span=SPAN)


def leaf(draws: Draws, names: Names) -> Leaf:
    """A field, an operator of its type, and a constant that suits both."""
    field = draws.pick(names.fields)
    if draws.chance(35):
        field = next(one for one in names.fields if one.name == "text")
    operator = draws.pick(operators_of(field.type))
    return Leaf(
        field=field.name,
        operator=operator,
        constant=_constant(draws, names, field, operator),
        span=SPAN,
    )


def _constant(draws: Draws, names: Names, field: Field, operator: Operator) -> Constant:
    if operator is Operator.IS_MISSING or field.type is FieldType.YES_NO:
        return draws.chance(50)
    if operator.value.endswith("_in"):
        return _lists(draws, names, field)
    if field.type is FieldType.TEXT:
        return _text_constant(draws, names, operator)
    others = _comparable(names, field)
    if others and operator in _WITH_FIELD and draws.chance(12):
        return FieldRef(draws.pick(others).name)
    if field.type.numeric:
        return _numbers(draws, operator)
    one = operator in (Operator.IS, Operator.IS_NOT)
    return draws.some(choices_of(field), 1 if one else 3)


def _comparable(names: Names, field: Field) -> list[Field]:
    """Other fields that a field may be compared with."""
    if field.type.is_set:
        return []
    others = [one for one in names.fields if one is not field]
    if field.type.numeric:
        return [one for one in others if one.type.numeric]
    return [one for one in others if one.type is field.type]


def choices_of(field: Field) -> tuple[str, ...]:
    """Names that a field of names or a set may hold."""
    if field.type is FieldType.DOMAINS:
        return DOMAINS
    if field.type is FieldType.SET:
        return TAGS
    return field.choices or plain_names(field.name)


def numbers_near(number: float) -> tuple[Value, ...]:
    """A threshold, and its nearest neighbours."""
    return (number, number - 1e-9, number + 1e-9, number - 1, number + 1)


def _text_constant(draws: Draws, names: Names, operator: Operator) -> Constant:
    if operator in (Operator.LONGER_THAN, Operator.SHORTER_THAN):
        return draws.pick(_LENGTHS)
    if operator is Operator.MATCHES:
        return tuple(words.pattern(draws) for _ in range(draws.between(1, 2)))
    return words.entries(draws, names.language)


def _numbers(draws: Draws, operator: Operator) -> Constant:
    if operator is Operator.BETWEEN:
        low, high = sorted((draws.pick(NUMBERS), draws.pick(NUMBERS)))
        return (low, high)
    if operator in (Operator.IS_ANY, Operator.IS_NONE):
        return draws.some(NUMBERS, 3)
    return draws.pick(NUMBERS)


def _lists(draws: Draws, names: Names, field: Field) -> ListRefs:
    if field.type is FieldType.TEXT:
        usable = [one.name for one in names.lists if one.of in ("words", "phrases")]
        return ListRefs(draws.some(usable, 2), words.exceptions(draws, names.language))
    kinds = ("domains",) if field.type is FieldType.DOMAINS else ("ids", "domains")
    usable = [one.name for one in names.lists if one.of in kinds]
    return ListRefs(draws.some(usable, 2))
