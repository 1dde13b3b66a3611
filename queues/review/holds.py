"""Cases in the hands of reviewers: kept, given back, and taken from whoever went away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.review.suggestions import Suggestion
from queues.store.ranking import NEXT_FIRST

_HELD: Final = text(f"""
SELECT cases.id, cases.item_id, items.sender_id, cases.verdict_id, cases.purpose, cases.tier,
    cases.queue, cases.policy, cases.reason, cases.rule, cases.severity, cases.language,
    cases.enqueued_at, cases.due_at, cases.round, holds.lease_until
FROM holds JOIN cases ON cases.id = holds.case_id JOIN items ON items.id = cases.item_id
WHERE holds.reviewer = :reviewer AND holds.lease_until >= now() AND cases.state = 'open'
  AND (CAST(:cases AS uuid[]) IS NULL OR cases.id = ANY(:cases))
ORDER BY {NEXT_FIRST}
""")  # noqa: S608 - made of constants
# Claims lock the case as well: where a lease has ended, either it begins anew or another sits down.
_LOCK: Final = text("SELECT FROM cases WHERE id = :case FOR UPDATE")
# Whoever has gone home keeps what they have as long as they had it, and no longer.
_RENEW: Final = text("""
UPDATE holds SET lease_until = CASE WHEN :longer
    THEN now() + make_interval(secs => :lease) ELSE holds.lease_until END
FROM cases WHERE holds.case_id = :case AND holds.reviewer = :reviewer
    AND cases.id = holds.case_id AND cases.state = 'open'
RETURNING holds.lease_until
""")
# Of many seats at once, those that somebody is about to change are left to them: whoever waited for
# one with others in hand could wait for each other.
_RELEASE: Final = text("""
DELETE FROM holds WHERE reviewer = :reviewer AND case_id IN (
    SELECT holds.case_id FROM holds JOIN cases ON cases.id = holds.case_id
    WHERE holds.reviewer = :reviewer AND cases.state = 'open'
        AND (CAST(:cases AS uuid[]) IS NULL OR holds.case_id = ANY(:cases))
    FOR UPDATE OF holds SKIP LOCKED
)
RETURNING case_id
""")
_EXPIRE: Final = text("""
DELETE FROM holds WHERE (case_id, reviewer) IN (
    SELECT holds.case_id, holds.reviewer FROM holds JOIN cases ON cases.id = holds.case_id
    WHERE holds.lease_until < now() OR holds.reviewer = ANY(:gone) OR cases.state <> 'open'
    FOR UPDATE OF holds SKIP LOCKED
)
""")
_HOLDERS: Final = text("SELECT DISTINCT reviewer FROM holds")
_KEEP: Final = text("""
INSERT INTO holds (case_id, reviewer, lease_until)
VALUES (:case, :reviewer, now() + make_interval(secs => :lease))
ON CONFLICT (case_id, reviewer) DO UPDATE SET lease_until = excluded.lease_until
""")
_LEAVE: Final = text("DELETE FROM holds WHERE case_id = :case AND reviewer = :reviewer")
_HAS: Final = text("""
SELECT reviewer = :reviewer AS own, reviewer FROM holds
WHERE case_id = :case AND (reviewer = :reviewer OR lease_until >= now())
ORDER BY own DESC LIMIT 1
""")


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
    """As `queues.quality.purposes` names them."""
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
    blind: bool = False
    """Whether it is decided without a suggestion."""
    suggestion: Suggestion | None = None
    """Of the machine; None: it is hidden."""


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
    connection.execute(_LOCK, {"case": case})
    given = {"reviewer": reviewer, "case": case, "lease": lease, "longer": longer}
    return connection.execute(_RENEW, given).scalar_one_or_none()


def give_back(
    connection: Connection, reviewer: str, cases: Sequence[UUID] | None = None
) -> list[UUID]:
    """Let go of some cases, or of all; says of which."""
    given = {"reviewer": reviewer, "cases": None if cases is None else list(cases)}
    return list(connection.execute(_RELEASE, given).scalars())


def has(connection: Connection, reviewer: str, case: UUID) -> tuple[bool, str | None]:
    """Whether a reviewer has a seat at a case; if not, somebody who has one, if any."""
    found = connection.execute(_HAS, {"case": case, "reviewer": reviewer}).one_or_none()
    return (False, None) if found is None else (found.own, found.reviewer)


def keep(connection: Connection, reviewer: str, case: UUID, *, lease: float) -> None:
    """Give somebody the seat back that they had."""
    connection.execute(_KEEP, {"case": case, "reviewer": reviewer, "lease": lease})


def leave(connection: Connection, reviewer: str, case: UUID) -> None:
    """Let go of a seat."""
    connection.execute(_LEAVE, {"case": case, "reviewer": reviewer})


def holders(connection: Connection) -> list[str]:
    """Everybody who has a case."""
    return list(connection.execute(_HOLDERS).scalars())


def expire(connection: Connection, gone: Sequence[str] = ()) -> int:
    """Take back seats whose lease has ended or whose case is closed, and all of those who are gone.

    Says how many.
    """
    return connection.execute(_EXPIRE, {"gone": list(gone)}).rowcount
