"""Forgets who reported items and who appealed, where the person is to be erased.

That an item was reported, for which reasons, and what became of it stays: it is the record of
decisions about somebody else's item. Who did it becomes a name that only the row has.
"""

from typing import Final

from sqlalchemy import Connection, text

from queues.store.naming import floor_of

# Whoever settles reports holds their items: without the lock they could write a name once more.
_LOCK: Final = text("""
SELECT id FROM items WHERE id IN (
    SELECT item_id FROM reports WHERE reporter = :person
    UNION SELECT item_id FROM appeals WHERE by = :person
) ORDER BY id FOR NO KEY UPDATE
""")
_REPORTS: Final = text("""
UPDATE reports SET reporter = 'erased:' || id, comment = NULL WHERE reporter = :person
""")
_APPEALS: Final = text("""
UPDATE appeals SET by = 'erased:' || id, statement = NULL WHERE by = :person
""")
_COUNTS: Final = text("DELETE FROM reporters WHERE reporter = :person")
_EVENTS: Final = text("""
UPDATE events SET payload = (
    payload::jsonb
    || CASE WHEN payload ->> 'reporter' = :person THEN '{"reporter": null}' ELSE '{}'::jsonb END
    || CASE WHEN payload ->> 'by' = :person THEN '{"by": null}' ELSE '{}'::jsonb END
)::json
WHERE item_id = ANY(:items) AND id >= :floor
  AND (payload ->> 'reporter' = :person OR payload ->> 'by' = :person)
""")


def forget(connection: Connection, person: str) -> int:
    """Forget that somebody reported and appealed, in the transaction of a connection.

    Args:
        connection: Of a unit of work; the items are locked in it.
        person: As platforms name them in reports and appeals.

    Returns:
        How many reports were theirs.
    """
    given: dict[str, object] = {"person": person}
    items = connection.execute(_LOCK, given).scalars().all()
    if items:
        given |= {"items": list(items), "floor": floor_of(min(items))}
        connection.execute(_EVENTS, given)
        connection.execute(_APPEALS, given)
    reports = connection.execute(_REPORTS, given).rowcount
    connection.execute(_COUNTS, given)
    return reports
