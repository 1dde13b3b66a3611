"""Blind first votes: what two or more people said of an item without knowing of each other."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from engine.quality.agreement import Ratings

# The first two of a panel of two and one: its third vote is asked for only where they differ, and
# would make disagreement look like agreement.
_PANELS: Final = text("""
SELECT case_id AS looked_at, reviewer, action FROM (
    SELECT votes.case_id, votes.reviewer, votes.action, cases.decide,
        row_number() OVER (PARTITION BY votes.case_id ORDER BY votes.id) AS place, votes.id
    FROM votes JOIN cases ON cases.id = votes.case_id
    WHERE cases.id >= :floor AND cases.tier = 'senior' AND votes.round = 1 AND votes.blind
) AS first WHERE decide <> 'two_plus_one' OR place <= 2 ORDER BY id
""")
# The first look of one reviewer, and the second by another.
_OVERLAP: Final = text("""
SELECT cases.item_id AS looked_at, votes.reviewer, votes.action FROM votes
JOIN cases ON cases.id = votes.case_id
WHERE cases.id >= :floor AND cases.tier = 'single' AND votes.round = 1 AND votes.blind
    AND cases.purpose IN ('review', 'overlap') AND cases.item_id IN (
        SELECT item_id FROM cases WHERE id >= :floor AND purpose = 'overlap')
ORDER BY votes.id
""")


def of_panels(connection: Connection, floor: UUID) -> Ratings:
    """First ballots of panels, by case; no case has an older id than this."""
    return _table(connection.execute(_PANELS, {"floor": floor}).all())


def of_overlap(connection: Connection, floor: UUID) -> Ratings:
    """What two people said of items that one of them decided, by item."""
    return _table(connection.execute(_OVERLAP, {"floor": floor}).all())


def _table(votes: Sequence[Row[Any]]) -> Ratings:
    table: dict[UUID, dict[str, str]] = {}
    for vote in votes:
        table.setdefault(vote.looked_at, {}).setdefault(vote.reviewer, vote.action)
    return table
