"""Samples drawn once more: Efron's bootstrap (*Ann. Stat.* 7 (1979), 1-26) over units.

Units are drawn with replacement, as many as there are. Where duplicates are one unit, they are
drawn together: items that were decided alike because they are the same would count as evidence
many times over, and intervals would be too narrow (Field and Welsh, *J. R. Stat. Soc. B* 69
(2007), 369-390).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.quality.figures import Interval
from engine.quality.units import Floats, Units

_LIMITS: Final = (2.5, 97.5)
#: Numbers that are held at once.
_AT_ONCE: Final = 2_000_000
#: How many units can be drawn one by one while one kind of them is counted (a binomial variate).
_DRAWN_MEANWHILE: Final = 6


def resampled(units: Units, *, seed: int, resamples: int) -> Floats:
    """Sums of each resample, a row each.

    Args:
        units: What is drawn from.
        seed: The same seed draws the same.
        resamples: How many.
    """
    dice = np.random.default_rng(seed)
    kinds, total = len(units.times), int(units.times.sum())
    one_by_one = kinds * _DRAWN_MEANWHILE > total
    owners = np.repeat(np.arange(kinds), units.times) if one_by_one else None
    most = max(1, _AT_ONCE // max(kinds, total if one_by_one else 0))
    parts: list[Floats] = []
    for begin in range(0, resamples, most):
        size = min(most, resamples - begin)
        if owners is None:
            drawn = dice.multinomial(total, units.times / total, size=size)
        else:
            drawn = _counted(owners[dice.integers(total, size=(size, total))], kinds)
        parts.append(drawn.astype(np.float64) @ units.sums)
    return np.concatenate(parts)


def percentiles(values: Floats) -> Interval | None:
    """Where 95 % of the resamples lie in which the figure is defined; None: in none it is."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, _LIMITS)
    return Interval(low=float(low), high=float(high))


def _counted(drawn: NDArray[np.int64], kinds: int) -> NDArray[np.int64]:
    """How many of each kind are in each row."""
    rows = len(drawn)
    apart = drawn + kinds * np.arange(rows)[:, np.newaxis]
    return np.bincount(apart.ravel(), minlength=rows * kinds).reshape(rows, kinds)
