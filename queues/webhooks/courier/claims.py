"""Deliveries as one courier holds them: claimed for some time, and settled.

A claim pushes the moment of the next attempt ahead; that is its lease. Whoever dies with it leaves
a delivery that is due again when the lease is over. The number of the attempt tells whose it is: a
failure that is reported late, after somebody else has taken over, changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, func, select, text

from queues.store.events import DeliveryState
from queues.store.ledger import AuditEvent, record
from queues.webhooks.courier.outcomes import Fate, Outcome, longest_wait
from queues.webhooks.courier.slots import Room

# An array of ids, for which the planner always takes the index, however small the table.
_CLAIM: Final = text("""
UPDATE deliveries
SET attempts = attempts + 1, next_at = clock_timestamp() + make_interval(secs => :lease)
WHERE id = ANY (ARRAY (
    SELECT due.id
    FROM (
        SELECT id, coalesce(more, 1) AS more
        FROM webhooks LEFT JOIN unnest(
            CAST(:known AS uuid[]), CAST(:more AS int[]), CAST(:under_way AS int[])
        ) AS room (webhook_id, more, under_way) ON room.webhook_id = id
        WHERE active ORDER BY coalesce(under_way, 0), random()
    ) AS receiver
    CROSS JOIN LATERAL (
        SELECT id FROM deliveries
        WHERE webhook_id = receiver.id AND state = 'pending' AND next_at <= now()
        ORDER BY next_at LIMIT receiver.more FOR UPDATE SKIP LOCKED
    ) AS due
    LIMIT :free
))
RETURNING id, event_id, webhook_id, attempts,
    extract(epoch FROM clock_timestamp())::double precision AS at
""")
_EVENTS: Final = text("""
SELECT events.id, events.kind, events.at, events.item_id, items.sender_id, items.kind AS item_kind,
    events.payload::text AS payload
FROM events LEFT JOIN items ON items.id = events.item_id
WHERE events.id = ANY (:ids)
""")
_RECEIVERS: Final = text("""
SELECT id, url, ARRAY (
    SELECT secret FROM webhook_secrets
    WHERE webhook_id = webhooks.id AND (expires_at IS NULL OR expires_at > now()) ORDER BY id DESC
) AS secrets
FROM webhooks WHERE id = ANY (:ids)
""")
_SETTLE: Final = text("""
UPDATE deliveries SET
    state = CASE
        WHEN fate = 'delivered' THEN 'delivered'
        WHEN fate IN ('gone', 'lost') THEN 'dead'
        WHEN fate = 'failed' AND created_at + make_interval(secs => :patience) <= now() THEN 'dead'
        ELSE 'pending' END,
    delivered_at = CASE WHEN fate = 'delivered' THEN now() END,
    next_at = CASE WHEN fate = 'failed' THEN least(
        now() + make_interval(secs => wait + random() * longest),
        greatest(now(), created_at + make_interval(secs => :patience))) ELSE now() END,
    last_status = coalesce(status, last_status),
    last_error = CASE WHEN fate = 'given back' THEN last_error ELSE error END
FROM unnest(
    CAST(:ids AS uuid[]), CAST(:attempts AS int[]), CAST(:fates AS text[]),
    CAST(:statuses AS int[]), CAST(:errors AS text[]), CAST(:waits AS float8[]),
    CAST(:longest AS float8[])
) AS outcome (delivery, attempt, fate, status, error, wait, longest)
WHERE id = delivery AND state = 'pending' AND (attempts = attempt OR fate = 'delivered')
RETURNING id, state
""")
_DISABLE: Final = text("""
UPDATE webhooks SET active = false WHERE id = ANY (:ids) AND active RETURNING id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What is delivered."""

    id: UUID
    kind: str
    at: datetime
    item_id: UUID | None
    sender_id: str | None
    """The item's id at its sender."""
    item_kind: str | None
    payload: str
    """JSON, as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that is this courier's for some time."""

    id: UUID
    webhook_id: UUID
    attempt: int
    """Its number, from 1."""
    at: float
    """When it was claimed, by the clock of the database: seconds since 1970 UTC."""
    url: str
    secrets: Sequence[str]
    """The newest first."""
    event: Event | None
    """None when it is no longer kept."""


def claim(
    connection: Connection, rooms: Mapping[UUID, Room], *, free: int, lease: float
) -> list[Claim]:
    """Take what is due, for each receiver as much as it has room for.

    Args:
        connection: Of a unit of work.
        rooms: What each receiver may have; one that is not named may begin with one.
        free: How many at most, of all receivers together: those come first that have fewest.
        lease: Seconds after which others may take it.
    """
    if free <= 0:
        return []
    rows = connection.execute(
        _CLAIM,
        {
            "known": list(rooms),
            "more": [room.more for room in rooms.values()],
            "under_way": [room.under_way for room in rooms.values()],
            "free": free,
            "lease": lease,
        },
    ).all()
    if not rows:
        return []
    found = connection.execute(_EVENTS, {"ids": list({row.event_id for row in rows})}).mappings()
    events = {row["id"]: Event(**row) for row in found}
    asked = connection.execute(_RECEIVERS, {"ids": list({row.webhook_id for row in rows})})
    receivers = {row.id: row for row in asked}
    return [
        Claim(
            id=row.id,
            webhook_id=row.webhook_id,
            attempt=row.attempts,
            at=row.at,
            url=receivers[row.webhook_id].url,
            secrets=receivers[row.webhook_id].secrets,
            event=events.get(row.event_id),
        )
        for row in rows
    ]


def settle(
    connection: Connection,
    ended: Iterable[tuple[Claim, Outcome]],
    *,
    patience: float,
    first_retry: float,
) -> list[UUID]:
    """Write down how attempts ended, and when the next ones are due; returns what is dead now.

    Args:
        connection: Of a unit of work.
        ended: Claims and what came of them.
        patience: Seconds after which a delivery that fails is dead.
        first_retry: Seconds within which the second attempt is made.
    """
    # In one order, so that couriers that write at once wait for one another in a row.
    rows = sorted(ended, key=lambda pair: pair[0].id)
    if not rows:
        return []
    settled = connection.execute(
        _SETTLE,
        {
            "ids": [claimed.id for claimed, _ in rows],
            "attempts": [claimed.attempt for claimed, _ in rows],
            "fates": [outcome.fate.value for _, outcome in rows],
            "statuses": [outcome.status for _, outcome in rows],
            "errors": [outcome.error for _, outcome in rows],
            "waits": [outcome.wait for _, outcome in rows],
            "longest": [longest_wait(claimed.attempt, first_retry) for claimed, _ in rows],
            "patience": patience,
        },
    )
    dead = [row.id for row in settled if row.state == DeliveryState.DEAD]
    _disable(connection, {one.webhook_id for one, outcome in rows if outcome.fate is Fate.GONE})
    return dead


def _disable(connection: Connection, webhooks: set[UUID]) -> None:
    if not webhooks:
        return
    disabled = connection.execute(_DISABLE, {"ids": list(webhooks)}).scalars().all()
    at = connection.execute(select(func.now())).scalar_one()
    record(
        connection,
        [
            AuditEvent(
                at=at,
                actor="machine",
                kind="webhook.disabled",
                subject=str(webhook),
                details={"active": False, "reason": "the receiver answered 410"},
            )
            for webhook in disabled
        ],
    )
