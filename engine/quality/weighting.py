"""What holds for all items, told from those that people saw: Hájek's weighted mean.

People see what the machine is unsure of. With π the chance at which an item had to be looked at, as
it was written down when it was routed, each item stands for 1/π items:

- m = Σ (e/π) / Σ (1/π) (Hájek, in Godambe and Sprott, *Foundations of Statistical Inference*
  (1971), 236).
- The effective size is Kish's (Σ w)² / Σ w² (*Survey Sampling* (1965), 11.7): so many items, drawn
  at random, would say as much, but for the relation between π and e.
- The variance is linearised: n/(n-1) · Σ w²(e - m)² / (Σ w)², with sums over groups of duplicates
  in place of items where there are groups (Särndal, Swensson and Wretman, *Model Assisted Survey
  Sampling* (1992), 5.7; Binder, *Int. Stat. Rev.* 51 (1983), 279-292). It is without a correction
  for a finite population: the figure is meant for traffic like this, not for these items alone.
- Limits of a share, where all values are 0 or 1, are Wilson's (*J. Am. Stat. Assoc.* 22 (1927),
  209-212) with m(1-m)/V for the number of items (Franco et al., *J. Surv. Stat. Methodol.* 7
  (2019), 334-364, compare them), or Kish's size where V is 0. They stay within 0 and 1, and no
  error among few items is not yet none. That number is at most the one that was seen (Parker et
  al., *Vital Health Stat.* 2(175) (2017)): else, where what is wrong is rare and all that was found
  has small weights, V comes out too small and the limits hold in 84 % instead of 95 %.
- Limits of other values are m ± t·√V.

The naive mean stands beside it: their distance is what selection does.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from engine.errors import InvalidInclusion
from engine.quality.figures import Figure, Interval, Undefined
from engine.quality.units import Floats
from engine.quality.wilson import wilson

_Numbers: TypeAlias = NDArray[np.intp]

#: What is left out of an interval of 95 % on each side.
_TAIL: Final = 0.025
#: Fewest units of which a variance can be told.
_FEWEST: Final = 2
#: A variance below is 0 but for the last digits, beside the square of the values.
_NO_VARIANCE: Final = 1e-24


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean of values."""

    value: Figure
    interval: Interval | None
    """None: there are too few items, or (of other values than 0 and 1) all are equal."""
    size: float | None = None
    """Of a share: so many items, drawn at random, would say as much; never more than were seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedMean:
    """A mean over all items, told from some."""

    items: int
    """From which it is told."""
    effective: float
    """Kish's effective size: from 1 to `items`, 0 where there are none."""
    weighted: Mean
    """Hájek's: what holds for all items."""
    naive: Mean
    """The mean of those that were seen, as if they were a sample of all."""


def weighted_mean(
    values: Sequence[float],
    inclusion: Sequence[float | None],
    *,
    groups: Sequence[Hashable] | None = None,
    times: Sequence[int] | None = None,
) -> WeightedMean:
    """The mean over all items.

    Args:
        values: Of the items that were seen, for example 1 where the machine was wrong, else 0.
        inclusion: The chance at which each had to be seen, above 0, 1 at most.
        groups: Of duplicates; None is a group of its own, and so is each where none are given.
        times: How many items were seen that are alike, of each; None: 1. Not beside groups.

    Raises:
        InvalidInclusion: A chance is missing or out of range, a value is no number, or there are
            not as many of them.
    """
    _check(values, inclusion, groups, times)
    seen = np.asarray(values, dtype=np.float64)
    weights = 1.0 / np.asarray(inclusion, dtype=np.float64)
    alike = np.ones(len(seen)) if times is None else np.asarray(times, dtype=np.float64)
    places = None if groups is None else _places(groups)
    squares = float(weights**2 @ alike)
    return WeightedMean(
        items=int(alike.sum()),
        effective=float(weights @ alike) ** 2 / squares if squares else 0.0,
        weighted=_mean(seen, weights, alike, places),
        naive=_mean(seen, np.ones(len(seen)), alike, places),
    )


def _check(
    values: Sequence[float],
    inclusion: Sequence[float | None],
    groups: Sequence[Hashable] | None,
    times: Sequence[int] | None,
) -> None:
    given = [each for each in (groups, times) if each is not None]
    if len({len(values), len(inclusion), *map(len, given)}) > 1:
        raise InvalidInclusion(None, "there are not as many values, chances and groups or times")
    if len(given) > 1:
        raise InvalidInclusion(None, "groups and times are not told together")
    for place, (value, chance) in enumerate(zip(values, inclusion, strict=True)):
        if chance is None:
            raise InvalidInclusion(place, "it is missing")
        if not 0.0 < chance <= 1.0:
            raise InvalidInclusion(place, f"it is {chance}, and has to be above 0 and 1 at most")
        if not isfinite(value):
            raise InvalidInclusion(place, f"its value is {value}, which is no number")


def _places(groups: Sequence[Hashable]) -> _Numbers:
    """The number of each item's group."""
    numbers: dict[tuple[bool, Hashable], int] = {}
    named = ((False, n) if group is None else (True, group) for n, group in enumerate(groups))
    return np.array([numbers.setdefault(name, len(numbers)) for name in named], dtype=np.intp)


def _mean(values: Floats, weights: Floats, times: Floats, places: _Numbers | None) -> Mean:
    """Units are groups, or items where there are none; those that are alike are one row."""
    if not times.sum():
        return Mean(value=Undefined.NO_ITEMS, interval=None)
    mean = float(weights * times @ values / (weights @ times))
    by_unit, residuals = weights, weights * (values - mean)
    if places is not None:
        by_unit, residuals = _by_unit(places, by_unit), _by_unit(places, residuals)
        times = np.ones(len(by_unit))
    units = float(times.sum())
    if units < _FEWEST:
        return Mean(value=mean, interval=None)
    correction = units / (units - 1)
    variance = correction * float(residuals**2 @ times) / float(by_unit @ times) ** 2
    if np.isin(values, (0.0, 1.0)).all():
        size = _size(mean, variance, by_unit, times)
        low, high = wilson(mean, size)
        return Mean(value=mean, interval=Interval(low=low, high=high), size=size)
    if variance <= _NO_VARIANCE * mean**2:
        return Mean(value=mean, interval=None)
    reach = -float(stdtrit(units - 1, _TAIL)) * sqrt(variance)
    return Mean(value=mean, interval=Interval(low=mean - reach, high=mean + reach))


def _by_unit(places: _Numbers, values: Floats) -> Floats:
    return np.bincount(places, weights=values).astype(np.float64)


def _size(share: float, variance: float, weights: Floats, times: Floats) -> float:
    """How many at random would say as much of a share, by what it varies or else by weights."""
    spread = share * (1 - share)
    if spread <= _NO_VARIANCE or variance <= _NO_VARIANCE:
        return float(weights @ times) ** 2 / float(weights**2 @ times)
    return min(spread / variance, float(times.sum()))
