"""How each reviewer does on gold items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from engine.quality.proficiency import Prior, Proficiency, proficiency
from queues.sections import Quality
from queues.store.session import Store

# What was handed out counts as shown, answered or not.
_BY_REVIEWER: Final = text("""
SELECT cases.only_for AS reviewer, count(*) AS shown, count(votes.id) AS answered,
    count(votes.id) FILTER (WHERE votes.action = golds.action) AS right
FROM cases JOIN golds ON golds.id = cases.probe_id LEFT JOIN votes ON votes.case_id = cases.id
WHERE cases.purpose = 'gold' AND (CAST(:since AS timestamptz) IS NULL OR cases.taken_at >= :since)
    AND (CAST(:source AS text) IS NULL OR golds.source = :source)
GROUP BY 1 ORDER BY 1
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnGold:
    """How one reviewer does on gold items."""

    reviewer: str
    shown: int
    answered: int
    right: int
    """Answers with the right action."""
    accuracy: Proficiency
    """Told from these answers and what is known of people in general."""


def on_gold(
    store: Store, settings: Quality, *, since: datetime | None = None, source: str | None = None
) -> list[OnGold]:
    """Everybody who was shown a gold item.

    Args:
        store: Where it all stands.
        settings: What is known of people in general, and what is wanted.
        since: What was shown before does not count; None: all that is kept counts.
        source: Items of this set alone; None: of all.
    """
    prior = Prior(mean=settings.prior_mean, strength=settings.prior_strength)
    with store.read() as connection:
        rows = connection.execute(_BY_REVIEWER, {"since": since, "source": source}).all()
    return [
        OnGold(
            reviewer=row.reviewer,
            shown=row.shown,
            answered=row.answered,
            right=row.right,
            accuracy=proficiency(row.right, row.answered, prior=prior, target=settings.target),
        )
        for row in rows
    ]
