"""Orders of slow signals: what is outstanding, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from engine.verdict import Priority
from queues.store.outbox import PRIORITIES, Task, send

_PRIORITY: Final = PRIORITIES[Priority.NORMAL]

# Marked as sent just now: while a source takes its time, nobody sends them again.
_BEGIN: Final = text("""
UPDATE outbox SET sent_at = now() WHERE id IN (
    SELECT id FROM outbox WHERE id = ANY(:rows) AND task = 'auto.fetch_signals'
    ORDER BY id FOR UPDATE SKIP LOCKED
) RETURNING subject
""")
_WANTED: Final = text("""
SELECT signal_orders.name, items.id, items.sender_id, items.kind, verdicts.input -> 'raw' AS raw
FROM signal_orders
JOIN items ON items.id = signal_orders.item_id
JOIN verdicts ON verdicts.id = items.verdict_id
WHERE signal_orders.item_id = ANY(:items) AND name = ANY(:names)
  AND arrived_at IS NULL AND failure IS NULL AND deadline_at > now() AND items.state <> 'erased'
ORDER BY items.id
""")
# In this order, so that those who settle orders of the same item do so one after the other.
_LOCK: Final = text("""
SELECT FROM signal_orders WHERE item_id = ANY(:items) ORDER BY item_id, name FOR UPDATE
""")
_SETTLE: Final = text("""
UPDATE signal_orders AS orders SET found = answer.found, failure = answer.failure,
    arrived_at = CASE WHEN answer.found IS NOT NULL THEN now() END
FROM unnest(
    CAST(:items AS uuid[]), CAST(:names AS text[]), CAST(:found AS jsonb[]),
    CAST(:failures AS text[])
) AS answer (item_id, name, found, failure)
WHERE orders.item_id = answer.item_id AND orders.name = answer.name AND arrived_at IS NULL
  AND (answer.found IS NOT NULL OR orders.failure IS NULL)
RETURNING orders.item_id
""")
_COMPLETE: Final = text("""
SELECT item_id FROM signal_orders WHERE item_id = ANY(:items)
GROUP BY item_id HAVING count(*) FILTER (WHERE arrived_at IS NULL AND failure IS NULL) = 0
""")
_LATE: Final = text("""
SELECT item_id, name FROM signal_orders
WHERE arrived_at IS NULL AND failure IS NULL AND deadline_at <= now()
ORDER BY deadline_at LIMIT 1000
""")
_AGAIN: Final = text("""
SELECT DISTINCT item_id FROM signal_orders
WHERE arrived_at IS NULL AND failure IS NULL AND deadline_at > now() AND name = ANY(:names)
  AND NOT EXISTS (
      SELECT FROM outbox WHERE subject = item_id AND task = 'auto.fetch_signals'
  )
LIMIT 1000
""")
_ORDERED: Final = text("""
SELECT EXISTS (SELECT FROM signal_orders WHERE item_id = :item AND name = :name)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An item that a source is to be asked about."""

    name: str
    """The source."""
    item_id: UUID
    sender_id: str
    kind: str
    raw: Mapping[str, object]
    """What was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one order: scores by field, or why there are none."""

    item_id: UUID
    name: str
    found: Mapping[str, float] | None = None
    failure: str | None = None


def begin(connection: Connection, rows: Sequence[int], names: Sequence[str]) -> list[Wanted]:
    """What is still to be asked for some rows of the outbox, which stay until they are taken.

    Args:
        connection: Of a unit of work.
        rows: Of the outbox.
        names: Sources that can be asked.
    """
    items = connection.execute(_BEGIN, {"rows": list(rows)}).scalars().all()
    found = connection.execute(_WANTED, {"items": list(items), "names": list(names)})
    return [
        Wanted(name=row.name, item_id=row.id, sender_id=row.sender_id, kind=row.kind, raw=row.raw)
        for row in found
    ]


def settle(connection: Connection, answers: Sequence[Answer]) -> bool:
    """Write answers and have items judged whose orders all have theirs; says if any was new.

    Scores that come late are taken in place of a failure; what came first stays.
    """
    if not answers:
        return False
    connection.execute(_LOCK, {"items": sorted({each.item_id for each in answers})})
    columns: dict[str, list[Any]] = {
        "items": [each.item_id for each in answers],
        "names": [each.name for each in answers],
        "found": [_json(each.found) for each in answers],
        "failures": [each.failure for each in answers],
    }
    settled = sorted(set(connection.execute(_SETTLE, columns).scalars()))
    if settled:
        complete = connection.execute(_COMPLETE, {"items": settled}).scalars()
        send(connection, Task.JUDGE, [(item, _PRIORITY) for item in complete])
    return bool(settled)


def give_up(connection: Connection, reason: str) -> int:
    """Settle orders whose deadline has passed; says how many."""
    late = connection.execute(_LATE).all()
    settle(
        connection,
        [Answer(item_id=row.item_id, name=row.name, failure=reason) for row in late],
    )
    return len(late)


def chase(connection: Connection, names: Sequence[str]) -> int:
    """Have sources asked again for what is outstanding and nobody is about to ask for."""
    items = connection.execute(_AGAIN, {"names": list(names)}).scalars().all()
    if items:
        send(connection, Task.FETCH_SIGNALS, [(item, _PRIORITY) for item in items])
    return len(items)


def ordered(connection: Connection, item_id: UUID, name: str) -> bool:
    """Whether a source was ordered for an item, whatever became of it."""
    return bool(connection.execute(_ORDERED, {"item": item_id, "name": name}).scalar_one())


def _json(found: Mapping[str, float] | None) -> str | None:
    return None if found is None else orjson.dumps(found).decode()
