"""Sums up what became of everything that came in, for people who look at a new system."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from queues.store.session import Store

_ENFORCED: Final = text(
    "SELECT action, count(*) FROM actions WHERE state = 'enforced' GROUP BY 1 ORDER BY 2 DESC, 1"
)
_CLAIMABLE: Final = text(
    "SELECT tier || ': ' || queue, count(*) FROM cases WHERE state = 'open'"
    " GROUP BY 1 ORDER BY 2 DESC, 1"
)
_IN_FORCE: Final = text("SELECT action, count(*) FROM items GROUP BY 1 ORDER BY 2 DESC, 1")
_FIGURES: Final = text("""
SELECT (SELECT count(*) FROM statements) AS statements,
       (SELECT count(*) FROM events) AS events,
       (SELECT count(*) FROM audit_events) AS audited,
       (SELECT count(*) FROM outbox) + (SELECT count(*) FROM actions WHERE state = 'pending')
           + (SELECT count(*) FROM cases WHERE state = 'open' AND commit_at IS NOT NULL)
           AS under_way,
       (SELECT sender_id FROM items JOIN cases ON cases.item_id = items.id
        ORDER BY items.state = 'in_review' DESC, cases.tier = 'senior' DESC, cases.id LIMIT 1)
           AS example
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What became of the items."""

    enforced: Sequence[tuple[str, int]]
    """Actions that hold, and on how many items."""
    claimable: Sequence[tuple[str, int]]
    """Cases that people can take, by tier and queue."""
    in_force: Sequence[tuple[str, int]]
    """What holds for all items."""
    statements: int
    events: int
    audited: int
    under_way: int
    """Messages, actions and decisions that nobody has finished."""
    example: str | None
    """The sender's id of an item that waits for people, else of one that they decided."""


def look(store: Store) -> Shown:
    """How everything stands now."""
    with store.read() as connection:
        figures = connection.execute(_FIGURES).mappings().one()
        return Shown(
            enforced=[(name, count) for name, count in connection.execute(_ENFORCED)],
            claimable=[(name, count) for name, count in connection.execute(_CLAIMABLE)],
            in_force=[(name, count) for name, count in connection.execute(_IN_FORCE)],
            **figures,
        )
