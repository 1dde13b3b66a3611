"""What one leaf asks of its field: which values, and whether an absent one will do."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from engine.rules.lints.intervals import (
    BEGIN,
    END,
    EVERY_NUMBER,
    Cut,
    Numbers,
    between,
    points,
    whole,
)
from engine.rules.model import FieldRef, Leaf, ListRefs
from engine.rules.vocabulary import Field, FieldType, Operator

#: A value is there (arrived, or the field's default).
PRESENT = 1
#: No value arrived, so a comparison is unknown.
MISSING = 2
#: No value can apply (`present_when` is false), so a comparison is false.
INAPPLICABLE = 4


@dataclass(frozen=True, slots=True)
class Names:
    """These names, or with `inside` false all names but these."""

    names: frozenset[Hashable]
    inside: bool = True

    @property
    def empty(self) -> bool:
        """Whether no name is left."""
        return self.inside and not self.names

    def meet(self, other: "Names") -> "Names":
        """The names in both."""
        if self.inside:
            names = self.names & other.names if other.inside else self.names - other.names
            return Names(names)
        if other.inside:
            return Names(other.names - self.names)
        return Names(self.names | other.names, inside=False)

    def within(self, other: "Names") -> bool:
        """Whether every name of this is in the other."""
        return self.meet(Names(other.names, not other.inside)).empty

    def outside(self) -> "Names":
        """All other names."""
        return Names(self.names, not self.inside)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a text or set must hold, one of each group, and what it must not hold."""

    groups: frozenset[frozenset[Hashable]] = frozenset()
    forbidden: frozenset[Hashable] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether some group has only forbidden members."""
        return any(group <= self.forbidden for group in self.groups)

    def meet(self, other: "Findings") -> "Findings":
        """Both demands together."""
        return Findings(self.groups | other.groups, self.forbidden | other.forbidden)

    def within(self, other: "Findings") -> bool:
        """Whether whatever satisfies this surely satisfies the other."""
        return other.forbidden <= self.forbidden and all(
            any(mine <= group for mine in self.groups) for group in other.groups
        )


Shape = Numbers | Names | Findings


@dataclass(frozen=True, slots=True)
class Ground:
    """A leaf that narrows a region, or its negation."""

    leaf: Leaf
    negated: bool


@dataclass(frozen=True, slots=True)
class Region:
    """The states and values of a field that fit, and the leaves that say so."""

    states: int
    shape: Shape
    grounds: tuple[Ground, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing fits."""
        return self.states == 0 or (self.states == PRESENT and self.shape.empty)

    def meet(self, other: "Region") -> "Region":
        """What fits both."""
        states = self.states & other.states
        shape = meet_shapes(self.shape, other.shape)
        if shape.empty:
            states &= ~PRESENT
        return Region(states, shape, self.grounds + other.grounds)

    def within(self, other: "Region") -> bool:
        """Whether whatever fits this fits the other."""
        if self.states & ~other.states:
            return False
        return not self.states & PRESENT or shape_within(self.shape, other.shape)


def meet_shapes(one: Shape, other: Shape) -> Shape:
    """The values in both; shapes of one field are of one kind."""
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        return one.meet(other)
    if isinstance(one, Names) and isinstance(other, Names):
        return one.meet(other)
    if isinstance(one, Findings) and isinstance(other, Findings):
        return one.meet(other)
    # `is_missing` says nothing about the values, whatever its shape
    return other if _says_nothing(one) else one


def shape_within(one: Shape, other: Shape) -> bool:
    """Whether every value of one is in the other."""
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        return one.within(other)
    if isinstance(one, Names) and isinstance(other, Names):
        return one.within(other)
    if isinstance(one, Findings) and isinstance(other, Findings):
        return one.within(other)
    return _says_nothing(other)


def _says_nothing(shape: Shape) -> bool:
    return shape in (EVERY_NUMBER, ANY_NAME, ANY_FINDING)


ANY_NAME = Names(frozenset(), inside=False)
ANY_FINDING = Findings()


@dataclass(frozen=True, slots=True)
class Literal:
    """A leaf or its negation: the key it constrains, how, and whether the region says it all."""

    key: str
    region: Region
    exact: bool = True
    """False: the region is wider than the literal, so it proves nothing about what holds."""


_NEGATIVE = {
    Operator.IS_NOT: Operator.IS,
    Operator.IS_NONE: Operator.IS_ANY,
    Operator.IS_NONE_IN: Operator.IS_ANY_IN,
    Operator.INCLUDES_NONE: Operator.INCLUDES_ANY,
    Operator.NONE_IN: Operator.INCLUDES_ANY_IN,
    Operator.HAS_NONE: Operator.HAS_ANY,
    Operator.HAS_NONE_IN: Operator.HAS_ANY_IN,
}
_EVERY = (Operator.INCLUDES_ALL, Operator.HAS_ALL)
_LENGTHS = (Operator.LONGER_THAN, Operator.SHORTER_THAN)


def possible_states(field: Field) -> int:
    """The states a field can be in."""
    if field.missing is not None or field.name == "item.kind" or field.name.startswith("points."):
        return PRESENT
    return PRESENT | MISSING | (INAPPLICABLE if field.present_when is not None else 0)


