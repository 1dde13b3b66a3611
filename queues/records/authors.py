"""What an author did before, for whoever decides about their next item."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.standing import REMOVALS, facts_for, strikes_of

#: Decisions that are told.
_MOST: Final = 5
# Not what is about to be decided: whoever is handed it later may have to do so blind.
_BEFORE: Final = text("""
SELECT items.id, items.kind, items.action, items.decided_at, items.decision_id FROM items
WHERE author_id = :author AND id <> :item AND state = 'decided' AND decision_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM cases WHERE cases.item_id = items.id
        AND cases.state IN ('waiting', 'open'))
ORDER BY id DESC LIMIT :most
""")
# By ids that are known: only the days that hold them are looked at.
_DECISIONS: Final = text("SELECT id, made_by, reasons FROM decisions WHERE id = ANY(:ids)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A decision about another item of the author that is in force."""

    kind: str
    action: str
    reasons: tuple[str, ...]
    made_by: str
    """`machine`, `person` or `panel`."""
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRecord:
    """What an author did before."""

    author_id: str
    strikes: dict[str, int]
    """That count now, by policy."""
    removals: int
    """Items of the last 90 days whose removal is in force; 1,000 stands for more, too."""
    decisions: tuple[Former, ...]
    """The newest, of other items."""


def record_of(connection: Connection, author: str, item: UUID) -> AuthorRecord:
    """The record of an author.

    Args:
        connection: To read it with.
        author: As senders name them.
        item: What is about to be decided; nothing is told of it.
    """
    facts = facts_for(connection, [author]).get(author, {})
    return AuthorRecord(
        author_id=author,
        strikes=strikes_of(connection, [author]).get(author, {}),
        removals=int(str(facts.get(REMOVALS, 0))),
        decisions=_decisions(connection, author, item),
    )


def _decisions(connection: Connection, author: str, item: UUID) -> tuple[Former, ...]:
    given = {"author": author, "item": item, "most": _MOST}
    items = connection.execute(_BEFORE, given).all()
    ids = [row.decision_id for row in items]
    made = {row.id: row for row in connection.execute(_DECISIONS, {"ids": ids})} if ids else {}
    return tuple(
        Former(
            kind=row.kind,
            action=row.action,
            reasons=tuple(made[row.decision_id].reasons),
            made_by=made[row.decision_id].made_by,
            decided_at=row.decided_at,
        )
        for row in items
        if row.decision_id in made
    )
