"""Erlang's formula against sums written out, and rosters that are known."""

from math import exp, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.errors import InvalidFigure
from engine.quality.staffing import Load, prospect, staffing, waiting


@pytest.mark.parametrize(("per_hour", "rostered"), [(500, 8), (1_000, 15), (2_000, 28)])
def test_rosters_that_are_known(per_hour: int, rostered: int) -> None:
    """28.8 s an item, begun within 15 min, a cap of 85 % and 30 % shrinkage."""
    assert staffing(Load(per_hour=per_hour, handling=28.8, within=900)).rostered == rostered


def test_the_example_of_pyworkforce() -> None:
    """100 calls of 3 minutes in half an hour, 80 % within 20 s, 30 % shrinkage: 14, and 20."""
    found = staffing(Load(per_hour=200, handling=180, within=20, on_time=0.8))
    assert (found.working, found.rostered) == (14, 20)
    assert found.on_time == pytest.approx(0.8883500191794669)
    assert found.waiting == pytest.approx(0.1741319335950498)
    assert found.occupancy == pytest.approx(10 / 14)


@given(some.integers(1, 60), some.floats(0.01, 59))
def test_waiting_is_the_sum(people: int, erlangs: float) -> None:
    """The formula as Erlang wrote it."""
    if people <= erlangs:
        assert waiting(people, erlangs) == 1
        return
    busy = erlangs**people / factorial(people) * people / (people - erlangs)
    free = sum(erlangs**each / factorial(each) for each in range(people))
    assert waiting(people, erlangs) == pytest.approx(busy / (free + busy), rel=1e-9)


@settings(max_examples=50)
@given(some.floats(1, 2_000), some.floats(1, 300), some.floats(0, 900), some.floats(0.1, 0.99))
def test_nobody_too_many(per_hour: float, handling: float, within: float, on_time: float) -> None:
    """As many as it takes, and with one fewer it would be too late."""
    found = staffing(
        Load(per_hour=per_hour, handling=handling, within=within, on_time=on_time, occupancy=1)
    )
    assert found.on_time >= on_time
    fewer = found.working - 1
    if fewer > found.erlangs:
        late = waiting(fewer, found.erlangs) * exp((found.erlangs - fewer) * within / handling)
        assert 1 - late < on_time + 1e-9


def test_thousands_and_nobody() -> None:
    """Large tiers overflow nothing; where nothing comes nobody waits for it."""
    many = staffing(Load(per_hour=1_000_000, handling=60, within=60))
    assert many.working == 19_608
    assert many.on_time == 1
    nobody = staffing(Load(per_hour=0, handling=60, within=60))
    assert (nobody.rostered, nobody.on_time) == (0, 1)
    with pytest.raises(InvalidFigure, match=r"`occupancy`: .* is out of range"):
        staffing(Load(per_hour=1, handling=1, within=1, occupancy=1.2))


@pytest.mark.parametrize(
    ("people", "late", "wait"),
    [(2, 1 / 3, 20.0), (3, 1 / 11, 2.727272727), (4, 0.0204081633, 0.4081632653)],
)
def test_what_comes_of_so_many_people(people: int, late: float, wait: float) -> None:
    """One erlang of 60 s: the values of Erlang's own tables, worked out by hand as fractions."""
    found = prospect(people, Load(per_hour=60, handling=60, within=60))
    assert found.waiting == pytest.approx(late)
    assert found.wait == pytest.approx(wait)
    assert found.occupancy == pytest.approx(1 / people)
    assert found.on_time == pytest.approx(1 - late * exp(1 - people))


def test_the_wait_of_one_person_and_of_the_example() -> None:
    """M/M/1: a/(1-a) handling times; and the example of pyworkforce turned round."""
    one = prospect(1, Load(per_hour=30, handling=60, within=60))
    assert one.waiting == pytest.approx(0.5)
    assert one.wait == pytest.approx(60)
    example = prospect(14, Load(per_hour=200, handling=180, within=20))
    assert example.on_time == pytest.approx(0.8883500191794669)
    assert example.wait == pytest.approx(0.1741319335950498 * 180 / 4)


def test_too_few_people_never_catch_up() -> None:
    """The wait has no end; where nothing comes nobody waits; a negative number is refused."""
    load = Load(per_hour=120, handling=60, within=60)
    for people in (0, 1, 2):
        found = prospect(people, load)
        assert (found.wait, found.on_time, found.waiting, found.occupancy) == (None, 0, 1, 1)
    assert prospect(3, load).wait is not None
    nothing = prospect(0, Load(per_hour=0, handling=60, within=60))
    assert (nothing.wait, nothing.on_time) == (0, 1)
    with pytest.raises(InvalidFigure, match="`people`"):
        prospect(-1, load)
