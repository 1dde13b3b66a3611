"""What holds for all items, from those that people saw."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from engine.errors import InvalidInclusion
from engine.quality import Undefined, weighted_mean

_VALUES = some.lists(some.integers(0, 9), min_size=2, max_size=30)
_SHARES = some.lists(some.integers(0, 1), min_size=2, max_size=30)


def test_by_hand() -> None:
    """Two of three that were seen at 1 are wrong, none of two at .5: 2/7, and not 2/5."""
    found = weighted_mean([1, 1, 0, 0, 0], [1, 1, 1, 0.5, 0.5])
    assert (found.items, found.naive.value) == (5, 0.4)
    assert found.weighted.value == pytest.approx(2 / 7)
    assert found.effective == pytest.approx(7**2 / 11)
    variance = 5 / 4 * (2 * (5 / 7) ** 2 + (2 / 7) ** 2 + 2 * (4 / 7) ** 2) / 7**2
    size = 2 / 7 * 5 / 7 / variance
    check(found.weighted.interval, stats_wilson(2 / 7, size))


def test_other_values_than_0_and_1() -> None:
    """Limits are m ± t·√V, as of any mean where all weights are equal."""
    values = np.array([3.0, 4.5, 1.0, 7.25])
    found = weighted_mean(values.tolist(), [0.2] * 4)
    reach = float(stats.t.ppf(0.975, 3)) * float(np.std(values, ddof=1)) / sqrt(4)
    mean = float(np.mean(values))
    check(found.weighted.interval, (mean - reach, mean + reach))
    weights = np.array([1, 2, 2, 5])
    m = float((weights * values).sum() / 10)
    variance = 4 / 3 * float((weights**2 * (values - m) ** 2).sum()) / 100
    reach = float(stats.t.ppf(0.975, 3)) * sqrt(variance)
    unequal = weighted_mean(values.tolist(), [1, 0.5, 0.5, 0.2])
    check(unequal.weighted.interval, (m - reach, m + reach))


@given(_VALUES | _SHARES, some.floats(0.001, 1))
def test_with_equal_chances_it_is_the_naive_mean(values: list[int], chance: float) -> None:
    """With its limits, and all items count."""
    found = weighted_mean(values, [chance] * len(values))
    assert found.effective == pytest.approx(len(values))
    assert found.weighted.value == pytest.approx(found.naive.value)
    one, other = found.weighted.interval, found.naive.interval
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=1e-9)


@given(some.lists(some.tuples(some.integers(0, 1), some.floats(0.01, 1)), min_size=2, max_size=20))
def test_a_share_stays_one_and_order_means_nothing(seen: list[tuple[int, float]]) -> None:
    """Limits lie about it, within 0 and 1; they never have no width."""
    found = weighted_mean(*zip(*seen, strict=True))
    turned = weighted_mean(*zip(*reversed(seen), strict=True))
    assert 1 - 1e-9 <= found.effective <= len(seen) + 1e-9
    for mean, other in ((found.weighted, turned.weighted), (found.naive, turned.naive)):
        assert isinstance(mean.value, float)
        assert mean.interval is not None
        assert other.interval is not None
        assert mean.value == pytest.approx(other.value)
        assert mean.interval.low == pytest.approx(other.interval.low, abs=1e-9)
        assert 0 <= mean.interval.low <= mean.value + 1e-9
        assert mean.value - 1e-9 <= mean.interval.high <= 1
        assert mean.interval.high - mean.interval.low > 0.05


def test_no_error_among_few_is_not_none() -> None:
    """The limits are those of as many items as the weights are worth."""
    found = weighted_mean([0] * 10, [1] * 9 + [0.1])
    assert found.weighted.value == 0
    check(found.weighted.interval, stats_wilson(0, 19**2 / 109))
    check(found.naive.interval, stats_wilson(0, 10))


def test_one_error_of_little_weight_is_not_proof() -> None:
    """Nothing wrong among a hundred that stand for ten thousand: at most a few per cent are."""
    found = weighted_mean([1] + [0] * 100, [1.0] + [0.01] * 100)
    assert found.weighted.value == pytest.approx(1 / 10_001)
    check(found.weighted.interval, stats_wilson(1 / 10_001, 101))


def test_selection_is_undone() -> None:
    """The machine's errors are among what it sends to people; limits hold as often as they say."""
    dice = np.random.default_rng(20)
    held = 0
    means: list[tuple[object, object]] = []
    for _ in range(200):
        unsure = dice.random(4_000)
        wrong = dice.random(4_000) < 0.4 * unsure**2
        chance = np.where(unsure > 0.8, 0.5, 0.05)
        seen = dice.random(4_000) < chance
        found = weighted_mean(wrong[seen].tolist(), chance[seen].tolist())
        interval = found.weighted.interval
        assert interval is not None
        held += interval.low <= 0.4 / 3 <= interval.high
        means.append((found.naive.value, found.weighted.value))
    naive, weighted = np.mean(np.array(means, dtype=np.float64), axis=0)
    assert naive > 0.2
    assert weighted == pytest.approx(0.4 / 3, abs=0.005)
    assert 0.92 <= held / 200 <= 0.99


