"""Events for receivers outside, and their deliveries, in the transaction of what they tell of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from queues.ids import new_id
from queues.store.adding import Table, add


class EventKind(StrEnum):
    """What receivers can be told of."""

    #: The outcome of an item is known, or has changed.
    ITEM_DECIDED = "item.decided"
    #: What was decided holds now.
    ACTION_APPLIED = "action.applied"
    #: The author is to be told something; the data holds the message.
    AUTHOR_NOTIFIED = "author.notified"
    #: Somebody who reported or appealed is to be told something; the data holds the message.
    REPORTER_NOTIFIED = "reporter.notified"
    #: A statement of reasons was written.
    STATEMENT_ISSUED = "statement.issued"
    #: People can take the case.
    CASE_OPENED = "case.opened"
    #: A case went to the next tier, or is overdue in the last one.
    CASE_ESCALATED = "case.escalated"
    #: An appeal has its answer.
    APPEAL_CLOSED = "appeal.closed"
    #: A report has its answer.
    REPORT_CLOSED = "report.closed"
    #: Something is not what it was: scores, labels, errors or a rule.
    ALARM_RAISED = "alarm.raised"
    #: It is again, or what it is has become the usual.
    ALARM_CLEARED = "alarm.cleared"
    #: A rule earned that it decides by itself, or has it again.
    CERTIFICATE_ISSUED = "certificate.issued"
    #: A rule that decides by itself may not any more in some language.
    CERTIFICATE_NARROWED = "certificate.narrowed"
    #: A rule may not decide by itself any more.
    CERTIFICATE_REVOKED = "certificate.revoked"
    #: A model that was trained from decisions is in force.
    MODEL_PROMOTED = "model.promoted"
    #: A model that was trained from decisions was not let in.
    MODEL_REFUSED = "model.refused"
    #: A canary or a release was taken back by the machine; the data says why.
    RELEASE_STOPPED = "release.stopped"
    #: Nothing came of a training.
    TRAINING_FAILED = "training.failed"


class DeliveryState(StrEnum):
    """Where one event is on its way to one receiver."""

    #: To be sent, again perhaps, as soon as it is due.
    PENDING = "pending"
    #: The receiver has it.
    DELIVERED = "delivered"
    #: Given up, until somebody sends it again.
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that has happened."""

    kind: str
    """One of `EventKind`."""
    item_id: UUID | None
    payload: Mapping[str, object]
    """What receivers get as `data`; UUIDs and moments may stand in it as they are."""
    id: UUID = field(default_factory=new_id)
    """Receivers deduplicate by it."""


_EVENTS: Final = Table("events", id="uuid", kind="text", item_id="uuid", payload="json")


def emit(connection: Connection, events: Iterable[NewEvent]) -> None:
    """Write events, and one delivery for each active webhook that wants them.

    Raises:
        ValueError: a kind that is none of `EventKind`.
    """
    new = tuple(events)
    if not new:
        return
    add(connection, {_EVENTS: list(map(_row, new))})
    connection.execute(
        text(
            "INSERT INTO deliveries (id, event_id, webhook_id, state)"
            " SELECT uuidv7(), event.id, webhooks.id, :pending"
            " FROM unnest(CAST(:ids AS uuid[]), CAST(:kinds AS text[])) AS event (id, kind)"
            " JOIN webhooks ON active AND (kinds = '{}' OR event.kind = ANY (kinds))"
        ),
        {
            "pending": DeliveryState.PENDING.value,
            "ids": [event.id for event in new],
            "kinds": [str(event.kind) for event in new],
        },
    )


def _row(event: NewEvent) -> tuple[object, ...]:
    payload = orjson.dumps(event.payload, option=orjson.OPT_UTC_Z).decode()
    return event.id, EventKind(event.kind).value, event.item_id, payload
