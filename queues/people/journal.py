"""What happens to accounts is told to the audit, without secrets and without what is private."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, func, select

from queues.store.ledger import AuditEvent, record


class Deed(StrEnum):
    """What happened."""

    ADDED = "person.added"
    CHANGED = "person.changed"
    DISABLED = "person.disabled"
    ENABLED = "person.enabled"
    PAUSED = "person.paused"
    RESUMED = "person.resumed"
    INVITED = "person.invited"
    LINKED = "person.linked"
    UNLINKED = "person.unlinked"
    ACCEPTED = "person.accepted"
    PASSWORD_CHANGED = "person.password_changed"  # noqa: S105 - a kind of event
    SESSION_OPENED = "session.opened"
    SESSION_REFUSED = "session.refused"
    SESSION_ENDED = "session.ended"


def note(
    connection: Connection,
    deed: Deed,
    account: UUID | None,
    *,
    by: str,
    details: Mapping[str, object] | None = None,
) -> None:
    """Write the event in the transaction of what it tells of.

    Args:
        connection: Of that transaction.
        deed: What happened.
        account: To whom; None: to nobody we know.
        by: Who did it, as audit events name people.
        details: Roles, and names of fields; the audit outlives what people may want forgotten.
    """
    at = connection.execute(select(func.now())).scalar_one()
    subject = None if account is None else str(account)
    event = AuditEvent(at=at, actor=by, kind=deed, subject=subject, details=details or {})
    record(connection, [event])
