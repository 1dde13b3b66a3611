"""Tells of cases: to receivers outside and to the audit, in the transaction of the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.store import events, ledger
from queues.store.events import EventKind, NewEvent
from queues.store.ledger import AuditEvent
from queues.store.outbox import PRIORITIES

_WORDS: Final = {number: priority.value for priority, number in PRIORITIES.items()}
_CASES: Final = text("""
SELECT cases.id AS case_id, cases.item_id, items.sender_id, cases.purpose, cases.tier, cases.queue,
       cases.policy, cases.priority, cases.enqueued_at, cases.due_at, now() AS at
FROM cases JOIN items ON items.id = cases.item_id
WHERE cases.id = ANY(:cases) ORDER BY cases.id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened to a case."""

    case_id: UUID
    about: Mapping[str, object]
    """Said beside what a case always says; names and moments, never what people wrote."""


def announce(connection: Connection, kind: EventKind, news: Sequence[News]) -> None:
    """Emit an event and write an audit event for each case, as it stands in its row.

    Events hold `case_id`, `item_id`, `sender_id` (the sender's name for the item), `purpose`,
    `tier`, `queue`, `policy`, `priority`, `enqueued_at`, `due_at`, and what is said beside.
    """
    if not news:
        return
    about = {each.case_id: each.about for each in news}
    rows = connection.execute(_CASES, {"cases": list(about)}).mappings().all()
    events.emit(
        connection,
        [
            NewEvent(
                kind=kind.value,
                item_id=row["item_id"],
                payload={
                    **{name: value for name, value in row.items() if name != "at"},
                    "priority": _WORDS[row["priority"]],
                    **about[row["case_id"]],
                },
            )
            for row in rows
        ],
    )
    ledger.record(
        connection,
        [
            _audited(
                kind,
                row["case_id"],
                row["item_id"],
                row["at"],
                {"tier": row["tier"], "queue": row["queue"], **about[row["case_id"]]},
            )
            for row in rows
        ],
    )


def _audited(
    kind: EventKind, case: UUID, item: UUID, at: datetime, details: Mapping[str, object]
) -> AuditEvent:
    return AuditEvent(
        at=at,
        actor="machine",
        kind=kind.value,
        item_id=item,
        subject=str(case),
        details=details,
    )
