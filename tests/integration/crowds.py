"""Many cases and people at once: copies of one case that differ in what matters for claims."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from queues.people import Shift, Weekday
from queues.store.session import Store

LANGUAGES: Final = (None, "de", "en", "fr", "pt-BR")
POLICIES: Final = ("hate", "self-harm", "spam")
SEVERITIES: Final = ("low", "medium", "high", "critical")

_COPY: Final = text("""
WITH made AS MATERIALIZED (
    SELECT number, uuidv7() AS item, uuidv7() AS id FROM generate_series(1, :count) AS number
), copied AS (
    INSERT INTO items SELECT (jsonb_populate_record(items,
        jsonb_build_object('id', made.item, 'sender_id', 'copy-' || made.number))).*
    FROM made, (SELECT items FROM items ORDER BY id LIMIT 1) AS model (items)
)
INSERT INTO cases SELECT (jsonb_populate_record(cases, jsonb_build_object(
    'id', made.id, 'item_id', made.item, 'content', NULL,
    'rank', (model.cases).rank + made.number % 7,
    'language', (CAST(:languages AS text[]))[1 + made.number / 2 % cardinality(:languages)],
    'policy', (CAST(:policies AS text[]))[1 + made.number / 3 % cardinality(:policies)],
    'queue', (CAST(:queues AS text[]))[1 + made.number % cardinality(:queues)],
    'severity', (CAST(:severities AS text[]))[1 + made.number / 5 % cardinality(:severities)]
))).*
FROM made, (SELECT cases FROM cases ORDER BY id LIMIT 1) AS model (cases)
""")


def copy_cases(
    store: Store,
    count: int,
    *,
    languages: Sequence[str | None] = LANGUAGES,
    policies: Sequence[str] = POLICIES,
    severities: Sequence[str] = SEVERITIES,
    queues: Sequence[str] = ("general",),
) -> None:
    """Open so many cases more, as the first there is but for language, policy and severity."""
    given = {
        "count": count,
        "languages": list(languages),
        "policies": list(policies),
        "severities": list(severities),
        "queues": list(queues),
    }
    with store.transaction() as connection:
        connection.execute(_COPY, given)
    with store.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        alone.execute(text("VACUUM ANALYZE cases, items"))


def moment(store: Store) -> datetime:
    """Now, by the clock of the database."""
    with store.read() as connection:
        at: datetime = connection.execute(text("SELECT now()")).scalar_one()
    return at


def shift(at: datetime, *, begins: float, ends: float) -> Shift:
    """A shift by UTC, from and to so many hours after a moment."""
    start, end = at + timedelta(hours=begins), at + timedelta(hours=ends)
    day = list(Weekday)[start.weekday()]
    return Shift(day=day, start=f"{start:%H:%M}", end=f"{end:%H:%M}")
