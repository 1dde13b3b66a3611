"""Time to a decision, against SciPy and a textbook."""

import warnings
from collections.abc import Iterable
from math import isnan

import numpy as np
import pytest
from scipy import stats

from engine.quality import Quantile, Waited, quantile, quantiles

#: Weeks to relapse under 6-MP, + those still in remission (Freireich et al. 1963): the example in
#: which every textbook has a median of 23 weeks.
RELAPSES = (6, 6, 6, 7, 10, 13, 16, 22, 23)
REMISSIONS = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
FREIREICH = [
    *(Waited(seconds=week, over=True) for week in RELAPSES),
    *(Waited(seconds=week, over=False) for week in REMISSIONS),
]


def test_freireich() -> None:
    """Median 23 weeks, from 13 on with 95 %, and no upper limit."""
    found = quantile(FREIREICH)
    assert (found.n, found.over, found.seconds, found.low, found.high) == (21, 9, 23, 13, None)


def test_what_still_waits_is_not_forgotten() -> None:
    """One was quick and nine wait: the median over what is decided would say one second."""
    waits = [Waited(seconds=1, over=True), *[Waited(seconds=60, over=False)] * 9]
    assert quantile(waits).seconds is None
    assert quantile(waits, 0.1).seconds == 1


def test_where_nothing_waits_any_more_it_is_the_median() -> None:
    """Of an odd number, the one in the middle; of none, nothing."""
    waits = [Waited(seconds=each, over=True) for each in (5, 1, 9, 3, 4)]
    assert quantile(waits).seconds == 4
    assert quantile(waits, 0.9).seconds == 9
    nothing = quantile([])
    assert (nothing.n, nothing.over, nothing.seconds, nothing.high) == (0, 0, None, None)


def test_those_that_are_alike_may_be_counted_together() -> None:
    """Sums of a database give what single rows give."""
    single = [*FREIREICH, *FREIREICH[:5], *FREIREICH[:5]]
    together = [
        Waited(seconds=wait.seconds, over=wait.over, times=3 if number < 5 else 1)
        for number, wait in enumerate(FREIREICH)
    ]
    assert quantile(together) == quantile(single)


@pytest.mark.parametrize("seed", range(30))
def test_scipy_agrees(seed: int) -> None:
    """On the curve, and on limits by log(-log S), for samples with ties and gaps."""
    dice = np.random.default_rng(seed)
    ends = np.ceil(dice.exponential(20, size=60))
    seen = np.ceil(dice.exponential(30, size=60))
    waits = [
        Waited(seconds=float(min(end, last)), over=bool(end <= last))
        for end, last in zip(ends, seen, strict=True)
    ]
    over = np.array([wait.over for wait in waits])
    seconds = np.array([wait.seconds for wait in waits])
    curve = stats.ecdf(stats.CensoredData(uncensored=seconds[over], right=seconds[~over])).sf
    with warnings.catch_warnings(action="ignore"):  # where nobody is left there are no limits
        limits = curve.confidence_interval(method="log-log")
    moments, at_once = sorted(set(seconds.tolist())), (0.25, 0.5, 0.9)
    ended, gone = (
        [int(((seconds == each) & (over == how)).sum()) for each in moments]
        for how in (True, False)
    )
    together = quantiles(moments, ended, gone, at_once)
    assert list(map(plain, together)) == [plain(quantile(waits, share)) for share in at_once]
    for share in (0.25, 0.5, 0.9):
        found = quantile(waits, share)
        assert found.seconds == first(curve.quantiles, curve.probabilities, 1 - share)
        assert found.low == first(curve.quantiles, limits.low.probabilities, 1 - share)
        assert found.high == first(curve.quantiles, limits.high.probabilities, 1 - share)


def first(moments: Iterable[float], shares: Iterable[float], left: float) -> float | None:
    """The first moment at which no more than so many are left."""
    for moment, share in zip(moments, shares, strict=True):
        if not isnan(share) and share <= left + 1e-12:
            return float(moment)
    return None


def plain(found: Quantile) -> tuple[object, ...]:
    """All it says."""
    return found.n, found.over, found.seconds, found.low, found.high


def test_quantiles_of_nothing() -> None:
    """There is no moment, and no limit; nor where nothing is over yet."""
    assert plain(quantiles([], [], [], [0.5])[0]) == (0, 0, None, None, None)
    assert plain(quantiles([3.0], [0], [2], [0.5])[0]) == (2, 0, None, None, None)
