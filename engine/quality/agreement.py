"""How much raters agree, beyond what chance would give: nominal categories, ratings may be missing.

With n ratings of an item, of which n_k are for category k:

- p_a, observed agreement: mean over items of the agreeing pairs among all pairs of its ratings.
- Krippendorff's alpha = 1 - D_o / D_e over pairable ratings (Krippendorff, *Computing
  Krippendorff's Alpha-Reliability*, 2011). Items weigh by their ratings, and chance is that
  of drawing two of them without putting the first back.
- Fleiss' κ = (p_a - p_e) / (1 - p_e) with p_e = Σ π_k², π_k the mean share of category k (Fleiss,
  *Psychological Bulletin* 76 (1971), 378-382), generalised to items of different n.
- Gwet's AC1: the same with p_e = Σ π_k (1 - π_k) / (q - 1), q the number of categories (Gwet,
  *Br. J. Math. Stat. Psychol.* 61 (2008), 29-48). It stays high where one category is rare and κ
  collapses.
- Cohen's κ of two raters who are identified: p_e = Σ p_1k · p_2k (Cohen, *Educ. Psychol. Meas.* 20
  (1960), 37-46).

Only items with two ratings or more say anything. Where all ratings are of one category, agreement
beyond chance is 0/0: that is a state of its own, neither 1 nor 0 nor an error. Libraries differ on
it, which is why they are oracles in tests and not used here.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Item → rater → category.
Ratings: TypeAlias = Mapping[Any, Mapping[Any, Hashable]]  # keys of a Mapping are invariant
_Floats: TypeAlias = NDArray[np.float64]

_PAIR: Final = 2
_LIMITS: Final = (2.5, 97.5)


class Undefined(StrEnum):
    """Why a figure cannot be told."""

    #: No item has two ratings.
    NO_PAIRS = "no pairs"
    #: All ratings are of one category: agreement beyond chance is 0/0.
    ONE_CATEGORY = "one category"


Figure: TypeAlias = float | Undefined


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Figures over all items that have two ratings or more; they stand together."""

    items: int
    """That have two ratings or more."""
    ratings: int
    """Of these items."""
    observed: Figure
    """p_a: 0 to 1."""
    alpha: Figure
    """Krippendorff's, nominal: 1 at most, 0 as by chance."""
    fleiss: Figure
    """Generalised Fleiss' κ."""
    ac1: Figure
    """Gwet's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where a figure lies with 95 %."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patterns:
    """Items that were rated alike, counted together; a row each."""

    times: NDArray[np.int64]
    """How many items are so."""
    counts: _Floats
    """Ratings by category."""


def agreement(ratings: Ratings) -> Agreement:
    """How much raters agree.

    Args:
        ratings: Item → rater → category; items with one rating or none are left out.
    """
    patterns = _patterns(ratings)
    if patterns is None:
        nothing = Undefined.NO_PAIRS
        return Agreement(
            items=0, ratings=0, observed=nothing, alpha=nothing, fleiss=nothing, ac1=nothing
        )
    times = patterns.times[np.newaxis, :].astype(np.float64)
    observed, alpha, fleiss, ac1 = (float(each[0]) for each in _figures(times, patterns.counts))
    return Agreement(
        items=int(patterns.times.sum()),
        ratings=int(patterns.times @ patterns.counts.sum(axis=1)),
        observed=observed,
        alpha=_told(alpha),
        fleiss=_told(fleiss),
        ac1=_told(ac1),
    )


def intervals(
    ratings: Ratings, *, seed: int, resamples: int = 2_000
) -> tuple[Interval | None, Interval | None]:
    """Intervals of p_a and of alpha: percentiles over resamples of items.

    It is Efron's bootstrap. Resamples in which alpha is 0/0 are left out of its interval; None
    where there is nothing to tell.

    Args:
        ratings: As of `agreement`.
        seed: The same seed gives the same intervals.
        resamples: How many.
    """
    patterns = _patterns(ratings)
    if patterns is None:
        return None, None
    total = int(patterns.times.sum())
    dice = np.random.default_rng(seed)
    drawn = dice.multinomial(total, patterns.times / total, size=resamples).astype(np.float64)
    observed, alpha, _, _ = _figures(drawn, patterns.counts)
    return _interval(observed), _interval(alpha)


def cohen(ratings: Ratings, first: Hashable, second: Hashable) -> Figure:
    """Cohen's κ of two raters, over the items that both rated."""
    pairs = [
        (given[first], given[second])
        for given in ratings.values()
        if first in given and second in given
    ]
    if not pairs:
        return Undefined.NO_PAIRS
    n = len(pairs)
    categories = {category for pair in pairs for category in pair}
    if len(categories) == 1:
        return Undefined.ONE_CATEGORY
    observed = sum(one == other for one, other in pairs) / n
    expected = sum(
        sum(one == each for one, _ in pairs) * sum(other == each for _, other in pairs)
        for each in categories
    ) / (n * n)
    return (observed - expected) / (1 - expected)


