"""Samples by slices of time: each row has the same chance, and limits of counts hold."""

import random
from collections import Counter

import pytest

from engine.quality import slices
from engine.quality.slices import Sample, count, halvings_for, sample

DAY = 86_400_000
BEGIN = 1_790_000_000_123


def within(drawn: Sample, moment: int) -> bool:
    """Whether a moment is read."""
    return any(first <= moment < last for first, last in drawn.slices)


def counted(moments: list[int], drawn: Sample) -> list[int]:
    """How many lie in each slice that is read."""
    numbers = {drawn.number_of(first) for first, _ in drawn.slices}
    return list(Counter(n for n in map(drawn.number_of, moments) if n in numbers).values())


def test_all_of_it() -> None:
    """Where nothing is left out a count is what it is, and an empty time has nothing."""
    drawn = sample(BEGIN, BEGIN + DAY, halvings=0)
    assert (drawn.whole, drawn.slices) == (True, ((BEGIN, BEGIN + DAY),))
    assert count([3, 4], drawn) == slices.Count(value=7, low=7, high=7, seen=7)
    for halvings in (0, 3):
        assert sample(BEGIN, BEGIN, halvings=halvings).slices == ()
        assert sample(BEGIN, BEGIN - 5, halvings=halvings).slices == ()


@pytest.mark.parametrize("halvings", [1, 3, 9])
def test_a_sample_is_its_share_and_lies_within_the_larger_one(halvings: int) -> None:
    """Slices do not touch what is outside, come in order, and are about as many as they should."""
    drawn = sample(BEGIN, BEGIN + 30 * DAY, halvings=halvings)
    assert drawn.share == 0.5**halvings
    assert drawn.slices == sample(BEGIN, BEGIN + 30 * DAY, halvings=halvings).slices
    assert all(BEGIN <= first < last <= BEGIN + 30 * DAY for first, last in drawn.slices)
    assert all(
        one[1] <= other[0] for one, other in zip(drawn.slices, drawn.slices[1:], strict=False)
    )
    assert slices.MOST_SLICES * 0.9 < len(drawn.slices) < slices.MOST_SLICES * 2.2
    covered = sum(last - first for first, last in drawn.slices)
    assert covered == pytest.approx(30 * DAY * drawn.share, rel=0.06)


def test_moments_are_read_whenever_one_looks() -> None:
    """A window that moves on has the same slices in what both have, as long as both are as long."""
    one = sample(BEGIN, BEGIN + 30 * DAY, halvings=6)
    other = sample(BEGIN + 3 * DAY, BEGIN + 33 * DAY, halvings=6)
    assert one.length == other.length
    dice = random.Random(3)
    moments = [dice.randrange(BEGIN + 4 * DAY, BEGIN + 29 * DAY) for _ in range(300)]
    assert [within(one, at) for at in moments] == [within(other, at) for at in moments]
    assert 0 < sum(within(one, at) for at in moments) < 30


def test_limits_hold_for_traffic_that_comes_in_bursts() -> None:
    """In about 95 of 100 such times, also where most rows come at once."""
    inside, total = 0, 200
    for seed in range(total):
        dice = random.Random(seed)
        moments = []
        for _ in range(400):
            at = dice.randrange(BEGIN, BEGIN + 7 * DAY)
            moments += [at + dice.randrange(500) for _ in range(dice.choice((1, 1, 1, 12)))]
        drawn = sample(BEGIN, BEGIN + 7 * DAY + 1_000, halvings=2)
        found = count(counted(moments, drawn), drawn)
        inside += found.low <= len(moments) <= found.high
    assert inside >= 0.9 * total


def test_nothing_seen_is_not_nothing() -> None:
    """Of what was not seen there may be some: so many that it is unlikely to see none."""
    drawn = sample(BEGIN, BEGIN + DAY, halvings=4)
    found = count([], drawn)
    assert (found.value, found.low, found.seen) == (0, 0, 0)
    assert found.high == pytest.approx(3.689 * 16, rel=1e-3)


def test_how_often_all_is_halved() -> None:
    """Until there are not more than may be."""
    assert [halvings_for(n, 100) for n in (0, 100, 101, 400, 10_000_000)] == [0, 0, 1, 2, 17]
