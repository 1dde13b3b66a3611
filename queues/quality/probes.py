"""Cases that measure and decide nothing: the vote is kept, and that is all."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

_CONCLUDE: Final = text("""
UPDATE cases SET state = 'decided', closed_at = now(), commit_at = NULL
WHERE id = :case AND state = 'open'
""")
_VOTE: Final = text("SELECT id FROM votes WHERE case_id = :case ORDER BY id DESC LIMIT 1")
_GIVE_UP: Final = text("""
UPDATE cases SET state = 'withdrawn', closed_at = now()
WHERE id = :case AND only_for IS NOT NULL AND state IN ('waiting', 'open')
""")
# Whoever is at one may finish it, and what was voted counts.
_EXPIRE: Final = text("""
UPDATE cases SET state = 'withdrawn', closed_at = now()
WHERE id IN (
    SELECT id FROM cases WHERE state IN ('waiting', 'open') AND due_at < now()
        AND (only_for IS NOT NULL OR purpose = 'validation') AND commit_at IS NULL
        AND NOT EXISTS (SELECT FROM holds
            WHERE holds.case_id = cases.id AND holds.lease_until >= now())
    FOR UPDATE SKIP LOCKED
)
""")


def conclude(connection: Connection, case: UUID) -> UUID:
    """Close a case that measures, after the vote on it; nothing else is changed, nobody is told.

    Returns:
        The id of that vote: answers have it where other cases have the id of a decision.
    """
    connection.execute(_CONCLUDE, {"case": case})
    return vote_of(connection, case)


def vote_of(connection: Connection, case: UUID) -> UUID:
    """The last vote on a case."""
    vote: UUID = connection.execute(_VOTE, {"case": case}).scalar_one()
    return vote


def give_up(connection: Connection, case: UUID) -> None:
    """Close a case that only one person can get, and they do not want it; others are left."""
    connection.execute(_GIVE_UP, {"case": case})


def expire(connection: Connection) -> int:
    """Close those that nobody decided by their deadline; says how many."""
    return connection.execute(_EXPIRE).rowcount
