"""The time that is looked at, about how much came in it, and how much of that is read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from engine.quality.slices import Sample
from engine.verdict import Tier
from queues.ids import SKEW
from queues.measurement import counts
from queues.measurement.rollups.spans import Span, span_of
from queues.measurement.rules import drawing

#: How far back one looks, where nobody says.
USUAL: Final = timedelta(days=30)
#: There are no older rows, and ids have no room for them.
_FIRST: Final = timedelta(days=365 * 25)

Since = datetime | timedelta | None
"""From when on things count: a moment, so long ago, or as usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much is read, whatever there is; up to twice that where traffic is uneven."""

    items: int = 20_000
    """Of which the rules of all are read."""
    searched: int = 100_000
    """Among which the hits of one rule are looked for."""
    hits: int = 5_000
    """Of one rule that are read."""
    replayed: int = 500
    """Items that are judged once more."""
    cases: int = 20_000
    """Of which people's work and decisions are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time that ends now."""

    span: Span
    items: int
    """That came in it, about."""
    cases: int

    @property
    def begin(self) -> datetime:
        """Where it begins."""
        return self.span.begin

    @property
    def end(self) -> datetime:
        """Where it ends: now."""
        return self.span.now

    @property
    def ceiling(self) -> datetime:
        """What ids say is by clocks of machines, which may be ahead."""
        return self.end + SKEW

    def verdicts(self, connection: Connection, most: int) -> Sample:
        """Verdicts that are read."""
        return self._drawn(connection, "verdicts", self.items, most)

    def of_cases(self, connection: Connection, most: int) -> Sample:
        """Cases that are read."""
        return self._drawn(connection, "cases", self.cases, most)

    def _drawn(self, connection: Connection, table: str, expected: int, most: int) -> Sample:
        return drawing.draw(
            connection, table, begin=self.begin, end=self.ceiling, expected=expected, most=most
        )


def window_of(connection: Connection, since: Since) -> Window:
    """The window from a moment until now.

    Args:
        connection: Of a look at one state.
        since: Its beginning; what is yet to come begins now.
    """
    now: datetime = connection.execute(text("SELECT now()")).scalar_one()
    begin = since if isinstance(since, datetime) else now - (USUAL if since is None else since)
    span = span_of(connection, min(max(begin, now - _FIRST), now))
    flows = counts.flows(connection, span, waits_of="false")
    of_people = sum(flow.items for tier, flow in flows.items() if tier is not Tier.AUTO)
    items = sum(flow.items for flow in flows.values())
    return Window(span=span, items=items, cases=of_people)
