"""What one person decided alone, lately: to take back, to revise, or to look at once more.

What measures people looks like all else here: a vote, on a case that is decided.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.engine import RowMapping

from queues.errors import Refused
from queues.quality.blinding import told

_CURSOR: Final = "cursor"

_VOTES: Final = text("""
SELECT votes.id, votes.case_id, votes.action, votes.reasons, votes.comment, votes.at, votes.blind,
    cases.purpose, cases.state, cases.language, cases.decision_id, cases.commit_at,
    items.sender_id, now() AS now
FROM votes JOIN cases ON cases.id = votes.case_id JOIN items ON items.id = cases.item_id
WHERE votes.reviewer = :reviewer AND cases.tier = 'single' AND items.state <> 'erased'
    AND (CAST(:at AS timestamptz) IS NULL
        OR (votes.at, votes.id) < (CAST(:at AS timestamptz), CAST(:id AS uuid)))
ORDER BY votes.at DESC, votes.id DESC LIMIT :most
""")
_DECISIONS: Final = text(
    "SELECT id, action, reasons, comment, at FROM decisions WHERE id = ANY(:ids)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """What stands in place of what somebody decided first."""

    action: str
    reasons: tuple[str, ...]
    comment: str | None = field(repr=False)
    """Why."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What somebody decided."""

    case_id: UUID
    sender_id: str | None
    """The sender's name for the item; null: it was decided blind."""
    purpose: str
    """`review` or `appeal`."""
    language: str | None
    state: str
    """Of the case: `open` until the decision counts, then `decided`."""
    action: str
    reasons: tuple[str, ...]
    comment: str | None = field(repr=False)
    at: datetime
    undo_until: datetime | None
    """Until then it can be taken back; null: it cannot any more."""
    revised: Revised | None
    """By themselves, or by a senior; null: it stands as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedPage:
    """Some of it, the newest first."""

    decisions: list[Decided]
    next: str | None
    """The cursor of the next page; null: this was the last."""


def decided_by(
    connection: Connection, reviewer: str, *, grace: float, cursor: str | None, limit: int
) -> DecidedPage:
    """What somebody decided, the newest first.

    Args:
        connection: To read.
        reviewer: Who.
        grace: Seconds in which a decision can be taken back.
        cursor: Where to go on, as the page before says.
        limit: How many at most.

    Raises:
        Refused: the cursor is none of ours.
    """
    at, vote = (None, None) if cursor is None else _place(cursor)
    given = {"reviewer": reviewer, "at": at, "id": vote, "most": limit + 1}
    rows = connection.execute(_VOTES, given).mappings().all()
    ids = [row["decision_id"] for row in rows if row["decision_id"] is not None]
    found = connection.execute(_DECISIONS, {"ids": ids}).mappings() if ids else ()
    decisions = {row["id"]: row for row in found}
    shown = rows[:limit]
    return DecidedPage(
        decisions=[_decided(row, decisions.get(row["decision_id"]), grace) for row in shown],
        next=_cursor(shown[-1]) if len(rows) > limit else None,
    )


def _decided(vote: RowMapping, decision: RowMapping | None, grace: float) -> Decided:
    until = vote["at"] + timedelta(seconds=grace)
    fresh = vote["state"] == "open" and until > vote["now"]
    return Decided(
        case_id=vote["case_id"],
        sender_id=None if vote["blind"] else vote["sender_id"],
        purpose=told(vote["purpose"]),
        language=vote["language"],
        state=vote["state"],
        action=vote["action"],
        reasons=tuple(vote["reasons"]),
        comment=vote["comment"],
        at=vote["at"],
        undo_until=until if fresh else None,
        revised=None if decision is None else _revised(vote, decision),
    )


def _revised(vote: RowMapping, decision: RowMapping) -> Revised | None:
    """The decision of the case, where it is not what the vote said."""
    said = ("action", "reasons", "comment")
    if all(vote[name] == decision[name] for name in said):
        return None
    return Revised(
        action=decision["action"],
        reasons=tuple(decision["reasons"]),
        comment=decision["comment"],
        at=decision["at"],
    )


def _cursor(vote: RowMapping) -> str:
    return urlsafe_b64encode(orjson.dumps([vote["at"], vote["id"]])).decode().rstrip("=")


def _place(cursor: str) -> tuple[datetime, UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, vote = orjson.loads(urlsafe_b64decode(padded.encode("ascii")))
        return datetime.fromisoformat(at), UUID(vote)
    except (ValueError, TypeError, AttributeError) as error:
        raise Refused(_CURSOR, "is none that a page named") from error
