"""What people say about a case beside their votes: comments for colleagues, and ratings."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.errors import NotFound, Refused
from queues.ids import new_id

_CASE: Final = "case"
_TEXT: Final = "comment"

_COMMENT: Final = text("""
INSERT INTO comments (id, case_id, round, author, text)
SELECT :id, cases.id, cases.round, :author, :text FROM cases WHERE cases.id = :case
RETURNING id, author, text, round, at
""")
# While a panel votes blind, nobody reads what its others write: it would tell how they vote.
_READ: Final = text("""
SELECT comments.id, comments.author, comments.text, comments.round, comments.at
FROM comments JOIN cases ON cases.id = comments.case_id
WHERE comments.case_id = :case AND (comments.author = :reader OR cases.tier = 'single'
    OR comments.round < cases.round OR cases.round > 1 OR cases.state NOT IN ('waiting', 'open')
    OR comments.at < cases.opened_at)
ORDER BY comments.id
""")
_EXISTS: Final = text("SELECT FROM cases WHERE id = :case")
_SEEN: Final = text("SELECT FROM handouts WHERE case_id = :case AND reviewer = :reviewer")
_RATE: Final = text("""
INSERT INTO ratings (case_id, reviewer, verdict_id, rating)
SELECT cases.id, :reviewer, cases.verdict_id, :rating FROM cases WHERE cases.id = :case
ON CONFLICT (case_id, reviewer)
DO UPDATE SET rating = excluded.rating, verdict_id = excluded.verdict_id, at = now()
""")


class Rating(StrEnum):
    """How good the machine's suggestion was, whatever was decided."""

    GOOD = "good"
    NEUTRAL = "neutral"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody told colleagues."""

    id: UUID
    author: str
    text: str | None = field(repr=False)
    """None: it was erased with the item."""
    round: int
    at: datetime


def comment(connection: Connection, case: UUID, author: str, said: str) -> Comment:
    """Keep a comment.

    Raises:
        NotFound: there is no such case.
        Refused: it says nothing.
    """
    if not said.strip():
        raise Refused(_TEXT, "is empty")
    given = {"id": new_id(), "case": case, "author": author, "text": said}
    found = connection.execute(_COMMENT, given).mappings().one_or_none()
    if found is None:
        raise NotFound(_CASE, str(case))
    return Comment(**found)


def comments_of(connection: Connection, case: UUID, reader: str) -> list[Comment]:
    """What a reader may read of a case, in order; raises NotFound."""
    if connection.execute(_EXISTS, {"case": case}).one_or_none() is None:
        raise NotFound(_CASE, str(case))
    rows = connection.execute(_READ, {"case": case, "reader": reader})
    return [Comment(**row) for row in rows.mappings()]


def rate(connection: Connection, case: UUID, reviewer: str, rating: Rating) -> None:
    """Keep what somebody who was handed a case thinks of the suggestion; the last word counts.

    Raises:
        NotFound: they were never handed such a case.
    """
    given = {"case": case, "reviewer": reviewer, "rating": rating.value}
    if connection.execute(_SEEN, given).one_or_none() is None:
        raise NotFound(_CASE, str(case))
    connection.execute(_RATE, given)
