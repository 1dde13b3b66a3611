"""Drafts: what somebody is writing about a case that they have in hand; nobody else reads it."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

_KEEP: Final = text("""
INSERT INTO drafts (case_id, reviewer, text) VALUES (:case, :reviewer, :text)
ON CONFLICT (case_id, reviewer) DO UPDATE SET text = excluded.text, at = now()
""")
_DROP: Final = text("DELETE FROM drafts WHERE case_id = :case AND reviewer = :reviewer")
_READ: Final = text("SELECT text FROM drafts WHERE case_id = :case AND reviewer = :reviewer")


def keep(connection: Connection, case: UUID, reviewer: str, written: str) -> None:
    """Keep what somebody has written so far; an empty one is let go of.

    Args:
        connection: Of the transaction.
        case: One that they have in hand, under its lock.
        reviewer: Whose draft it is.
        written: All of it; what was there before goes.
    """
    if written.strip():
        connection.execute(_KEEP, {"case": case, "reviewer": reviewer, "text": written})
    else:
        connection.execute(_DROP, {"case": case, "reviewer": reviewer})


def draft_of(connection: Connection, case: UUID, reviewer: str) -> str | None:
    """What somebody had written about a case; None: nothing."""
    given = {"case": case, "reviewer": reviewer}
    found: str | None = connection.execute(_READ, given).scalar_one_or_none()
    return found
