"""Lets go of what has been kept long enough: whole days where that can be, rows where not.

Items go with all that hangs on them, but not while somebody still has to decide about them.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from queues.errors import Unavailable
from queues.ids import id_floor
from queues.settings import Retention
from queues.store import partitions
from queues.store.ledger import DAYS_DROPPED, AuditEvent, record
from queues.store.session import Store

#: Rows deleted in one transaction.
_BATCH: Final = 500
#: Tables by day whose rows are about items.
_ABOUT_ITEMS: Final = ("verdicts", "decisions", "actions", "statements")
_EVENTS: Final = "events"
_ACTOR: Final = "machine"
_ORPHAN: Final = "NOT EXISTS (SELECT FROM items WHERE items.id = {0}.item_id)"

#: Somebody uses the table, or it belongs to somebody else.
_NOT_NOW: Final = (psycopg.errors.LockNotAvailable, psycopg.errors.InsufficientPrivilege)

#: Drops a partition: (connection, its name, its day) → whether it went.
Drop = Callable[[Connection, str, date], bool]

_ITEMS: Final = text("""
SELECT id, verdict_id >= :floor OR coalesce(decision_id >= :floor, false) OR EXISTS (
    SELECT FROM cases WHERE cases.item_id = items.id AND closed_at >= :before
) AS late
FROM items
WHERE id > :after AND id < :floor AND state IN ('decided', 'erased') AND NOT EXISTS (
    SELECT FROM cases WHERE cases.item_id = items.id AND cases.state IN ('waiting', 'open')
)
ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED
""")
_DELETE_ITEMS: Final = text("DELETE FROM items WHERE id = ANY(:items)")
_STRIKES: Final = text("DELETE FROM strikes WHERE at < :before AND expires_at < now()")
# Their cases go with the items.
_CALIBRATIONS: Final = text("DELETE FROM calibrations WHERE until < :before")
# That they were there is known as long as who made them.
_OVERRIDES: Final = text("DELETE FROM overrides WHERE ended_at < :before")
# Forecasts stay: they name no item.
_BACKTESTS: Final = text("DELETE FROM backtests WHERE coalesce(ended_at, asked_at) < :before")
# What they were counted from has gone, or is going.
_REPORTERS: Final = text("DELETE FROM reporters WHERE changed_at < :before")
# Of cases that somebody has not come back to.
_DRAFTS: Final = text("DELETE FROM drafts WHERE at < :before")
_DELIVERIES: Final = text("""
DELETE FROM deliveries WHERE id IN (
    SELECT id FROM deliveries WHERE event_id < :floor ORDER BY event_id LIMIT :batch
)
""")

_log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Released:
    """What was let go now."""

    items: int = 0
    deliveries: int = 0
    strikes: int = 0
    reporters: int = 0
    days: list[str] = field(default_factory=list)
    """Partitions that were dropped."""
    kept: list[str] = field(default_factory=list)
    """Partitions that were to go and stayed: somebody used them, or they hold what must stay."""

    @property
    def anything(self) -> bool:
        """Whether something was let go."""
        return bool(self.items or self.deliveries or self.strikes or self.reporters or self.days)


def apply(store: Store, settings: Retention) -> Released:
    """Let go of what is older than the settings say.

    It works in small steps: interrupted, it goes on where it was when it is called again.

    Args:
        store: The database. Only the role that owns the tables can drop days; another one deletes
            row by row, and leaves days of the audit to it.
        settings: For how many days what is kept.

    Raises:
        Unavailable: the database is away.
    """
    released = Released()
    today = _today(store)
    items = today - timedelta(days=settings.items_days)
    # What receivers were told about an item does not stay longer than the item.
    events = max(items, today - timedelta(days=settings.events_days))
    audit = today - timedelta(days=settings.audit_days)
    _release_items(store, items, released)
    _release_deliveries(store, events, released)
    for table, before in (*((table, items) for table in _ABOUT_ITEMS), (_EVENTS, events)):
        drop = _drop_events if table == _EVENTS else _drop_about_items
        _release_days(store, table, before, drop, released)
    _release_days(store, "audit_events", audit, _drop_audit, released)
    _delete_leftovers(store, items, events)
    with store.transaction() as connection:
        given = {"before": _start(items)}
        connection.execute(_CALIBRATIONS, given)
        connection.execute(_OVERRIDES, {"before": _start(audit)})
        connection.execute(_BACKTESTS, {"before": _start(events)})
        connection.execute(_DRAFTS, {"before": _start(events)})
        released.strikes = connection.execute(_STRIKES, given).rowcount
        released.reporters = connection.execute(_REPORTERS, given).rowcount
        if released.anything:
            _note(connection, released)
            _log.info("retention applied", items=released.items, days=len(released.days))
    return released


def _release_items(store: Store, before: date, released: Released) -> None:
    given = {"floor": id_floor(_start(before)), "before": _start(before), "batch": _BATCH}
    after = UUID(int=0)
    while True:
        with store.transaction() as connection:
            found = connection.execute(_ITEMS, {**given, "after": after}).all()
            if not found:
                return
            late = [row.id for row in found if row.late]
            for table in (*_ABOUT_ITEMS, _EVENTS) if late else ():
                # The days before go as a whole.
                _delete(
                    connection,
                    table,
                    "item_id = ANY(:items) AND id >= :floor",
                    items=late,
                    floor=given["floor"],
                )
            connection.execute(_DELETE_ITEMS, {"items": [row.id for row in found]})
        after = found[-1].id
        released.items += len(found)


def _release_deliveries(store: Store, before: date, released: Released) -> None:
    given = {"floor": id_floor(_start(before)), "batch": 10 * _BATCH}
    deleted = 1
    while deleted:
        with store.transaction() as connection:
            deleted = connection.execute(_DELIVERIES, given).rowcount
        released.deliveries += deleted


def _release_days(store: Store, table: str, before: date, drop: Drop, released: Released) -> None:
    """Drop the days of a table that are over, each by itself."""
    with store.read() as connection:
        over = [(day, name) for day, name in partitions.days(connection, table) if day < before]
    busy = False
    for day, name in over:
        gone = None if busy else _try_to(store, drop, name, day)
        busy = gone is None
        (released.days if gone else released.kept).append(name)


def _try_to(store: Store, drop: Drop, name: str, day: date) -> bool | None:
    """Drop one day; None: not by us, or not now, as nobody shall wait behind us."""
    try:
        with store.transaction() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            return drop(connection, name, day)
    except (DBAPIError, Unavailable) as problem:
        error = problem.__cause__ if isinstance(problem, Unavailable) else problem
        if isinstance(getattr(error, "orig", None), _NOT_NOW):
            return None
        raise


def _drop_about_items(connection: Connection, name: str, day: date) -> bool:
    """Drop a day, unless items of that time are left."""
    after = id_floor(_start(day + timedelta(days=2)))
    left = text(
        f"SELECT EXISTS (SELECT FROM {name}"  # noqa: S608 - a name of ours
        " WHERE item_id IN (SELECT id FROM items WHERE id < :after))"
    )
    if connection.execute(left, {"after": after}).scalar_one():
        return False
    connection.execute(text(f"DROP TABLE {name}"))
    return True


def _drop_events(connection: Connection, name: str, _day: date) -> bool:
    connection.execute(text(f"DROP TABLE {name}"))
    return True


def _drop_audit(connection: Connection, name: str, day: date) -> bool:
    """Drop a day of the audit, and say so in the audit; not what was never sealed."""
    unsealed = text(
        f"SELECT count(*), count(*) FILTER (WHERE transaction >="  # noqa: S608 - a name of ours
        f" (SELECT coalesce(max(until), 0) FROM audit_blocks)) AS unsealed, now() FROM {name}"
    )
    count, left, now = connection.execute(unsealed).one()
    if left:
        return False
    connection.execute(text(f"DROP TABLE {name}"))
    details = {"before": (day + timedelta(days=1)).isoformat(), "events": count}
    event = AuditEvent(at=now, actor=_ACTOR, kind=DAYS_DROPPED, details=details)
    record(connection, [event])
    return True


def _delete_leftovers(store: Store, items: date, events: date) -> None:
    """Delete old rows of days that stay: what is left there belongs to items that stay too."""
    for table in (*_ABOUT_ITEMS, _EVENTS):
        with store.transaction() as connection:
            if table == _EVENTS:
                _delete(connection, table, "id < :floor", floor=id_floor(_start(events)))
            else:
                where = f"id < :floor AND {_ORPHAN.format(table)}"
                _delete(connection, table, where, floor=id_floor(_start(items)))


def _note(connection: Connection, released: Released) -> None:
    at = connection.execute(text("SELECT now()")).scalar_one()
    details = asdict(released)
    record(connection, [AuditEvent(at=at, actor=_ACTOR, kind="retention.applied", details=details)])


def _delete(connection: Connection, table: str, where: str, **given: object) -> None:
    connection.execute(text(f"DELETE FROM {table} WHERE {where}"), given)  # noqa: S608 - ours


def _today(store: Store) -> date:
    with store.read() as connection:
        found = connection.execute(text("SELECT (now() AT TIME ZONE 'UTC')::date")).scalar_one()
    assert isinstance(found, date)  # noqa: S101 - as cast
    return found


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
