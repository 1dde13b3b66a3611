"""Looks whether the audit events of a database are those that were sealed."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final

import orjson
import psycopg
from sqlalchemy import Connection, text

from queues.auditing.chain import Anchor, Block
from queues.auditing.comparing import Comparison
from queues.auditing.events import Event
from queues.auditing.findings import Findings
from queues.store.ledger import DAYS_DROPPED, digest_of_columns
from queues.store.session import Store, driver

#: Rows fetched at once.
_EVENTS_AT_ONCE: Final = 5_000
_BLOCKS_AT_ONCE: Final = 20

# A moment that no program of ours writes, such as `infinity`, is read as none.
_BLOCKS: Final = """
    SELECT number, until, events, digests, count, previous, digest,
        CASE WHEN sealed_at BETWEEN '1900-01-01Z' AND '9000-01-01Z' THEN sealed_at END AS sealed_at
    FROM audit_blocks ORDER BY number
"""
_EVENTS: Final = """
    SELECT uuid_send(id), CASE WHEN at BETWEEN '1900-01-01Z' AND '9000-01-01Z' THEN at END,
        actor, kind, item_id::text, digest, transaction, id::text, subject, details::text
    FROM audit_events ORDER BY transaction, id
"""
#: Rows come in the order of the index, so that nothing has to be sorted as a whole.
_PLANNING: Final = "SET LOCAL enable_sort = off; SET LOCAL jit = off"

#: Told how many events were looked at.
Progress = Callable[[int], None]


def verify(
    store: Store, *, anchor: Anchor | None = None, progress: Progress = lambda _done: None
) -> Findings:
    """Compare all events with the chain: one reading of both, in constant memory.

    Args:
        store: The database.
        anchor: A block noted elsewhere, such as in the logs. Without one, somebody who can change
            every table could have made the whole chain anew.
        progress: Told now and then how many events were looked at.

    Raises:
        Unavailable: the database is away.
    """
    comparison = Comparison(anchor)
    with store.read() as connection:
        connection.execute(text(_PLANNING))
        return comparison.compare(_blocks(connection), _events(connection, progress))


def _blocks(connection: Connection) -> Iterator[Block]:
    with _cursor(connection, "blocks", _BLOCKS) as cursor:
        names = [column.name for column in cursor.description or ()]
        while rows := cursor.fetchmany(_BLOCKS_AT_ONCE):
            for row in rows:
                yield Block(**dict(zip(names, row, strict=True)))


def _events(connection: Connection, progress: Progress) -> Iterator[Event]:
    done = 0
    with _cursor(connection, "events", _EVENTS) as cursor:
        while rows := cursor.fetchmany(_EVENTS_AT_ONCE):
            for row in rows:
                yield _event(*row)
            done += len(rows)
            progress(done)


def _event(  # noqa: PLR0913, PLR0917 - the columns of a row
    key: bytes,
    at: datetime | None,
    actor: str,
    kind: str,
    item: str | None,
    digest: bytes,
    transaction: int,
    identity: str,
    subject: str | None,
    details: str,
) -> Event:
    content = b""
    if at is not None:
        columns = (actor, kind, item, subject, details.encode())
        content = digest_of_columns(identity, at.timestamp(), *columns)
    dropped = _dropped(details) if kind == DAYS_DROPPED else None
    return Event(key, at, actor, kind, item, digest, transaction, content, dropped)


def _dropped(details: str) -> date | None:
    try:
        return date.fromisoformat(orjson.loads(details)["before"])
    except (KeyError, TypeError, ValueError):
        return None


def _cursor(connection: Connection, name: str, query: str) -> psycopg.ServerCursor[Any]:
    cursor = driver(connection).cursor(name, binary=True)
    cursor.execute(query.encode("ascii"))
    return cursor
