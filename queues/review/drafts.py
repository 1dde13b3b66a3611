"""Drafts: what somebody is about to say of a case that they have in hand, read by them alone."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

_KEEP: Final = text("""
INSERT INTO drafts (case_id, reviewer, text, choices) VALUES (:case, :reviewer, :text, :choices)
ON CONFLICT (case_id, reviewer)
DO UPDATE SET text = excluded.text, choices = excluded.choices, at = now()
""")
_DROP: Final = text("DELETE FROM drafts WHERE case_id = :case AND reviewer = :reviewer")
_READ: Final = text(
    "SELECT text, choices FROM drafts WHERE case_id = :case AND reviewer = :reviewer"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody is about to say."""

    text: str = field(default="", repr=False)
    """What they have written so far."""
    choices: str = field(default="", repr=False)
    """What they have chosen so far, in whatever form their page keeps it."""


def keep(connection: Connection, case: UUID, reviewer: str, draft: Draft) -> None:
    """Keep what somebody is about to say; an empty draft is let go of.

    Args:
        connection: Of the transaction.
        case: One that they have in hand, under its lock.
        reviewer: Whose draft it is.
        draft: All of it; what was there before goes.
    """
    given = {"case": case, "reviewer": reviewer}
    if draft.text.strip() or draft.choices:
        connection.execute(_KEEP, given | {"text": draft.text, "choices": draft.choices})
    else:
        connection.execute(_DROP, given)


def draft_of(connection: Connection, case: UUID, reviewer: str) -> Draft | None:
    """What somebody was about to say of a case; None: nothing."""
    found = connection.execute(_READ, {"case": case, "reviewer": reviewer}).mappings().first()
    return None if found is None else Draft(**found)
