"""Conjunctions over single-valued fields, decided together: one cell per field, one mask per cell.

A *clause* is a set of literals, each about one field. Every clause has a bit. For each field the
line of numbers (or the set of names) is cut into cells; a cell's mask has the bits of all clauses
whose literals on this field hold there, or that say nothing about this field. The masks of an
item's cells, ANDed, leave exactly the clauses that hold.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, nextafter

from engine.item import Value

#: Half-open intervals [low, high) of floats, sorted and disjoint.
Intervals = tuple[tuple[float, float], ...]

EVERYTHING: Intervals = ((-inf, inf),)


def interval(
    low: float = -inf, high: float = inf, *, low_open: bool = False, high_closed: bool = False
) -> Intervals:
    """An interval of floats as a half-open one: an open or closed end moves by one float."""
    start = nextafter(low, inf) if low_open else low
    end = nextafter(high, inf) if high_closed else high
    return ((start, end),) if start < end else ()


def complement(intervals: Intervals) -> Intervals:
    """All numbers outside."""
    result = []
    start = -inf
    for low, high in intervals:
        if start < low:
            result.append((start, low))
        start = high
    if start < inf:
        result.append((start, inf))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Among:
    """A set of names, or with `inside` false all names but these. Yes and no are names too."""

    names: frozenset[Value]
    inside: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """One field's part of a clause: the values for which it holds, and what absence means to it."""

    field: str
    values: Intervals | Among
    when_unknown: bool = False
    when_not_applicable: bool = False


Clause = frozenset[Literal]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCells:
    """The cells of one field and their masks over all clauses."""

    name: str
    default: Value | None
    numeric: bool
    points: Sequence[float] = ()
    """Where the cells of a numeric field begin, but for the first."""
    names: Mapping[Value, int] = field(default_factory=dict)
    """The cell of each name that some clause knows; all others are in cell 0."""
    masks: Sequence[int]
    """By cell."""
    unknown: int
    not_applicable: int

    def mask_of(self, value: Value) -> int:
        """The clauses that hold, or say nothing about this field, for one of its values."""
        if self.numeric:
            return self.masks[bisect_right(self.points, value)]
        return self.masks[self.names.get(value, 0)]


def field_cells(
    name: str,
    clauses: Sequence[tuple[int, Clause]],
    count: int,
    *,
    numeric: bool,
    default: Value | None,
) -> FieldCells:
    """Cut one field into cells, for those of `count` clauses (with their bits) that name it."""
    literals = [(bit, lit) for bit, clause in clauses for lit in clause if lit.field == name]
    concerned = 0
    for bit, _ in literals:
        concerned |= 1 << bit
    free = ((1 << count) - 1) & ~concerned
    by_bit: dict[int, list[Literal]] = {}
    for bit, literal in literals:
        by_bit.setdefault(bit, []).append(literal)
    unknown = free | _bits(by_bit, lambda literal: literal.when_unknown)
    not_applicable = free | _bits(by_bit, lambda literal: literal.when_not_applicable)
    points, masks = _numeric_cells(by_bit, free) if numeric else ([], [])
    names, name_masks = ({}, []) if numeric else _name_cells(by_bit, free)
    return FieldCells(
        name=name,
        default=default,
        numeric=numeric,
        points=points,
        names=names,
        masks=masks or name_masks,
        unknown=unknown,
        not_applicable=not_applicable,
    )


def _bits(by_bit: Mapping[int, Sequence[Literal]], holds: Callable[[Literal], bool]) -> int:
    result = 0
    for bit, literals in by_bit.items():
        if all(map(holds, literals)):
            result |= 1 << bit
    return result


def _numeric_cells(
    by_bit: Mapping[int, Sequence[Literal]], free: int
) -> tuple[list[float], list[int]]:
    changes: dict[float, int] = {}
    start = free
    for bit, literals in by_bit.items():
        for low, high in _meet([literal.values for literal in literals]):
            if low == -inf:
                start ^= 1 << bit
            else:
                changes[low] = changes.get(low, 0) ^ (1 << bit)
            if high != inf:
                changes[high] = changes.get(high, 0) ^ (1 << bit)
    points = sorted(changes)
    masks = [start]
    for point in points:
        masks.append(masks[-1] ^ changes[point])
    return points, masks


def _meet(sets: Iterable[Intervals | Among]) -> Intervals:
    result = EVERYTHING
    for intervals in sets:
        assert not isinstance(intervals, Among)
        result = tuple(
            (max(a, c), min(b, d)) for a, b in result for c, d in intervals if max(a, c) < min(b, d)
        )
    return result


def _name_cells(
    by_bit: Mapping[int, Sequence[Literal]], free: int
) -> tuple[dict[Value, int], list[int]]:
    known: dict[Value, int] = {}
    elsewhere = free
    for bit, literals in by_bit.items():
        inside, outside = _names_of(literals)
        if inside is None:
            elsewhere |= 1 << bit
            for name in outside:
                known[name] = known.get(name, 0) | (1 << bit)
        else:
            for name in inside:
                known[name] = known.get(name, 0) ^ (1 << bit)
    # `known` holds what a name switches: on for clauses that list it, off for those that exclude it
    masks = [elsewhere]
    places: dict[int, int] = {elsewhere: 0}
    names: dict[Value, int] = {}
    for name, switch in known.items():
        mask = elsewhere ^ switch
        if mask not in places:
            places[mask] = len(masks)
            masks.append(mask)
        names[name] = places[mask]
    return names, masks


def _names_of(literals: Sequence[Literal]) -> tuple[frozenset[Value] | None, frozenset[Value]]:
    """Names inside (None: all but those outside), after meeting all literals."""
    inside: frozenset[Value] | None = None
    outside: frozenset[Value] = frozenset()
    for literal in literals:
        assert isinstance(literal.values, Among)
        if literal.values.inside:
            inside = literal.values.names if inside is None else inside & literal.values.names
        else:
            outside |= literal.values.names
    return (inside - outside, frozenset()) if inside is not None else (None, outside)
