"""Champion and challenger on the same rows: a paired bootstrap, by duplicates, weighted by 1/π.

Both are told from the same resamples, so what makes rows hard for both cancels out. Duplicates are
drawn together: they are no evidence many times over. With w = 1/π,

- log loss is Σ w·(-ln of the chance of what is true) / Σ w, chances kept within 10⁻⁶ and 1 - 10⁻⁶.
  Its interval is studentised (Efron and Tibshirani, *An Introduction to the Bootstrap* (1993),
  12.5): a few rows that one is sure and wrong about skew it, and plain percentiles would call a
  model not worse four times as often as they say where rows are few;
- macro-F1 is the mean of F1 over both answers at a chance of 0.5, from weighted counts. Its
  interval are the percentiles.

Calibration error is Σ over bins |Σ w·(chance - truth)| / Σ w. Bins have as many rows each, enough
to say as much as 50 that count alike; there are 5 to 15 of them. It is never below what chance
brings, so the interval reaches from the error less that (what resamples differ by from the whole)
and 1.96 standard deviations of the resamples, not below 0, to the error and 1.96 of them.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from engine.learning.held_out import Floats, HeldOut
from engine.quality.resampling import resampled
from engine.quality.units import Units

_LIMITS: Final = (2.5, 97.5)
_LEAST_CHANCE: Final = 1e-6
_HALF: Final = 0.5
_FEWEST_BINS: Final = 5
_MOST_BINS: Final = 15
_WIDTH: Final = 1.959963984540054
_ROWS_OF_A_BIN: Final = 50


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


@dataclass(frozen=True, slots=True)
class _Both:
    """What both reach, and the gain with its interval."""

    champion: float
    challenger: float
    gain: float
    low: float
    high: float


def compare(held: HeldOut, criterion: Criterion, resampling: Resampling) -> Comparison:
    """How the challenger does beside the champion, or beside the base rate."""
    rate = float(held.weights @ held.truth / held.weights.sum())
    theirs = np.full(len(held.truth), rate) if held.champion is None else held.champion
    found = (_log_loss if criterion is Criterion.LOG_LOSS else _macro_f1)(held, theirs, resampling)
    return Comparison(
        label=held.label,
        criterion=criterion,
        champion=found.champion,
        challenger=found.challenger,
        gain=found.gain,
        low=found.low,
        high=found.high,
        rows=len(held.truth),
        units=len(set(held.units)),
        against_base_rate=held.champion is None,
    )


def calibration(held: HeldOut, resampling: Resampling) -> Calibration:
    """How well the chances of the challenger are calibrated."""
    by_unit = _units(held, held.weights[:, None]).sums
    effective = float(by_unit.sum()) ** 2 / float((by_unit**2).sum())
    bins = min(_MOST_BINS, max(_FEWEST_BINS, int(effective / _ROWS_OF_A_BIN)), len(held.truth))
    order = np.lexsort((np.arange(len(held.truth)), held.challenger))
    excess = np.zeros((len(held.truth), bins + 1))
    for place, rows in enumerate(np.array_split(order, bins)):
        excess[rows, place] = held.weights[rows] * (held.challenger[rows] - held.truth[rows])
    excess[:, bins] = held.weights
    units = _units(held, excess)
    drawn = resampled(units, seed=resampling.seed, resamples=resampling.resamples)
    gaps = drawn[:, :bins] / drawn[:, bins:]
    whole = excess.sum(axis=0)
    gap = whole[:bins] / whole[bins]
    error, by_chance = float(np.abs(gap).sum()), float(np.abs(gaps - gap).sum(axis=1).mean())
    reach = _WIDTH * float(np.abs(gaps).sum(axis=1).std())
    return Calibration(
        label=held.label,
        error=error,
        low=max(0.0, error - by_chance - reach),
        high=error + reach,
        rows=len(held.truth),
        bins=bins,
    )


def _log_loss(held: HeldOut, theirs: Floats, resampling: Resampling) -> _Both:
    """By log loss, with a studentised interval."""
    losses = [
        -np.log(np.clip(np.where(held.truth, each, 1 - each), _LEAST_CHANCE, 1 - _LEAST_CHANCE))
        for each in (theirs, held.challenger)
    ]
    parts = np.column_stack([held.weights * (losses[0] - losses[1]), held.weights])
    first = _units(held, parts)
    gains, weights = first.sums.T
    squares = np.column_stack((first.sums, gains**2, gains * weights, weights**2))
    drawn = resampled(
        replace(first, sums=squares), seed=resampling.seed, resamples=resampling.resamples
    )
    gain, error = (float(each[0]) for each in _ratio(squares.sum(axis=0, keepdims=True)))
    again, errors = _ratio(drawn)
    moved = np.divide(again - gain, errors, out=np.zeros(len(again)), where=errors > 0)
    low, high = np.percentile(moved, _LIMITS)
    one, other = (float(held.weights @ each / held.weights.sum()) for each in losses)
    return _Both(one, other, gain, low=gain - float(high) * error, high=gain - float(low) * error)


def _ratio(sums: Floats) -> tuple[Floats, Floats]:
    """A weighted mean and its linearised standard error, of each row of sums."""
    total, weight, squares, products, weights = sums.T
    mean = total / weight
    variance = squares - 2 * mean * products + mean**2 * weights
    return mean, np.sqrt(np.maximum(variance, 0.0)) / weight


def _macro_f1(held: HeldOut, theirs: Floats, resampling: Resampling) -> _Both:
    """By macro-F1, with percentiles."""
    columns = []
    for chances in (theirs, held.challenger):
        says = chances >= _HALF
        kinds = (says & held.truth, says & ~held.truth, ~says & held.truth, ~says & ~held.truth)
        columns += [held.weights * kind for kind in kinds]
    units = _units(held, np.column_stack(columns))
    drawn = resampled(units, seed=resampling.seed, resamples=resampling.resamples)
    sums = np.vstack((units.sums.sum(axis=0, keepdims=True), drawn))
    one, other = (_f1(each) for each in np.split(sums, 2, axis=1))
    low, high = np.percentile((other - one)[1:], _LIMITS)
    gain = float(other[0] - one[0])
    return _Both(float(one[0]), float(other[0]), gain, low=float(low), high=float(high))


def _f1(counts: Floats) -> Floats:
    """The mean of F1 over both answers; 0 for an answer that neither is given nor true."""
    hit, false, missed, rightly_not = counts.T
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
