"""What became of events on their way to receivers, and sending them again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, func, select

from queues.errors import Conflict, NotFound
from queues.store.events import DeliveryState
from queues.store.ledger import AuditEvent, record
from queues.store.session import Store
from queues.store.tables.effects import deliveries, events, webhooks

#: Most deliveries of one answer.
PAGE: Final = 1_000

_DELIVERY: Final = "delivery"
_WEBHOOK: Final = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one receiver."""

    id: UUID
    event_id: UUID
    kind: str | None
    """Of the event; None when the event is no longer kept."""
    item_id: UUID | None
    webhook_id: UUID
    state: DeliveryState
    attempts: int
    created_at: datetime
    """When it was put on its way, for the first time or again by people."""
    next_at: datetime
    """While pending: when it is tried next, or until when the present attempt may take."""
    delivered_at: datetime | None
    last_status: int | None
    """What the receiver answered last."""
    last_error: str | None
    """Why the last attempt failed."""


def log(
    store: Store,
    webhook_id: UUID,
    *,
    state: DeliveryState | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Delivery]:
    """Deliveries to one receiver, the youngest first.

    Args:
        store: Where they are kept.
        webhook_id: Whose.
        state: Only those in this state; `DeliveryState.DEAD` gives the dead letters.
        before: The last id of the page before.
        limit: How many at most, up to `PAGE`.

    Raises:
        NotFound: there is no webhook of this id.
    """
    question = (
        select(deliveries, events.c.kind, events.c.item_id)
        .outerjoin(events, events.c.id == deliveries.c.event_id)
        .where(deliveries.c.webhook_id == webhook_id)
        .order_by(deliveries.c.id.desc())
        .limit(min(limit, PAGE))
    )
    if state is not None:
        question = question.where(deliveries.c.state == _spelt(state))
    if before is not None:
        question = question.where(deliveries.c.id < before)
    with store.read() as connection:
        _is_active(connection, webhook_id)
        rows = connection.execute(question).all()
    return [_delivery(row) for row in rows]


def redeliver(store: Store, delivery_id: UUID, *, by: str) -> None:
    """Send one event again, whether it was given up or received.

    The event keeps its id, so a receiver that deduplicates acts on it once all the same.

    Raises:
        NotFound: there is no delivery of this id.
        Conflict: it is on its way already, or its webhook is disabled.
    """
    with store.transaction() as connection:
        row = connection.execute(
            select(deliveries).where(deliveries.c.id == delivery_id).with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound(_DELIVERY, str(delivery_id))
        if row.state == DeliveryState.PENDING:
            raise Conflict(_DELIVERY, "it is on its way")
        _demand_active(connection, row.webhook_id)
        _send_again(connection, deliveries.c.id == delivery_id)
        _record(connection, row.webhook_id, by, {"delivery": str(delivery_id)})


def redeliver_dead(store: Store, webhook_id: UUID, *, by: str) -> int:
    """Send again whatever was given up for one receiver; says how many.

    Raises:
        NotFound: there is no webhook of this id.
        Conflict: it is disabled.
    """
    with store.transaction() as connection:
        _demand_active(connection, webhook_id)
        count = _send_again(
            connection,
            (deliveries.c.webhook_id == webhook_id)
            & (deliveries.c.state == _spelt(DeliveryState.DEAD)),
        )
        if count:
            _record(connection, webhook_id, by, {"deliveries": count})
    return count


def _spelt(state: DeliveryState) -> BindParameter[str]:
    """A state that stands in the statement itself, so that the partial indices serve."""
    return bindparam("spelt", state.value, literal_execute=True)


def _send_again(connection: Connection, which: ColumnElement[bool]) -> int:
    """Put deliveries on their way as if they were new: as many attempts, as much time."""
    sent = connection.execute(
        deliveries.update()
        .where(which)
        .values(
            state=DeliveryState.PENDING.value,
            attempts=0,
            created_at=func.now(),
            next_at=func.now(),
            delivered_at=None,
        )
    )
    return sent.rowcount


def _is_active(connection: Connection, webhook_id: UUID) -> bool:
    row = connection.execute(
        select(webhooks.c.active).where(webhooks.c.id == webhook_id)
    ).one_or_none()
    if row is None:
        raise NotFound(_WEBHOOK, str(webhook_id))
    return bool(row.active)


def _demand_active(connection: Connection, webhook_id: UUID) -> None:
    if not _is_active(connection, webhook_id):
        raise Conflict(_WEBHOOK, "it is disabled; nothing is sent to it")


def _record(connection: Connection, webhook_id: UUID, by: str, details: dict[str, object]) -> None:
    at = connection.execute(select(func.now())).scalar_one()
    event = AuditEvent(
        at=at, actor=by, kind="webhook.redelivered", subject=str(webhook_id), details=details
    )
    record(connection, [event])


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        event_id=row.event_id,
        kind=row.kind,
        item_id=row.item_id,
        webhook_id=row.webhook_id,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        next_at=row.next_at,
        delivered_at=row.delivered_at,
        last_status=row.last_status,
        last_error=row.last_error,
    )
