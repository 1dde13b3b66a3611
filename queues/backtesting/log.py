"""The log that policies are tried on: each item once, by the verdict in force, as it was judged."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, TextClause, text

from engine.backtesting.entries import Entry, Unreadable
from engine.overriding import override_of
from queues.ids import id_floor, moment_of
from queues.judging import typed_facts
from queues.permitting import PERMISSIONS

#: Items of one question to the database.
BATCH: Final = 2_000
#: As `queues.records.replaying` has it.
_ERASED: Final = "erased"

_ITEMS: Final = text("""
SELECT id, sender_id, verdict_id FROM items
WHERE id >= :after AND id < :until AND state <> 'waiting_for_signals' ORDER BY id LIMIT :most
""")
_VERDICTS: Final = text("""
SELECT id, at, inclusion_probability, CAST(input AS text) AS input FROM verdicts
WHERE id = ANY(:ids) AND id >= :first AND id <= :last
""")
# Two questions instead of a join, which would look into every day of decisions for every item.
_CASES: Final = text("""
SELECT item_id, purpose, tier, decision_id FROM cases
WHERE item_id = ANY(:items) AND purpose IN ('review', 'sample', 'appeal')
    AND decision_id IS NOT NULL
ORDER BY item_id, purpose = 'appeal', tier = 'senior', decision_id
""")
_DECISIONS: Final = text("""
SELECT id, action, inclusion_probability FROM decisions
WHERE id = ANY(:ids) AND id >= :first AND id <= :last
""")
_APPEAL: Final = "appeal"
_GOLDEN: Final = text("""
SELECT items.id, items.sender_id, items.verdict_id, golds.action
FROM golds JOIN items ON items.id = golds.item_id
WHERE golds.retired_at IS NULL AND items.state <> 'erased' ORDER BY golds.id
""")


def entries(
    connection: Connection, since: datetime, until: datetime, *, labels: bool = True
) -> Iterator[Entry | Unreadable]:
    """Items that came in a span, in the order in which they came.

    Args:
        connection: Within a transaction that sees one state.
        since: The first moment.
        until: The first moment after it.
        labels: Whether it matters what people decided.
    """
    after, end = id_floor(since), id_floor(until)
    while True:
        given = {"after": after, "until": end, "most": BATCH}
        found = connection.execute(_ITEMS, given).all()
        if not found:
            return
        decided = _labels(connection, found) if labels else {}
        yield from _made(connection, found, decided)
        after = UUID(int=found[-1].id.int + 1)


def golden(connection: Connection) -> list[Entry]:
    """Gold items of which it is known what is right."""
    found = connection.execute(_GOLDEN).all()
    right = {row.id: (row.action, 1.0) for row in found}
    made: list[Entry] = []
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        made += [each for each in _made(connection, part, right) if isinstance(each, Entry)]
    return made


def _made(
    connection: Connection,
    found: Sequence[Row[Any]],
    decided: Mapping[UUID, tuple[str, float]],
) -> Iterator[Entry | Unreadable]:
    verdicts = _by_id(connection, _VERDICTS, [row.verdict_id for row in found])
    for row in found:
        verdict = verdicts.get(row.verdict_id)
        if verdict is None:
            yield Unreadable(id=row.sender_id, reason="its verdict was let go")
        else:
            yield _entry(row.sender_id, verdict, decided.get(row.id))


def _entry(name: str, verdict: Row[Any], label: tuple[str, float] | None) -> Entry | Unreadable:
    given = orjson.loads(verdict.input)
    if _ERASED in given:
        return Unreadable(id=name, reason="it was erased")
    override = given.get("override")
    return Entry(
        id=name,
        moment=verdict.at.timestamp(),
        raw=given["raw"],
        facts=typed_facts(given["facts"]),
        signals=given["signals"],
        inclusion=verdict.inclusion_probability if label is None else label[1],
        label=None if label is None else label[0],
        withheld=_withheld(given.get(PERMISSIONS)),
        override=None if override is None else override_of(override),
    )


def _withheld(permissions: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """Rules that were not allowed to act then, each with why."""
    if permissions is None:
        return ()
    rules = permissions["rules"]
    return tuple(sorted((name, told["why"]) for name, told in rules.items() if not told["acts"]))


def _labels(connection: Connection, found: Sequence[Row[Any]]) -> dict[UUID, tuple[str, float]]:
    """What people decided last about items, and the chance at which they had to see them.

    A panel comes after one reviewer. Appeals select themselves, so they are no look of their own;
    where an item was seen anyway, what came of its appeal holds.
    """
    cases = connection.execute(_CASES, {"items": [row.id for row in found]}).all()
    if not cases:
        return {}
    decisions = _by_id(connection, _DECISIONS, [case.decision_id for case in cases])
    chances: dict[UUID, float] = {}
    actions: dict[UUID, str] = {}
    for case in cases:
        decision = decisions.get(case.decision_id)
        if decision is None:
            continue  # it was let go
        if case.purpose != _APPEAL:
            chances[case.item_id] = decision.inclusion_probability
        actions[case.item_id] = decision.action
    return {item: (actions[item], chance) for item, chance in chances.items()}


def _by_id(
    connection: Connection, question: TextClause, ids: Sequence[UUID]
) -> dict[UUID, Row[Any]]:
    """Rows of a table that is split by day, a day at a time: each id is looked for in its own."""
    days: defaultdict[date, list[UUID]] = defaultdict(list)
    for each in ids:
        days[moment_of(each).date()].append(each)
    found: dict[UUID, Row[Any]] = {}
    for its in days.values():
        asked = {"ids": its, "first": min(its), "last": max(its)}
        found.update((row.id, row) for row in connection.execute(question, asked))
    return found