def test_duplicates_count_once() -> None:
    """Items of a group stand and fall together: five of them tell as much as one."""
    values, chances = [1, 0, 0, 1, 0, 0, 0], [1, 0.5, 0.5, 0.2, 0.2, 1, 1]
    once = weighted_mean(values, chances)
    many = weighted_mean(
        [value for value in values for _ in range(5)],
        [chance for chance in chances for _ in range(5)],
        groups=[f"g{place}" for place in range(7) for _ in range(5)],
    )
    assert once.weighted.interval is not None
    check(many.weighted.interval, (once.weighted.interval.low, once.weighted.interval.high))
    alone = weighted_mean(values, chances, groups=[None] * 7)
    assert alone == once


def test_nothing_to_tell() -> None:
    """No items have no mean, one has no limits, nor have equal values that are no shares."""
    nothing = weighted_mean([], [])
    assert nothing.weighted.value is nothing.naive.value is Undefined.NO_ITEMS
    assert (nothing.items, nothing.effective, nothing.weighted.interval) == (0, 0.0, None)
    assert weighted_mean([1], [0.5]).weighted.interval is None
    assert weighted_mean([1, 0], [0.5, 1], groups=["a", "a"]).weighted.interval is None
    assert weighted_mean([7.1] * 3, [0.5, 0.3, 1]).weighted.interval is None


@pytest.mark.parametrize(
    ("chances", "said"),
    [
        ([0.5, 0.0], "item 1 (counted from 0): it is 0.0, and has to be above 0"),
        ([None, 1.0], "item 0 (counted from 0): it is missing"),
        ([1.0, 1.5], "item 1 (counted from 0): it is 1.5"),
        ([1.0, float("nan")], "item 1 (counted from 0): it is nan"),
        ([1.0], "there are not as many values, chances and groups"),
    ],
)
def test_an_impossible_chance_is_refused(chances: list[float | None], said: str) -> None:
    """With the item, what is wrong with it, and what to do."""
    with pytest.raises(InvalidInclusion) as raised:
        weighted_mean([0.0, 1.0], chances)
    assert said in str(raised.value)
    assert "leave out items that nobody could have been shown" in str(raised.value)


def test_a_value_that_is_no_number_is_refused() -> None:
    """It would make every figure nan."""
    with pytest.raises(InvalidInclusion, match="its value is nan"):
        weighted_mean([0.0, float("nan")], [1.0, 1.0])


def stats_wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's limits, from where the distance is 1.96 standard errors under them."""
    square = float(stats.norm.ppf(0.975)) ** 2 / size
    roots = np.roots([1 + square, -2 * share - square, share**2])
    low, high = sorted(np.real(roots))
    return float(low), float(high)


def check(interval: object, wanted: tuple[float, float]) -> None:
    """An interval is as it should be."""
    low, high = getattr(interval, "low", None), getattr(interval, "high", None)
    assert (low, high) == pytest.approx(wanted, abs=1e-9)