def in_order(votes: Sequence[tuple[Hashable, Hashable, Hashable]], *, most: int) -> Ratings:
    """A table of (item, rater, category), in the order in which they were given.

    Args:
        votes: The first of a rater on an item counts.
        most: Ratings of an item that count. A third that was asked for only because two differed
            would bias agreement: 2 leaves it out.
    """
    table: dict[Hashable, dict[Hashable, Hashable]] = {}
    for item, rater, category in votes:
        given = table.setdefault(item, {})
        if len(given) < most:
            given.setdefault(rater, category)
    return table


def _patterns(ratings: Ratings) -> _Patterns | None:
    """What items with two ratings or more look like; None where there are none."""
    rated = [tuple(given.values()) for given in ratings.values() if len(given) >= _PAIR]
    if not rated:
        return None
    names = {category for given in rated for category in given}
    place = {category: number for number, category in enumerate(names)}
    rows = np.repeat(np.arange(len(rated)), [len(given) for given in rated])
    columns = np.array([place[category] for given in rated for category in given])
    counts = np.zeros((len(rated), len(names)))
    np.add.at(counts, (rows, columns), 1.0)
    alike, times = np.unique(counts, axis=0, return_counts=True)
    return _Patterns(times=times, counts=alike)


def _figures(times: _Floats, counts: _Floats) -> tuple[_Floats, _Floats, _Floats, _Floats]:
    """p_a, alpha, κ and AC1 of several samples at once; nan where one is 0/0.

    Args:
        times: Sample by pattern: how many items are so.
        counts: Pattern by category.
    """
    sizes = counts.sum(axis=1)
    agreeing = (counts * (counts - 1)).sum(axis=1)
    items, total = times.sum(axis=1), times @ sizes
    observed = (times @ (agreeing / (sizes * (sizes - 1)))) / items
    categories = times @ counts
    by_chance = (categories * (categories - 1)).sum(axis=1) / (total * (total - 1))
    shares = (times @ (counts / sizes[:, np.newaxis])) / items[:, np.newaxis]
    single = (categories > 0).sum(axis=1) == 1
    spread = (shares * (1 - shares)).sum(axis=1) / max(1, counts.shape[1] - 1)
    return (
        observed,
        _beyond((times @ (agreeing / (sizes - 1))) / total, by_chance, single),
        _beyond(observed, (shares**2).sum(axis=1), single),
        _beyond(observed, spread, single),
    )


def _beyond(observed: _Floats, expected: _Floats, single: NDArray[np.bool_]) -> _Floats:
    """Agreement beyond chance; nan where there is a single category."""
    room = np.where(single, np.nan, 1 - expected)
    found: _Floats = (observed - expected) / room
    return found


def _told(value: float) -> Figure:
    return Undefined.ONE_CATEGORY if np.isnan(value) else value


def _interval(values: _Floats) -> Interval | None:
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, _LIMITS)
    return Interval(low=float(low), high=float(high))
