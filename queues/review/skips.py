"""Skips: somebody gives a case back with a reason, and never gets it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from queues.errors import Refused
from queues.review.docket import Docket
from queues.review.holds import leave
from queues.store.ledger import AuditEvent, record

_NOTE: Final = text("""
INSERT INTO skips (case_id, reviewer, reason) VALUES (:case, :reviewer, :reason)
ON CONFLICT (case_id, reviewer) DO NOTHING
""")
_COUNT: Final = text("""
SELECT reviewer, reason, count(*) AS cases FROM skips WHERE at >= :since
GROUP BY reviewer, reason ORDER BY reviewer, reason
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skips:
    """How often somebody skipped for a reason."""

    reviewer: str
    reason: str
    cases: int


def checked(reason: str, known: Sequence[str]) -> str:
    """A reason that there is; raises Refused."""
    if reason not in known:
        field = "reason"
        raise Refused(field, f"is none of {', '.join(known)}")
    return reason


def skip(connection: Connection, docket: Docket, reviewer: str, reason: str) -> None:
    """Give a case back that is under the lock, for good, and tell the audit."""
    connection.execute(_NOTE, {"case": docket.id, "reviewer": reviewer, "reason": reason})
    leave(connection, reviewer, docket.id)
    event = AuditEvent(
        at=docket.at,
        actor=f"reviewer:{reviewer}",
        kind="case.skipped",
        item_id=docket.item_id,
        subject=str(docket.id),
        details={"queue": docket.queue, "reason": reason},
    )
    record(connection, [event])


def counted(connection: Connection, since: datetime) -> list[Skips]:
    """How often everybody skipped since a moment, by reason: for quality."""
    return [Skips(**row) for row in connection.execute(_COUNT, {"since": since}).mappings()]
