"""Seals audit events into the chain, once their transactions are complete."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import psycopg
import structlog
from sqlalchemy import Connection, insert, select, text

from queues.auditing.chain import Anchor, Block, Row, chained
from queues.errors import Conflict
from queues.store.locks import Lock
from queues.store.session import Store, driver
from queues.store.tables.audit import audit_blocks

#: Blocks sealed in one transaction.
_AT_ONCE: Final = 100
_FETCHED: Final = 5_000
_SEALING: Final = "sealing"
_BEHIND: Final = (
    "this server counts transactions from below the end of the chain, as after a restore; "
    "`tierwise migrate` lets the chain go on"
)
# Every transaction below this has ended, so what it wrote is all there is of it.
_HORIZON: Final = (
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + audit_offset(), now()"
)
_COMPLETE: Final = (
    "SELECT uuid_send(id), digest, transaction FROM audit_events"
    " WHERE transaction >= %s AND transaction < %s ORDER BY transaction, id"
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What one call sealed."""

    blocks: int
    events: int
    head: Anchor | None
    """The last block; None: there is none yet."""


def seal(store: Store) -> Sealed:
    """Seal all events of transactions that have ended; nothing, where another process does so now.

    Raises:
        Conflict: the database was restored into another server, and not migrated since.
    """
    blocks = events = 0
    head: Block | None = None
    done = False
    while not done:
        with store.transaction() as connection:
            if not _lock(connection):
                break
            head = _last(connection)
            made = _sealed(connection, head)
        blocks += len(made)
        events += sum(block.count for block in made)
        head = made[-1] if made else head
        done = len(made) < _AT_ONCE
    anchor = None if head is None else Anchor(number=head.number, digest=head.digest)
    if blocks and anchor is not None:
        # Logs are kept elsewhere: what stands there can be compared.
        _log.info("sealed", events=events, block=anchor.number, digest=anchor.digest.hex())
    return Sealed(blocks=blocks, events=events, head=anchor)


def _lock(connection: Connection) -> bool:
    question = text("SELECT pg_try_advisory_xact_lock(:lock)")
    return bool(connection.execute(question, {"lock": Lock.SEALING.value}).scalar_one())


def _last(connection: Connection) -> Block | None:
    """The last block, without its events."""
    columns = [column for column in audit_blocks.c if column.name not in {"events", "digests"}]
    question = select(*columns).order_by(audit_blocks.c.number.desc()).limit(1)
    row = connection.execute(question).mappings().one_or_none()
    return None if row is None else Block(**row, events=b"", digests=b"")


def _sealed(connection: Connection, last: Block | None) -> list[Block]:
    """Seal the next blocks."""
    horizon, now = connection.execute(text(_HORIZON)).one()
    since = 0 if last is None else last.until
    if horizon < since:
        raise Conflict(_SEALING, _BEHIND)
    with driver(connection).cursor("unsealed", binary=True) as cursor:
        cursor.execute(_COMPLETE, (since, horizon))
        made = list(islice(chained(_rows(cursor), last, horizon, now), _AT_ONCE))
    for block in made:
        row = {name: getattr(block, name) for name in audit_blocks.c.keys()}  # noqa: SIM118 - no dictionary
        connection.execute(insert(audit_blocks).values(row))
    return made


def _rows(cursor: psycopg.ServerCursor[Any]) -> Iterator[Row]:
    while rows := cursor.fetchmany(_FETCHED):
        yield from rows
