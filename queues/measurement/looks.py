"""What people said of what the machine had said, without knowing it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Row

from engine.quality.proportions import Share, weighted_share
from queues.measurement.rollups import reading
from queues.measurement.rollups.reading import Shares
from queues.measurement.rollups.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """People's first answers about items, beside the machine's; those that are alike together."""

    sampled: bool
    """For the quality sample: the machine had decided alone."""
    acted: bool
    """The machine held that the item breaks a rule."""
    found: bool
    """The person did."""
    inclusion: float
    """The chance at which people had to look at such an item, and blind; above 0."""
    times: int

    @property
    def alike(self) -> bool:
        """Both say the same."""
        return self.acted == self.found

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """As `reading.looks` tells them."""
        return cls(
            sampled=row.sampled,
            acted=row.acted,
            found=row.found,
            inclusion=row.inclusion,
            times=row.times,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """All blind first answers of a span."""

    each: list[Look]
    shares: Shares
    """How many of all are blind, where some are."""


def looks(connection: Connection, span: Span) -> Looks:
    """All blind first answers about items whose cases came in a span."""
    found, shares = Counter[tuple[bool, bool, bool, float]](), {}
    for row in reading.strata(connection, span):
        shares[row.sampled, row.tier, row.queue] = row.blind_share
        chance = row.inclusion * row.blind_share
        found[row.sampled, row.acted, row.found, chance] += row.times
    each = [
        Look(
            sampled=sampled,
            acted=acted,
            found=found_so,
            inclusion=chance,
            times=times,
        )
        for (sampled, acted, found_so, chance), times in sorted(found.items())
    ]
    return Looks(each=each, shares=shares)


def share_of(seen: Iterable[Look], hit: Callable[[Look], bool]) -> Share:
    """How often it is so over all items, told from those that people saw."""
    known = list(seen)
    return weighted_share(
        [hit(look) for look in known],
        [1 / look.inclusion for look in known],
        times=[look.times for look in known],
    )
