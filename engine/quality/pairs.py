"""Cohen's κ of two raters who are identified, with what one said where the other said something.

κ = (p_o - p_e) / (1 - p_e), with p_o the share of items on which both said the same and
p_e = Σ p_1k · p_2k (Cohen, *Educ. Psychol. Meas.* 20 (1960), 37-46). Intervals are those of the
large-sample variance of Fleiss, Cohen and Everitt (*Psychological Bulletin* 72 (1969), 323-327).
Each pair has its own items, so κ of two pairs may differ because their items do.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any, Final, TypeAlias

from engine.quality.figures import Figure, Interval, Undefined
from engine.quality.ratings import Ratings, by_name

#: What the first said, and what the second said.
_Cell: TypeAlias = tuple[Hashable, Hashable]

#: Standard deviations about the mean that hold 95 % of a normal distribution.
_WIDTH: Final = 1.959963984540054
#: A variance below is 0 but for the last digits.
_NO_VARIANCE: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two raters, over the items that both rated."""

    first: Hashable
    second: Hashable
    items: int
    observed: Figure
    """The share of items on which both said the same."""
    kappa: Figure
    """Cohen's."""
    interval: Interval | None
    """Of κ, for large numbers of items; None where it has no width, as where one of them always
    says the same or both always agree: a limit that is certain is no limit."""
    cells: Mapping[_Cell, int]
    """The confusion table: what the first said and what the second said → items; others are 0."""

    def table(self, categories: Sequence[Hashable]) -> tuple[tuple[int, ...], ...]:
        """The confusion table, a row for what the first said, a column for the second.

        Args:
            categories: Of rows and columns, in this order.
        """
        return tuple(
            tuple(self.cells.get((row, column), 0) for column in categories) for row in categories
        )


def pair(ratings: Ratings, first: Hashable, second: Hashable) -> Pair:
    """Two raters; both figures are undefined where no item was rated by both."""
    cells = Counter(
        (given[first], given[second])
        for given in ratings.values()
        if first in given and second in given
    )
    return _pair(first, second, cells)


def pairs(ratings: Ratings, *, fewest: int = 1) -> tuple[Pair, ...]:
    """All pairs of raters, each once, in the order of their names.

    Args:
        ratings: Item → rater → category.
        fewest: Pairs with fewer items in common are left out; κ of a handful says nothing.
    """
    cells: dict[_Cell, Counter[_Cell]] = defaultdict(Counter)
    place = {
        rater: n for n, rater in enumerate(by_name({who for g in ratings.values() for who in g}))
    }
    for given in ratings.values():
        for first, second in combinations(sorted(given, key=place.__getitem__), 2):
            cells[first, second][given[first], given[second]] += 1
    found = sorted(cells, key=lambda both: (place[both[0]], place[both[1]]))
    return tuple(_pair(*both, cells[both]) for both in found if cells[both].total() >= fewest)


def cohen(ratings: Ratings, first: Hashable, second: Hashable) -> Figure:
    """Cohen's κ of two raters, over the items that both rated."""
    return pair(ratings, first, second).kappa


def _pair(first: Hashable, second: Hashable, cells: Counter[_Cell]) -> Pair:
    items = cells.total()
    kappa, interval = _kappa(cells)
    return Pair(
        first=first,
        second=second,
        items=items,
        observed=_same(cells) / items if items else Undefined.NO_PAIRS,
        kappa=kappa,
        interval=interval,
        cells=dict(cells),
    )


def _same(cells: Mapping[_Cell, int]) -> int:
    return sum(times for (one, other), times in cells.items() if one == other)


def _kappa(cells: Counter[_Cell]) -> tuple[Figure, Interval | None]:
    items = cells.total()
    if not items:
        return Undefined.NO_PAIRS, None
    ones, others = Counter[Hashable](), Counter[Hashable]()
    for (one, other), times in cells.items():
        ones[one] += times
        others[other] += times
    if len(ones.keys() | others.keys()) == 1:
        return Undefined.ONE_CATEGORY, None
    observed = _same(cells) / items
    expected = sum(ones[each] * others[each] for each in ones) / items**2
    kappa = (observed - expected) / (1 - expected)
    variance = _variance(cells, ones, others, observed, expected)
    if variance < _NO_VARIANCE:
        return kappa, None
    reach = _WIDTH * sqrt(variance)
    return kappa, Interval(low=kappa - reach, high=kappa + reach)


def _variance(
    cells: Counter[_Cell],
    ones: Mapping[Any, int],
    others: Mapping[Any, int],
    observed: float,
    expected: float,
) -> float:
    """Of κ, by Fleiss, Cohen and Everitt."""

    def parts() -> Iterator[float]:
        for (one, other), times in cells.items():
            if one == other:
                both = (ones[one] + others[one]) / items
                yield times / items * ((1 - expected) - both * (1 - observed)) ** 2
            else:
                both = (others[one] + ones[other]) / items
                yield times / items * both**2 * (1 - observed) ** 2

    items = cells.total()
    centre = observed * expected - 2 * expected + observed
    return (sum(parts()) - centre**2) / (items * (1 - expected) ** 4)
