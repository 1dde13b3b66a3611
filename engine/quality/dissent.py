"""Whether a policy is unclear or somebody is careless: what dissent looks like.

Two who take the same side against others are no accident: where many items split so, a policy has
to be clarified. One who stands alone may be careless, or right, or the item may be hard. So dissent
of a reviewer is compared with what chance would give: on an item on which one stands alone, each
of its reviewers is as likely to be that one. Conditional on the items, the difficulty of what
somebody was handed has no say. How often somebody stands alone is then a sum of independent draws,
and the chance of so many is exact.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from engine.quality.ratings import Ratings, by_name
from engine.quality.units import Floats

#: With two who differ, nobody stands alone.
_FEWEST: Final = 3
_SIDE: Final = 2
#: How often anybody of a table stands out though all are alike.
_LEVEL: Final = 0.05


class Shape(StrEnum):
    """What the ratings of an item look like."""

    #: Fewer than three: who differs cannot be told.
    TOO_FEW = "too few"
    UNANIMOUS = "unanimous"
    #: One stands against all others, who agree.
    ISOLATED = "isolated"
    #: Two or more on each of two sides: it takes four ratings.
    SPLIT = "split"
    #: Several differ, and no two of them say the same.
    SCATTERED = "scattered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Two categories between which reviewers are divided."""

    categories: tuple[Hashable, Hashable]
    """In the order of their names."""
    items: tuple[Any, ...]
    """On which two or more took each side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissenter:
    """How often a reviewer stood alone."""

    rater: Hashable
    items: int
    """That they rated with two others or more."""
    alone: int
    """On so many of them they differed while all others agreed."""
    expected: float
    """So many would be theirs by chance: of the items on which one stands alone, their share."""
    chance: float
    """How probable it is to stand alone as often or more, by chance."""
    stands_out: bool
    """Whether that is below 5 % shared out among all reviewers (Bonferroni). They may be careless,
    or right: look at the items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent:
    """What dissent looks like in a table."""

    shapes: Mapping[Shape, int]
    """How many items look so."""
    splits: tuple[Split, ...]
    """Policies to clarify, those with the most items first."""
    raters: tuple[Dissenter, ...]
    """Whoever rated with two others, the least probable first."""


def dissent(ratings: Ratings) -> Dissent:
    """What dissent looks like.

    Args:
        ratings: Item → rater → category; reviewers have to be the same people on all items.
    """
    shapes = {item: shape(given) for item, given in ratings.items() if given}
    return Dissent(
        shapes=Counter(shapes.values()),
        splits=tuple(_splits(ratings, shapes)),
        raters=tuple(_raters(ratings, shapes)),
    )


def shape(given: Mapping[Any, Hashable]) -> Shape:
    """What the ratings of an item look like.

    Args:
        given: Rater → category.
    """
    sides = sorted(Counter(given.values()).values(), reverse=True)
    if len(given) < _FEWEST:
        return Shape.TOO_FEW
    if len(sides) == 1:
        return Shape.UNANIMOUS
    if sides[1] >= _SIDE:
        return Shape.SPLIT
    return Shape.ISOLATED if sides == [len(given) - 1, 1] else Shape.SCATTERED


def leading(given: Mapping[Any, Hashable]) -> Hashable | None:
    """The category with more ratings than any other; None: a tie, or there are none.

    Args:
        given: Rater → category.
    """
    first = Counter(given.values()).most_common(2)
    if not first or (len(first) > 1 and first[0][1] == first[1][1]):
        return None
    return first[0][0]


def _splits(ratings: Ratings, shapes: Mapping[Any, Shape]) -> Iterator[Split]:
    """An item with three sides is divided between its two largest, and by name among equals."""
    found: dict[tuple[Hashable, ...], list[Any]] = defaultdict(list)
    for item in by_name(item for item, each in shapes.items() if each is Shape.SPLIT):
        sides = Counter(ratings[item].values())
        largest = sorted(by_name(sides), key=lambda side: -sides[side])[:_SIDE]
        found[tuple(by_name(largest))].append(item)
    for one, other in sorted(by_name(found), key=lambda both: -len(found[both])):
        yield Split(categories=(one, other), items=tuple(found[one, other]))


def _raters(ratings: Ratings, shapes: Mapping[Any, Shape]) -> list[Dissenter]:
    rated, alone = Counter[Hashable](), Counter[Hashable]()
    #: Rater → ratings of an item → items on which one of so many stands alone.
    near: dict[Hashable, Counter[int]] = defaultdict(Counter)
    for item, each in shapes.items():
        if each is Shape.TOO_FEW:
            continue
        given = ratings[item]
        rated.update(given.keys())
        if each is Shape.ISOLATED:
            sides = Counter(given.values())
            for rater, category in given.items():
                near[rater][len(given)] += 1
                alone[rater] += sides[category] == 1
    found = [
        _dissenter(rater, rated[rater], alone[rater], near[rater], len(rated))
        for rater in by_name(rated)
    ]
    return sorted(found, key=lambda each: each.chance)


def _dissenter(
    rater: Hashable, items: int, alone: int, near: Mapping[int, int], raters: int
) -> Dissenter:
    chance = _at_least(alone, near)
    return Dissenter(
        rater=rater,
        items=items,
        alone=alone,
        expected=sum(times / size for size, times in near.items()),
        chance=chance,
        stands_out=chance * raters < _LEVEL,
    )


def _at_least(alone: int, near: Mapping[int, int]) -> float:
    """The chance of so many, where one of `size` is meant on each of so many items."""
    if not alone:
        return 1.0
    odds = np.ones(1)
    for size, times in sorted(near.items()):
        odds = np.convolve(odds, _binomial(times, 1 / size))
    return min(1.0, float(odds[alone:].sum()))


def _binomial(times: int, chance: float) -> Floats:
    """How probable 0, 1, … of so many are."""
    found = np.arange(times + 1)
    ways = gammaln(times + 1) - gammaln(found + 1) - gammaln(times - found + 1)
    odds: Floats = np.exp(ways + xlogy(found, chance) + xlog1py(times - found, -chance))
    return odds
