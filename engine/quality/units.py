"""What figures of agreement need to know of a table of ratings: a few sums, by unit.

A unit is what is drawn when a sample is drawn once more: an item, or a group of duplicates that
stand or fall together. Every coefficient is a function of sums over units, so that of a sample
that was drawn again takes one product of matrices. Units that are alike are counted together.

The order of units and of categories is that of their names, so neither how the ratings came nor
how Python hashes has a say in what a seed draws.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.quality.ratings import Ratings, by_name

Floats: TypeAlias = NDArray[np.float64]
#: What was said of an item, in the order in which it came.
_Way: TypeAlias = tuple[Hashable, ...]
#: The same as numbers of categories, in order.
_Pattern: TypeAlias = tuple[int, ...]
#: How many units have items that were rated so.
_Counted: TypeAlias = dict[tuple[_Way, ...], int]

PAIR: Final = 2
#: Sums of a unit, before those by category: items with two ratings or more, and ratings of these;
#: the share of agreeing pairs, and it times the ratings; items with any rating.
PAIRED, RATINGS, AGREED, WEIGHED, RATED, SUMS = range(6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Units of a table, those that are alike in one row."""

    times: NDArray[np.int64]
    """How many are so."""
    sums: Floats
    """A row each: first `SUMS` of them, then by category the ratings of items that have two or
    more, then by category the shares of items that have any."""
    categories: tuple[Hashable, ...]
    numbers: frozenset[int]
    """Numbers of ratings that items have."""

    @property
    def total(self) -> Floats:
        """The sums over all units, as a single row."""
        found: Floats = self.times[np.newaxis, :].astype(np.float64) @ self.sums
        return found


@dataclass(frozen=True, slots=True)
class Tally:
    """What was said of items, those that are alike together: as good as a table of ratings."""

    ways: Mapping[tuple[Hashable, ...], int]
    """Ratings of an item → how many items have these."""


def units_of(
    ratings: Ratings | Tally, groups: Mapping[Any, Hashable] | None = None
) -> Units | None:
    """The units of a table; None where nothing is rated.

    Args:
        ratings: Items without a rating are left out.
        groups: Item → its group of duplicates; items without a group, or of None, are alone. Not
            of a tally, which has no items.
    """
    if isinstance(ratings, Tally):
        counted: _Counted = {(way,): times for way, times in ratings.ways.items() if way and times}
    else:
        said = {item: tuple(given.values()) for item, given in ratings.items() if given}
        counted = _counted(said, groups or {})
    if not counted:
        return None
    ways = set(chain.from_iterable(counted))
    categories = by_name({category for way in ways for category in way})
    place = {category: number for number, category in enumerate(categories)}
    pattern = {way: tuple(sorted(place[each] for each in way)) for way in ways}
    distinct = sorted(set(pattern.values()))
    found = Counter[tuple[_Pattern, ...]]()
    for unit, times in counted.items():
        found[tuple(sorted(pattern[way] for way in unit))] += times
    alike = sorted(found)
    return Units(
        times=np.array([found[each] for each in alike]),
        sums=_summed(alike, distinct, _sums(distinct, len(categories))),
        categories=tuple(categories),
        numbers=frozenset(map(len, distinct)),
    )


def _counted(said: Mapping[Any, _Way], groups: Mapping[Any, Hashable]) -> _Counted:
    """How many units were rated so; items that are alone are units too."""
    alone: Counter[_Way] = Counter()
    together: dict[Hashable, list[_Way]] = {}
    for item, way in said.items():
        group = groups.get(item)
        if group is None:
            alone[way] += 1
        else:
            together.setdefault(group, []).append(way)
    found = Counter(map(tuple, together.values()))
    found.update({(way,): times for way, times in alone.items()})
    return dict(found)


def _sums(patterns: Sequence[_Pattern], categories: int) -> Floats:
    """What an item of each pattern adds."""
    sizes = np.array([len(each) for each in patterns])
    counts = np.zeros((len(patterns), categories))
    rows = np.repeat(np.arange(len(patterns)), sizes)
    np.add.at(counts, (rows, np.array(list(chain.from_iterable(patterns)))), 1.0)
    paired = (sizes >= PAIR).astype(np.float64)
    agreeing = (counts * (counts - 1)).sum(axis=1) / np.maximum(1, sizes - 1)
    first = [paired, paired * sizes, agreeing / sizes, agreeing, np.ones(len(patterns))]
    return np.hstack(
        [np.column_stack(first), counts * paired[:, np.newaxis], counts / sizes[:, np.newaxis]]
    )


def _summed(
    units: Sequence[tuple[_Pattern, ...]], patterns: Sequence[_Pattern], sums: Floats
) -> Floats:
    """What a unit adds: the sum over its items."""
    place = {pattern: number for number, pattern in enumerate(patterns)}
    members = np.array([place[pattern] for unit in units for pattern in unit])
    ends = np.cumsum([len(unit) for unit in units])
    starts = np.concatenate(([0], ends[:-1]))
    found: Floats = np.add.reduceat(sums[members], starts, axis=0)
    return found
