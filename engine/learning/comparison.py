"""Champion and challenger on the same rows: a paired bootstrap, by duplicates, weighted by 1/π.

Both are told from the same resamples, so what makes rows hard for both cancels out. Duplicates are
drawn together: they are no evidence many times over. With w = 1/π,

- log loss is Σ w·(-ln of the chance of what is true) / Σ w, chances kept within 10⁻⁶ and 1 - 10⁻⁶;
- macro-F1 is the mean of F1 over both answers at a chance of 0.5, from weighted counts.

Calibration error is Σ over bins |Σ w·(chance - truth)| / Σ w, with 15 bins of as many rows each at
most, and 20 rows each at least. It is never below what chance brings, so its interval is the basic
bootstrap (2·error less the percentiles, not below 0), which takes that off as well as it can.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from engine.learning.held_out import Floats, HeldOut
from engine.quality.resampling import resampled
from engine.quality.units import Units

_LIMITS: Final = (2.5, 97.5)
_LEAST_CHANCE: Final = 1e-6
_HALF: Final = 0.5
_BINS: Final = 15
_ROWS_OF_A_BIN: Final = 20


class Criterion(StrEnum):
    """What champion and challenger are compared by."""

    LOG_LOSS = "log loss"
    MACRO_F1 = "macro-F1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How intervals are made."""

    resamples: int = 2_000
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How both do on one label."""

    label: str
    criterion: Criterion
    champion: float
    """Of the base rate, where there is no champion."""
    challenger: float
    gain: float
    """By how much the challenger is better; below 0: worse."""
    low: float
    """The interval of 95 % of the gain."""
    high: float
    rows: int
    units: int
    """Groups of duplicates."""
    against_base_rate: bool
    """There is no champion: it is compared with the same chance for all, the one that fits best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How far chances are from frequencies, on all items."""

    label: str
    error: float
    low: float
    high: float
    rows: int
    bins: int


def compare(held: HeldOut, criterion: Criterion, resampling: Resampling) -> Comparison:
    """How the challenger does beside the champion, or beside the base rate."""
    rate = float(held.weights @ held.truth / held.weights.sum())
    theirs = np.full(len(held.truth), rate) if held.champion is None else held.champion
    parts = [_sums(held, chances, criterion) for chances in (theirs, held.challenger)]
    columns = np.hstack(parts)
    units = _units(held, columns)
    drawn = resampled(units, seed=resampling.seed, resamples=resampling.resamples)
    whole = columns.sum(axis=0, keepdims=True)
    both = [_told(sums, criterion) for sums in np.split(np.vstack((whole, drawn)), 2, axis=1)]
    sign = -1.0 if criterion is Criterion.LOG_LOSS else 1.0
    gains = sign * (both[1] - both[0])
    low, high = np.percentile(gains[1:], _LIMITS)
    return Comparison(
        label=held.label,
        criterion=criterion,
        champion=float(both[0][0]),
        challenger=float(both[1][0]),
        gain=float(gains[0]),
        low=float(low),
        high=float(high),
        rows=len(held.truth),
        units=len(units.times),
        against_base_rate=held.champion is None,
    )


def calibration(held: HeldOut, resampling: Resampling) -> Calibration:
    """How well the chances of the challenger are calibrated."""
    bins = max(1, min(_BINS, len(held.truth) // _ROWS_OF_A_BIN))
    order = np.lexsort((np.arange(len(held.truth)), held.challenger))
    excess = np.zeros((len(held.truth), bins + 1))
    for place, rows in enumerate(np.array_split(order, bins)):
        excess[rows, place] = held.weights[rows] * (held.challenger[rows] - held.truth[rows])
    excess[:, bins] = held.weights
    units = _units(held, excess)
    drawn = resampled(units, seed=resampling.seed, resamples=resampling.resamples)
    errors = np.abs(drawn[:, :bins]).sum(axis=1) / drawn[:, bins]
    whole = excess.sum(axis=0)
    error = float(np.abs(whole[:bins]).sum() / whole[bins])
    low, high = np.percentile(errors, _LIMITS)
    return Calibration(
        label=held.label,
        error=error,
        low=max(0.0, 2 * error - float(high)),
        high=max(0.0, 2 * error - float(low)),
        rows=len(held.truth),
        bins=bins,
    )


def _sums(held: HeldOut, chances: Floats, criterion: Criterion) -> Floats:
    """What each row adds to the sums that a criterion is told from."""
    if criterion is Criterion.LOG_LOSS:
        right = np.where(held.truth, chances, 1 - chances)
        losses = -np.log(np.clip(right, _LEAST_CHANCE, 1 - _LEAST_CHANCE))
        return np.column_stack((held.weights * losses, held.weights))
    says = chances >= _HALF
    kinds = (says & held.truth, says & ~held.truth, ~says & held.truth, ~says & ~held.truth)
    return np.column_stack([held.weights * kind for kind in kinds])


def _told(sums: Floats, criterion: Criterion) -> Floats:
    """The criterion of each row of sums."""
    if criterion is Criterion.LOG_LOSS:
        losses: Floats = sums[:, 0] / sums[:, 1]
        return losses
    hit, false, missed, rightly_not = sums.T
    wrong = false + missed
    yes = 2 * hit / np.maximum(2 * hit + wrong, np.finfo(float).tiny)
    no = 2 * rightly_not / np.maximum(2 * rightly_not + wrong, np.finfo(float).tiny)
    mean: Floats = (yes + no) / 2
    return mean


def _units(held: HeldOut, columns: Floats) -> Units:
    """The sums of each group of duplicates, by name, so that the order of rows has no say."""
    names, unit_of = np.unique(held.units, return_inverse=True)
    sums = np.zeros((len(names), columns.shape[1]))
    np.add.at(sums, unit_of, columns)
    return Units(times=np.ones(len(names), np.int64), sums=sums, categories=(), numbers=frozenset())
