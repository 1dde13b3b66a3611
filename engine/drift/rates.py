"""Rates in the population, from a sample into which some were likelier to come than others.

Hájek's estimator: m = Σ(e/π) / Σ(1/π), π the chance of an item to be in the sample. Its effective
size is the smaller of Kish's, (Σw)² / Σw², and of m(1 - m) / v, v the linearised variance of m:
the one does not see which items err, the other trusts strata in which nothing was seen yet.
Intervals are those of Clopper and Pearson for so many items (Korn and Graubard, *Survey
Methodology* 24 (1998), 193-201); they hold with no errors at all, where a normal
interval has no width.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv

from engine.drift.reading import Column, events, inclusion
from engine.drift.states import Insufficient
from engine.errors import InvalidWindow
from engine.sufficiency import is_enough, needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share of the population, and where it lies."""

    n: int
    """In the sample."""
    effective: float
    """What the sample is worth: so many drawn with equal chances."""
    value: float
    """Weighted: 0 to 1."""
    naive: float
    """Share of the sample itself, which is biased where chances differ: 0 to 1."""
    low: float
    """Each limit is passed with half of what `confidence` leaves."""
    high: float


def rate(
    happened: ArrayLike,
    probabilities: ArrayLike | None = None,
    *,
    least: int = 100,
    confidence: float = 0.95,
    what: str = "sample",
) -> Rate | Insufficient:
    """How often something is so in the population.

    Args:
        happened: Whether it is so, of each item of the sample.
        probabilities: Inclusion probabilities: above 0, at most 1; None: all are alike.
        least: The effective size needs to be so large.
        confidence: Of the interval: above 0, below 1.
        what: How errors and states call the sample.

    Raises:
        InvalidWindow: Columns cannot be read or are not equally long.
    """
    if not 0 < confidence < 1:
        reason = f"{confidence:g} is not between 0 and 1"
        place = "confidence"
        raise InvalidWindow(place, reason)
    seen = events(what, happened)
    weights = 1 / inclusion(f"{what}, inclusion probabilities", probabilities, len(seen))
    worth = kish(weights)
    if not is_enough(max(1, least), worth):
        return Insufficient(of=what, n=len(seen), needs=needed(least, len(seen), worth))
    value = float(np.average(seen, weights=weights))
    effective = _effective(seen, weights, value, worth)
    low, high = _limits(value, effective, (1 - confidence) / 2)
    return Rate(
        n=len(seen),
        effective=effective,
        value=value,
        naive=float(seen.mean()),
        low=low,
        high=high,
    )


def kish(weights: Column) -> float:
    """What a weighted sample is worth in size; 0 where it is empty."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def _effective(seen: Column, weights: Column, value: float, worth: float) -> float:
    variance = float(((weights * (seen - value)) ** 2).sum()) / float(weights.sum()) ** 2
    return min(worth, value * (1 - value) / variance) if variance > 0 else worth


def _limits(value: float, n: float, tail: float) -> tuple[float, float]:
    hits = value * n
    low = 0.0 if value <= 0 else float(betaincinv(hits, n - hits + 1, tail))
    high = 1.0 if value >= 1 else float(betaincinv(hits + 1, n - hits, 1 - tail))
    return min(low, value), max(high, value)