def literal(leaf: Leaf, field: Field, *, negated: bool, whole_numbers: bool) -> Literal:
    """What a leaf, or its negation, asks of its field.

    Args:
        leaf: The leaf.
        field: Its field, as declared.
        negated: Whether it has to be false (which is more than not true).
        whole_numbers: Whether the field holds whole numbers only.
    """
    possible = possible_states(field)
    grounds = (Ground(leaf, negated),)
    if leaf.operator is Operator.IS_MISSING:
        missing = bool(leaf.constant)
        fits = MISSING if missing else PRESENT
        states = (possible & ~fits) if negated else (possible & fits)
        return Literal(field.name, Region(states, _anything(field), grounds))
    states = (possible & (PRESENT | INAPPLICABLE)) if negated else PRESENT
    positive = _NEGATIVE.get(leaf.operator)
    flipped = negated is (positive is None)
    bare = leaf if positive is None else replace(leaf, operator=positive)
    key, shape, exact = _shape(bare, field, flipped=flipped, whole_numbers=whole_numbers)
    if shape.empty:
        states &= ~PRESENT
    return Literal(key, Region(states, shape, grounds), exact)


def _anything(field: Field) -> Shape:
    if field.type.numeric:
        return EVERY_NUMBER
    return ANY_FINDING if field.type.is_set or field.type is FieldType.TEXT else ANY_NAME


def _shape(
    leaf: Leaf, field: Field, *, flipped: bool, whole_numbers: bool
) -> tuple[str, Shape, bool]:
    """Key, values and exactness of a leaf with a positive operator."""
    if isinstance(leaf.constant, FieldRef) or leaf.operator is Operator.ALL_IN:
        return _riddle(leaf, flipped=flipped)
    if leaf.operator in _LENGTHS:
        numbers = whole(_numbers(leaf)).meet(_LENGTH_RANGE)
        return f"{field.name} (length)", _flip(numbers, _LENGTH_RANGE, flipped=flipped), True
    if field.type.numeric:
        numbers = _numbers(leaf)
        domain = _domain(field, whole_numbers=whole_numbers)
        numbers = (whole(numbers) if whole_numbers else numbers).meet(domain)
        return field.name, _flip(numbers, domain, flipped=flipped), True
    if field.type.is_set or field.type is FieldType.TEXT:
        return field.name, *_findings(leaf, flipped=flipped)
    if isinstance(leaf.constant, ListRefs):
        return _riddle(leaf, flipped=flipped)
    names = _names(leaf)
    return field.name, _flip_names(names, field, flipped=flipped), True


def _riddle(leaf: Leaf, *, flipped: bool) -> tuple[str, Shape, bool]:
    """A leaf about which only this is known: it is not true and false at once."""
    key = f"{leaf.field} {leaf.operator} {leaf.constant!r}"
    return key, Names(frozenset({not flipped})), True


_LENGTH_RANGE = between((0.0, 0), END)


def _domain(field: Field, *, whole_numbers: bool) -> Numbers:
    match field.type:
        case FieldType.SCORE | FieldType.SHARE:
            return _UNIT
        case FieldType.COUNT | FieldType.DURATION:
            return _LENGTH_RANGE
        case _:
            return EVERY_NUMBER if not whole_numbers else whole(EVERY_NUMBER)


_UNIT = between((0.0, 0), (1.0, 1))


def _numbers(leaf: Leaf) -> Numbers:
    constant = leaf.constant
    if isinstance(constant, tuple):
        values = [float(value) for value in constant if isinstance(value, int | float)]
        pair = leaf.operator is Operator.BETWEEN
        return between((values[0], 0), (values[1], 1)) if pair else points(values)
    value = float(constant) if isinstance(constant, int | float) else 0.0
    before: Cut = (value, 0)
    after: Cut = (value, 1)
    match leaf.operator:
        case Operator.ABOVE | Operator.LONGER_THAN:
            return between(after, END)
        case Operator.AT_LEAST:
            return between(before, END)
        case Operator.BELOW | Operator.SHORTER_THAN:
            return between(BEGIN, before)
        case Operator.AT_MOST:
            return between(BEGIN, after)
        case _:
            return between(before, after)


def _flip(numbers: Numbers, domain: Numbers, *, flipped: bool) -> Numbers:
    return numbers.outside().meet(domain) if flipped else numbers


def _names(leaf: Leaf) -> Names:
    constant = leaf.constant
    members = constant if isinstance(constant, tuple) else (constant,)
    return Names(frozenset(members))


def _flip_names(names: Names, field: Field, *, flipped: bool) -> Names:
    domain = _choices(field)
    if domain is None:
        return names.outside() if flipped else names
    return Names(domain - names.names) if flipped else Names(domain & names.names)


def _choices(field: Field) -> frozenset[Hashable] | None:
    if field.type is FieldType.YES_NO:
        return frozenset({True, False})
    return frozenset(field.choices) if field.choices else None


def _findings(leaf: Leaf, *, flipped: bool) -> tuple[Shape, bool]:
    members = _members(leaf)
    if leaf.operator in _EVERY:
        if flipped:
            # "not all of them" is a choice between prohibitions, which one region cannot say
            return ANY_FINDING, False
        return Findings(frozenset(frozenset({member}) for member in members)), True
    if flipped:
        return Findings(forbidden=members), True
    return Findings(frozenset({members})), True


def _members(leaf: Leaf) -> frozenset[Hashable]:
    """What is looked for; the same text means something else to another way of looking."""
    constant = leaf.constant
    if isinstance(constant, ListRefs):
        return frozenset(("list", name, constant.exceptions) for name in constant.names)
    found = constant if isinstance(constant, tuple) else (constant,)
    if leaf.operator in _FOUND_ANYWHERE:
        return frozenset(found)
    return frozenset((leaf.operator, member) for member in found)


_FOUND_ANYWHERE = (
    Operator.HAS_ANY,
    Operator.HAS_ALL,
    Operator.INCLUDES_ANY,
    Operator.INCLUDES_ALL,
)
