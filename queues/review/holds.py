"""Cases in the hands of reviewers: kept, given back, and taken from whoever went away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.store.ranking import NEXT_FIRST

_HELD: Final = text(f"""
SELECT cases.id, cases.item_id, items.sender_id, cases.verdict_id, cases.purpose, cases.tier,
    cases.queue, cases.policy, cases.reason, cases.rule, cases.severity, cases.language,
    cases.enqueued_at, cases.due_at, cases.round, cases.lease_until
FROM cases JOIN items ON items.id = cases.item_id
WHERE cases.claimed_by = :reviewer AND cases.lease_until >= now() AND cases.state = 'open'
  AND (CAST(:cases AS uuid[]) IS NULL OR cases.id = ANY(:cases))
ORDER BY {NEXT_FIRST}
""")  # noqa: S608 - made of constants
# Whoever has gone home keeps what they have as long as they had it, and no longer.
_RENEW: Final = text("""
UPDATE cases SET lease_until = CASE WHEN :longer
    THEN now() + make_interval(secs => :lease) ELSE lease_until END
WHERE id = :case AND state = 'open' AND claimed_by = :reviewer
RETURNING lease_until
""")
_RELEASE: Final = text("""
UPDATE cases SET claimed_by = NULL, lease_until = NULL
WHERE claimed_by = :reviewer AND state = 'open'
  AND (CAST(:cases AS uuid[]) IS NULL OR id = ANY(:cases))
RETURNING id
""")
_EXPIRE: Final = text("""
UPDATE cases SET claimed_by = NULL, lease_until = NULL
WHERE id IN (SELECT id FROM cases WHERE claimed_by IS NOT NULL
    AND (lease_until < now() OR claimed_by = ANY(:gone))
    FOR UPDATE SKIP LOCKED)
""")
_HOLDERS: Final = text("SELECT DISTINCT claimed_by FROM cases WHERE claimed_by IS NOT NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A case in the hands of a reviewer."""

    id: UUID
    item_id: UUID
    sender_id: str
    """The sender's name for the item."""
    verdict_id: UUID
    """The verdict that brought it here."""
    purpose: str
    """`review`, `sample` or `appeal`."""
    tier: str
    queue: str
    policy: str
    reason: str
    rule: str
    severity: str
    language: str | None
    enqueued_at: datetime
    due_at: datetime
    round: int
    lease_until: datetime
    """Until then nobody else gets it."""


def held(
    connection: Connection, reviewer: str, cases: Sequence[UUID] | None = None
) -> list[Claimed]:
    """What a reviewer has, all or some of it, the next in rank first."""
    rows = connection.execute(
        _HELD, {"reviewer": reviewer, "cases": None if cases is None else list(cases)}
    )
    return [Claimed(**row) for row in rows.mappings()]


def renew(
    connection: Connection, reviewer: str, case: UUID, *, lease: float, longer: bool
) -> datetime | None:
    """Keep a case longer; when the lease ends, or None if it is not the reviewer's any more.

    Args:
        connection: Of the transaction.
        reviewer: Who has it.
        case: Which.
        lease: Seconds from now.
        longer: Whether they are at work; else the lease ends when it would have.
    """
    given = {"reviewer": reviewer, "case": case, "lease": lease, "longer": longer}
    return connection.execute(_RENEW, given).scalar_one_or_none()


def give_back(
    connection: Connection, reviewer: str, cases: Sequence[UUID] | None = None
) -> list[UUID]:
    """Let go of some cases, or of all; says of which."""
    given = {"reviewer": reviewer, "cases": None if cases is None else list(cases)}
    return list(connection.execute(_RELEASE, given).scalars())


def holders(connection: Connection) -> list[str]:
    """Everybody who has a case."""
    return list(connection.execute(_HOLDERS).scalars())


def expire(connection: Connection, gone: Sequence[str] = ()) -> int:
    """Take back cases whose lease has ended, and all of those who are gone; says how many."""
    return connection.execute(_EXPIRE, {"gone": list(gone)}).rowcount
