"""Writes audit events; `auditing` chains and checks them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import Connection

from queues.ids import new_id
from queues.store.adding import Row, Table, add

#: The kind of event that says which days of events were dropped, as their time was over.
DAYS_DROPPED: Final = "audit.days_dropped"

EVENTS: Final = Table(
    "audit_events",
    id="uuid",
    at="timestamptz",
    actor="text",
    kind="text",
    item_id="uuid",
    subject="text",
    details="json",
    digest="bytea",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Who did what to what, and when. No texts of people: the chain outlives their erasure."""

    at: datetime
    actor: str
    """`key:NAME`, `reviewer:NAME`, `machine`, `cli:USER`."""
    kind: str
    """`item.accepted`, `item.read`, `case.opened`, `decision.made`, `release.activated`, …"""
    item_id: UUID | None = None
    subject: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    id: UUID = field(default_factory=new_id)


def record(connection: Connection, events: Iterable[AuditEvent]) -> None:
    """Write events in the transaction of what they tell of."""
    add(connection, {EVENTS: list(map(row_of, events))})


def digest_of(event: AuditEvent, details: bytes) -> bytes:
    """SHA-256 over an event as it stands in the table.

    Args:
        event: The event.
        details: Its details as they are stored, byte for byte.
    """
    item = None if event.item_id is None else str(event.item_id)
    columns = (event.actor, event.kind, item, event.subject, details)
    return digest_of_columns(str(event.id), event.at.timestamp(), *columns)


def digest_of_columns(  # noqa: PLR0913, PLR0917 - the columns of a row
    identity: str,
    at: float,
    actor: str,
    kind: str,
    item: str | None,
    subject: str | None,
    details: bytes,
) -> bytes:
    """As `digest_of`, of columns as they are read; `at` in seconds since 1970."""
    # Postgres keeps microseconds; the nearest float tells them apart.
    head = orjson.dumps([identity, at.hex(), actor, kind, item, subject])
    return sha256(head + b"\n" + details).digest()


def row_of(event: AuditEvent) -> Row:
    """The row of an event."""
    details = orjson.dumps(event.details, option=orjson.OPT_SORT_KEYS)
    return (
        event.id,
        event.at,
        event.actor,
        event.kind,
        event.item_id,
        event.subject,
        details.decode(),
        digest_of(event, details),
    )
