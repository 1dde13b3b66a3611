"""Cells and masks of single-valued fields."""

from bisect import bisect_right
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.thresholds import Among, Clause, Literal, complement, field_cells, interval

NUMBERS = st.sampled_from([-1.0, 0.0, 0.25, 0.5, 0.5000000000000001, 1.0, 7.0])


@st.composite
def intervals(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    """One interval with open or closed ends, or what lies outside of it."""
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    made = interval(low, high, low_open=draw(st.booleans()), high_closed=draw(st.booleans()))
    return complement(made) if draw(st.booleans()) else made


def _inside(value: float, ranges: tuple[tuple[float, float], ...]) -> bool:
    return any(low <= value < high for low, high in ranges)


@given(st.lists(st.lists(intervals(), max_size=3), max_size=6), NUMBERS)
def test_masks_of_numbers_say_which_clauses_hold(
    wanted: list[list[tuple[tuple[float, float], ...]]], value: float
) -> None:
    """A bit stands in the mask of a value's cell exactly where the clause's intervals hold."""
    clauses: list[tuple[int, Clause]] = [
        (bit, frozenset(Literal(field="n", values=each) for each in parts))
        for bit, parts in enumerate(wanted)
    ]
    cells = field_cells("n", clauses, len(clauses), numeric=True, default=None)
    mask = cells.masks[bisect_right(list(cells.points), value)]
    for bit, parts in enumerate(wanted):
        assert bool(mask >> bit & 1) is all(_inside(value, each) for each in parts)


NAMES = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=3)


@given(
    st.lists(st.lists(st.builds(Among, NAMES, st.booleans()), max_size=3), max_size=6),
    st.sampled_from(["a", "b", "c", "other"]),
)
def test_masks_of_names_say_which_clauses_hold(wanted: list[list[Among]], value: str) -> None:
    """The same for sets of names and for everything but a set of names."""
    clauses: list[tuple[int, Clause]] = [
        (bit, frozenset(Literal(field="n", values=each) for each in parts))
        for bit, parts in enumerate(wanted)
    ]
    cells = field_cells("n", clauses, len(clauses), numeric=False, default=None)
    mask = cells.masks[cells.names.get(value, 0)]
    for bit, parts in enumerate(wanted):
        assert bool(mask >> bit & 1) is all((value in each.names) is each.inside for each in parts)


def test_absence_is_decided_by_the_literals() -> None:
    """A clause survives an absent value only where each of its literals allows for that."""
    present = Literal(field="n", values=complement(()))
    absent = Literal(field="n", values=(), when_unknown=True)
    nowhere = Literal(field="n", values=(), when_not_applicable=True)
    clauses: list[tuple[int, Clause]] = [
        (0, frozenset((present,))),
        (1, frozenset((absent,))),
        (2, frozenset((nowhere,))),
        (3, frozenset()),
    ]
    cells = field_cells("n", clauses, 4, numeric=True, default=None)
    assert cells.unknown == 0b1010
    assert cells.not_applicable == 0b1100


@pytest.mark.parametrize(
    ("made", "holds", "not_"),
    [
        (interval(0.5, low_open=True), 0.5000000000000001, 0.5),
        (interval(0.5), 0.5, 0.49999999999999994),
        (interval(-inf, 0.5), 0.49999999999999994, 0.5),
        (interval(-inf, 0.5, high_closed=True), 0.5, 0.5000000000000001),
    ],
)
def test_ends_are_exact(made: tuple[tuple[float, float], ...], holds: float, not_: float) -> None:
    """Above, at least, below and at most part exactly at the threshold, to the last bit."""
    assert _inside(holds, made)
    assert not _inside(not_, made)
