"""Two groups that are compared while they grow, at as many looks as anybody likes.

A confidence sequence holds at all looks together: the chance that it ever leaves out the true
difference is at most alpha. An interval that is looked at daily leaves it out sooner or later.
Asymptotic normal mixture, two-sided, of means of independent units: Waudby-Smith et al.,
"Time-uniform central limit theory and asymptotic confidence sequences", *Ann. Stat.* 52 (2024).
Units are what was drawn by chance: items, or authors with all their items.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log, sqrt
from typing import Final, Self

#: Units of each group below which a normal distribution is not to be relied on.
LEAST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Sums over the units of one group, in whole numbers: groups can be added up."""

    units: int
    items: int
    hits: int
    """Items with the property that is compared."""
    items_squared: int
    """Σ of the squares of items, unit by unit."""
    hits_squared: int
    items_by_hits: int

    @classmethod
    def of(cls, units: Iterable[tuple[int, int]]) -> Self:
        """From (items, hits) of each unit."""
        rows = list(units)
        return cls(
            units=len(rows),
            items=sum(items for items, _ in rows),
            hits=sum(hits for _, hits in rows),
            items_squared=sum(items**2 for items, _ in rows),
            hits_squared=sum(hits**2 for _, hits in rows),
            items_by_hits=sum(items * hits for items, hits in rows),
        )

    @property
    def share(self) -> float:
        """Of items with the property; 0 where there are none."""
        return self.hits / self.items if self.items else 0.0

    def variance(self, common: float) -> float:
        """Of the share, as a ratio of sums over units.

        Args:
            common: The share in both groups together. The variance is at least that of so many
                items drawn with it: where hits are rare, a group that happens to have none would
                else look as if it were certain.
        """
        squares = (
            self.hits_squared
            - 2 * self.share * self.items_by_hits
            + self.share**2 * self.items_squared
        )
        return max(common * (1 - common) / self.items, squares / self.items**2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """By how much a share is higher in one group than in the other."""

    value: float
    low: float
    high: float
    """Limits that hold at all looks together."""


def difference(group: Group, control: Group, *, alpha: float = 0.05) -> Difference | None:
    """The difference of two shares; None: one group is too small to tell.

    Args:
        group: What is tried.
        control: What it is compared with.
        alpha: The chance of ever being wrong, above 0 and below 1.
    """
    if min(group.units, control.units) < LEAST:
        return None
    units = group.units + control.units
    common = (group.hits + control.hits + 1) / (group.items + control.items + 2)
    spread = sqrt(units * (group.variance(common) + control.variance(common)))
    reach = spread * _reach(units, alpha)
    value = group.share - control.share
    return Difference(value=value, low=max(-1.0, value - reach), high=min(1.0, value + reach))


def _reach(units: int, alpha: float) -> float:
    """Half the width for a standard deviation of 1; narrowest at some thousand units."""
    doubt = -2 * log(alpha)
    rho_squared = (doubt + log(doubt + 1)) / _NARROWEST
    scaled = units * rho_squared + 1
    return sqrt(2 * scaled / (units**2 * rho_squared) * log(sqrt(scaled) / alpha))


#: Units at which the limits are narrowest; before and after they are a little wider than could be.
_NARROWEST: Final = 5_000
