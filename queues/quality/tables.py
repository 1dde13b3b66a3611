"""What was said in a calibration session, counted: by reviewer, by pair and by item."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

_SAID: Final = """
said AS (
    SELECT cases.item_id, cases.only_for AS reviewer, votes.action
    FROM cases JOIN votes ON votes.case_id = cases.id
    WHERE cases.probe_id = :session AND cases.state = 'decided'
)
"""
_CONFUSION: Final = text(f"""
WITH {_SAID}
SELECT said.reviewer, told.action AS right, said.action AS said, count(*) AS items
FROM said JOIN calibration_items AS told
    ON told.calibration_id = :session AND told.item_id = said.item_id
WHERE told.action IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
""")  # noqa: S608 - made of constants
_PAIRS: Final = text(f"""
WITH {_SAID}
SELECT one.reviewer AS first, other.reviewer AS second, count(*) AS items,
    count(*) FILTER (WHERE one.action = other.action) AS agreed
FROM said AS one JOIN said AS other
    ON other.item_id = one.item_id AND other.reviewer > one.reviewer
GROUP BY 1, 2 ORDER BY 1, 2
""")  # noqa: S608 - made of constants
_ITEMS: Final = text(f"""
WITH {_SAID}, counted AS (
    SELECT item_id, action, count(*) AS people FROM said GROUP BY item_id, action
)
SELECT items.id AS item_id, items.sender_id, told.action AS right,
    coalesce((SELECT jsonb_object_agg(counted.action, counted.people) FROM counted
        WHERE counted.item_id = items.id), '{{}}') AS answers
FROM calibration_items AS told JOIN items ON items.id = told.item_id
WHERE told.calibration_id = :session ORDER BY items.id
""")  # noqa: S608 - made of constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How often a reviewer said one thing where another, or the same, was right."""

    reviewer: str
    right: str
    said: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """How often two reviewers said the same."""

    first: str
    second: str
    items: int
    """That both decided."""
    agreed: int
    share: float
    """Of agreement, observed (p_a); chance is not taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was said about an item: where many split, a policy is unclear."""

    item_id: UUID
    sender_id: str
    right: str | None
    """None: nobody knows."""
    answers: Mapping[str, int]
    """How many said what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What was said in a session."""

    confusion: tuple[Confusion, ...]
    """Of items whose right answer is known."""
    pairs: tuple[Pair, ...]
    items: tuple[Answers, ...]


def of(connection: Connection, session: UUID) -> Tables:
    """The tables of a session."""
    given = {"session": session}
    return Tables(
        confusion=tuple(
            Confusion(**row) for row in connection.execute(_CONFUSION, given).mappings()
        ),
        pairs=tuple(
            Pair(**row, share=row["agreed"] / row["items"])
            for row in connection.execute(_PAIRS, given).mappings()
        ),
        items=tuple(Answers(**row) for row in connection.execute(_ITEMS, given).mappings()),
    )
