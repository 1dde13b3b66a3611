"""What people said of what the machine had said, without knowing it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Row

from engine.quality.proportions import Share, weighted_share
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """People's first answers about items, beside the machine's; those that are alike together."""

    sampled: bool
    """For the quality sample: the machine had decided alone."""
    by_senior: bool
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
            by_senior=row.by_senior,
            acted=row.acted,
            found=row.found,
            inclusion=row.inclusion,
            times=row.times,
        )


def looks(connection: Connection, span: Span) -> list[Look]:
    """All blind first answers about items whose cases came in a span."""
    return [Look.of(row) for row in reading.looks(connection, span, reading.TOGETHER)]


def share_of(seen: Iterable[Look], hit: Callable[[Look], bool]) -> Share:
    """How often it is so over all items, told from those that people saw."""
    known = list(seen)
    return weighted_share(
        [hit(look) for look in known],
        [1 / look.inclusion for look in known],
        times=[look.times for look in known],
    )
