"""Rates in the population, from a sample into which some were likelier to come than others.

Figure, effective size and interval are those of `engine.quality.proportions`, so an error has one
interval wherever it is shown: Hájek's estimator, and Wilson's limits for as many items as its
variance is worth. They hold with no errors at all, where a normal interval has no width. On average
they hold as often as they say; those of Clopper and Pearson hold more often than that, which is
right for a promise (`engine.certifying`) and not for a figure that is watched.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from engine.drift.reading import Column, events, inclusion
from engine.drift.states import Insufficient
from engine.errors import InvalidWindow
from engine.quality.proportions import weighted_share
from engine.quality.wilson import wilson
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
    # Those that are alike together: weights are 1 or more, so their sign tells what was seen.
    alike, times = np.unique(np.where(seen, weights, -weights), return_counts=True)
    effective = weighted_share(
        (alike > 0).tolist(), np.abs(alike).tolist(), times=times.tolist(), needs=0
    ).effective
    value = float(np.average(seen, weights=weights))
    low, high = wilson(value, effective, float(ndtri((1 + confidence) / 2)))
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
