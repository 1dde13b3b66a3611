"""Sums hours up: those that are over, and again those in which something changed since.

Triggers mark the hours of what changes, in the transaction that changes it. Here marks are taken
away and the sums of their hours made anew, from all rows, in one transaction. So:

- A mark that is seen belongs to a transaction that has ended, and what it changed is seen as well.
  One that is not seen yet stays, and has its hour summed up again.
- Interrupted, nothing has happened; done twice, the same comes out; of two, one leaves it.
- What is summed up is what the rows say, whatever changed them: late decisions, revisions,
  appeals after months, erasure, retention.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final

import structlog
from sqlalchemy import Connection, text

from queues.ids import id_floor
from queues.measurement.paying import as_arrays, hourly
from queues.measurement.rollups.sources import COSTS, SOURCES, WORK, Part
from queues.measurement.rollups.spans import HOUR, hour_of
from queues.sections import Rates, Wellness
from queues.store.session import Store

#: Hours that are summed up in one transaction.
_AT_ONCE: Final = 6
#: Seconds after which no further hour is begun in one: a task has not long.
_LONG: Final = 10.0
_EVERY: Final = frozenset(Part)
_log = structlog.get_logger(__name__)

_STATE: Final = "SELECT until, now() AS now FROM rollup_state FOR UPDATE"
_FIRST: Final = text("""
SELECT min(rollup_hour(id)) FROM ((SELECT id FROM items ORDER BY id LIMIT 1)
    UNION ALL (SELECT id FROM cases ORDER BY id LIMIT 1)
    UNION ALL (SELECT id FROM appeals ORDER BY id LIMIT 1)) AS oldest
""")
_MOVE: Final = text("UPDATE rollup_state SET until = :until")
# Hours that are not summed up yet will be, all of them: they need no marks.
_NEEDLESS: Final = text("DELETE FROM rollup_marks WHERE hour >= :until")
# The latest first: somebody may be looking at them.
_MARKED: Final = text("""
SELECT DISTINCT hour FROM rollup_marks WHERE hour < :until ORDER BY hour DESC LIMIT :most
""")
_TAKE: Final = text("DELETE FROM rollup_marks WHERE hour = :hour RETURNING part")
_VOTED: Final = text(f"SELECT DISTINCT tier, reviewer FROM {WORK.table} WHERE hour = :hour")  # noqa: S608 - a name of ours
_NO_COSTS: Final = text("DELETE FROM rollup_costs WHERE hour = :hour")
_COSTS: Final = text(f"INSERT INTO rollup_costs (hour, squares) {COSTS}")
_DAILY: Final = {source.days: source.adding_days for source in SOURCES if source.days is not None}
_TABLES: Final = (*(source.table for source in SOURCES), *_DAILY, "rollup_costs", "rollup_marks")


@dataclass(slots=True, kw_only=True)
class Folded:
    """What was summed up now."""

    hours: int = 0
    """That were over."""
    again: int = 0
    """In which something had changed."""
    done: bool = False
    """Nothing is left to do, or somebody else is at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollups:
    """Keeps the sums by hour."""

    store: Store
    rates: Rates
    """What an hour costs, where a person has no rate of their own."""
    wellness: Wellness

    def fold(self, *, within: float | None = 60.0) -> Folded:
        """Sum up what is over, and again what has changed.

        Args:
            within: Seconds after which the rest is left for the next time; None: do all of it.

        Raises:
            Unavailable: the database is away.
        """
        found, begun = Folded(), monotonic()
        while not found.done and (within is None or monotonic() - begun < within):
            with self.store.transaction() as connection:
                self.step(connection, found)
        if found.hours or found.again:
            _log.info("summed up", hours=found.hours, again=found.again, done=found.done)
        return found

    def rebuild(self) -> Folded:
        """Forget all sums, and make them from the rows; meanwhile figures are told from rows."""
        with self.store.transaction() as connection:
            connection.execute(text(_STATE))
            for table in _TABLES:
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours
            connection.execute(_MOVE, {"until": None})
        return self.fold(within=None)

    def step(self, connection: Connection, found: Folded) -> None:
        """Sum up some hours, and say so: nothing is done before the transaction is committed."""
        state = connection.execute(text(f"{_STATE} SKIP LOCKED")).one_or_none()
        if state is None:
            found.done = True
            return
        until = _first(connection, state.now) if state.until is None else state.until
        connection.execute(_NEEDLESS, {"until": until})
        begun, summed, left = monotonic(), set[datetime](), False
        for hour, parts in self._due(connection, until, hour_of(state.now)):
            self._sum_up(connection, hour, parts)
            summed.add(hour)
            if len(summed) == _AT_ONCE or monotonic() - begun > _LONG:
                left = True
                break
        add_up(connection, {hour.replace(hour=0) for hour in map(hour_of, summed)})
        over = sum(hour >= until for hour in summed)
        connection.execute(_MOVE, {"until": until + over * HOUR})
        found.hours += over
        found.again += len(summed) - over
        # What has changed in an hour that is just over is seen to at once, not in a minute: it was
        # read row by row until now, and figures must not go back.
        found.done = not left and not over

    def _due(
        self, connection: Connection, until: datetime, running: datetime
    ) -> Iterator[tuple[datetime, frozenset[Part]]]:
        """Hours that are over, then those that have changed; their marks are taken away."""
        # What is over comes first, else a site that changes all the time would never get there.
        hour = until
        while hour < running:
            yield hour, _EVERY
            hour += HOUR
        given = {"until": until, "most": _AT_ONCE}
        for marked in connection.execute(_MARKED, given).scalars().all():
            taken = connection.execute(_TAKE, {"hour": marked}).scalars()
            yield marked, frozenset(map(Part, taken))

    def _sum_up(self, connection: Connection, hour: datetime, parts: frozenset[Part]) -> None:
        end = hour + HOUR
        ids = {"floor": id_floor(hour), "ceiling": id_floor(end), "from": hour, "to": end}
        for source in SOURCES:
            for part in source.raws:
                if part in parts:
                    connection.execute(text(source.emptying(part)), {"hour": hour})
                    filling = text(source.filling(part))
                    named = {name: ids[name] for name in filling.compile().params}
                    connection.execute(filling, named)
        if Part.PEOPLE in parts:
            voted = ((row.tier, row.reviewer) for row in connection.execute(_VOTED, {"hour": hour}))
            paid = hourly(connection, voted, self.rates, self.wellness)
            connection.execute(_NO_COSTS, {"hour": hour})
            floors = {"floor": ids["floor"], "ceiling": ids["ceiling"]}
            connection.execute(_COSTS, floors | as_arrays(paid))


def _first(connection: Connection, now: datetime) -> datetime:
    """The hour of the oldest row; the running one, where there is none yet."""
    oldest = connection.execute(_FIRST).scalar_one()
    return hour_of(now) if oldest is None else min(oldest, hour_of(now))


def add_up(connection: Connection, days: set[datetime]) -> None:
    """Make the sums of days from those of their hours."""
    for day in sorted(days):
        for table, adding in _DAILY.items():
            connection.execute(text(f"DELETE FROM {table} WHERE day = :day"), {"day": day})  # noqa: S608 - names of ours
            connection.execute(text(f"INSERT INTO {table} {adding}"), {"day": day})
