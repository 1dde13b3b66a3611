"""How much raters agree, beyond what chance would give: nominal categories, ratings may be missing.

With n ratings of an item, of which n_k are for category k:

- p_a, observed agreement: mean over items of the agreeing pairs among all pairs of its ratings.
- Krippendorff's alpha = 1 - D_o / D_e over pairable ratings (Krippendorff, *Computing
  Krippendorff's Alpha-Reliability*, 2011). Items weigh by their ratings, and chance is that
  of drawing two of them without putting the first back.
- Fleiss' κ = (p_a - p_e) / (1 - p_e) with p_e = Σ π_k², π_k the mean share of category k (Fleiss,
  *Psychological Bulletin* 76 (1971), 378-382): `fixed`, where all items have as many ratings.
  Generalised to items of different n: `fleiss`.
- Gwet's AC1: the same with p_e = Σ π_k (1 - π_k) / (q - 1), q the number of categories (Gwet,
  *Br. J. Math. Stat. Psychol.* 61 (2008), 29-48). It stays high where one category is rare and κ
  collapses.

An item with a single rating has no pair: p_a and alpha do not see it. It does say how common its
category is, so the generalised κ and AC1 have it in π_k (Gwet, *Handbook of Inter-Rater
Reliability*, 4th ed. (2014), chapter 2; his example of twelve subjects is in the tests).

Where all ratings are of one category, agreement beyond chance is 0/0: that is a state of its own,
neither 1 nor 0 nor an error. Libraries differ on it, which is why they are oracles in tests and not
used here.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from engine.quality.coefficients import coefficients
from engine.quality.figures import Figure, Interval, Undefined
from engine.quality.ratings import Ratings
from engine.quality.resampling import percentiles, resampled
from engine.quality.units import PAIR, PAIRED, RATINGS, SUMS, Tally, Units, units_of

__all__ = [
    "Agreement",
    "Interval",
    "Limits",
    "Ratings",
    "Tally",
    "agreement",
    "intervals",
    "limits",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Figures over all items that have two ratings or more; they stand together."""

    items: int
    """That have two ratings or more."""
    ratings: int
    """Of these items."""
    prevalence: Mapping[Hashable, float]
    """Category → its share of these ratings: where one is rare, κ is small whatever people do."""
    observed: Figure
    """p_a: 0 to 1."""
    alpha: Figure
    """Krippendorff's, nominal: 1 at most, 0 as by chance."""
    fleiss: Figure
    """Generalised Fleiss' κ."""
    fixed: Figure
    """Fleiss' own κ, as `fleiss` where all items have as many ratings, else undefined;
    `of_usual_number` leaves out the others."""
    ac1: Figure
    """Gwet's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Intervals of 95 %; None: there is nothing to tell."""

    observed: Interval | None
    alpha: Interval | None
    fleiss: Interval | None
    """Also of `fixed`, where that is defined."""
    ac1: Interval | None


def agreement(ratings: Ratings | Tally) -> Agreement:
    """How much raters agree.

    Args:
        ratings: Item → rater → category; items without a rating are left out. Or a tally of items
            by what was said of them.
    """
    units = _with_pairs(units_of(ratings))
    if units is None:
        return _nothing()
    total = units.total
    found = coefficients(total)
    fleiss = _told(float(found.fleiss[0]))
    counts = total[0, SUMS : SUMS + len(units.categories)]
    return Agreement(
        items=int(total[0, PAIRED]),
        ratings=int(total[0, RATINGS]),
        prevalence={
            category: float(count / total[0, RATINGS])
            for category, count in zip(units.categories, counts, strict=True)
        },
        observed=float(found.observed[0]),
        alpha=_told(float(found.alpha[0])),
        fleiss=fleiss,
        fixed=fleiss if len(units.numbers) == 1 else Undefined.UNEQUAL_VOTES,
        ac1=_told(float(found.ac1[0])),
    )


def limits(
    ratings: Ratings | Tally,
    *,
    seed: int,
    resamples: int = 2_000,
    groups: Mapping[Any, Hashable] | None = None,
) -> Limits:
    """Intervals of all coefficients: percentiles over resamples of items.

    Resamples in which a coefficient is 0/0 are left out of its interval.

    Args:
        ratings: As of `agreement`.
        seed: The same seed gives the same intervals, in whatever order items and raters come.
        resamples: How many.
        groups: Item → its group of duplicates, which are drawn together; others are alone.
    """
    units = _with_pairs(units_of(ratings, groups))
    if units is None:
        return Limits(observed=None, alpha=None, fleiss=None, ac1=None)
    found = coefficients(resampled(units, seed=seed, resamples=resamples))
    return Limits(
        observed=percentiles(found.observed),
        alpha=percentiles(found.alpha),
        fleiss=percentiles(found.fleiss),
        ac1=percentiles(found.ac1),
    )


def intervals(
    ratings: Ratings | Tally,
    *,
    seed: int,
    resamples: int = 2_000,
    groups: Mapping[Any, Hashable] | None = None,
) -> tuple[Interval | None, Interval | None]:
    """Those of p_a and of alpha among `limits`, which says what is given."""
    found = limits(ratings, seed=seed, resamples=resamples, groups=groups)
    return found.observed, found.alpha


def _with_pairs(units: Units | None) -> Units | None:
    """Units of which some item has two ratings; else None."""
    return units if units is not None and max(units.numbers) >= PAIR else None


def _nothing() -> Agreement:
    nothing = Undefined.NO_PAIRS
    return Agreement(
        items=0,
        ratings=0,
        prevalence={},
        observed=nothing,
        alpha=nothing,
        fleiss=nothing,
        fixed=nothing,
        ac1=nothing,
    )


def _told(value: float) -> Figure:
    return Undefined.ONE_CATEGORY if isnan(value) else value
