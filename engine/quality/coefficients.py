"""Coefficients of agreement as functions of sums, for many samples at once; nan where one is 0/0.

nan stays inside: `agreement` says in words why a figure cannot be told.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.quality.units import AGREED, PAIR, PAIRED, RATED, RATINGS, SUMS, WEIGHED, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """One of each for every sample."""

    observed: Floats
    alpha: Floats
    fleiss: Floats
    ac1: Floats


def coefficients(sums: Floats) -> Coefficients:
    """The coefficients of samples.

    Args:
        sums: Sample by sum, as of `Units`.
    """
    categories = (sums.shape[1] - SUMS) // 2
    counts, shares = sums[:, SUMS : SUMS + categories], sums[:, SUMS + categories :]
    observed = _ratio(sums[:, AGREED], sums[:, PAIRED])
    by_item = _ratio(shares, sums[:, RATED, np.newaxis])
    spread = (by_item * (1 - by_item)).sum(axis=1) / max(1, categories - 1)
    single = (shares > 0).sum(axis=1) < PAIR
    return Coefficients(
        observed=observed,
        alpha=_alpha(sums, counts),
        fleiss=_beyond(observed, (by_item**2).sum(axis=1), single),
        ac1=_beyond(observed, spread, single),
    )


def _alpha(sums: Floats, counts: Floats) -> Floats:
    """Over ratings that have another beside them; chance draws two without putting one back.

    Of one category, what is expected is 1 to the last digit.
    """
    ratings = sums[:, RATINGS]
    expected = _ratio((counts * (counts - 1)).sum(axis=1), ratings * (ratings - 1))
    return _ratio(_ratio(sums[:, WEIGHED], ratings) - expected, 1.0 - expected)


def _beyond(observed: Floats, expected: Floats, single: NDArray[np.bool_]) -> Floats:
    """Agreement beyond chance, of what there is beyond it; shares do not add up to the digit."""
    return _ratio(observed - expected, np.where(single, 0.0, 1.0 - expected))


def _ratio(part: Floats, whole: Floats) -> Floats:
    found: Floats = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole != 0)
    return found
