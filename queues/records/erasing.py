"""Erases what people wrote and who they are, and keeps the record of what was decided (GDPR 17).

What an item was judged from goes, and what rules saw in it; verdicts, decisions and statements of
reasons stay, without a person in them. The audit chain has no texts and no authors, so it stays as
it is; that something was erased is an event of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from queues.records.forgetting import forget
from queues.store.ledger import AuditEvent, record
from queues.store.naming import floor_of, item_named
from queues.store.notices import Topic, notify
from queues.store.session import Store

#: Items erased in one transaction.
_BATCH: Final = 200
_ERASED: Final = orjson.dumps({"erased": True}).decode()

# As everywhere, items are locked before their cases.
_ITEMS: Final = text("""
SELECT id FROM items WHERE id = :item AND state <> 'erased' FOR UPDATE
""")
_OF_AUTHOR: Final = text("""
SELECT id FROM items WHERE author_id = :author ORDER BY id LIMIT :batch FOR UPDATE
""")
_WITHDRAW: Final = text("""
UPDATE cases SET state = 'withdrawn', closed_at = now()
WHERE id IN (
    SELECT id FROM cases WHERE item_id = ANY(:items) AND state IN ('waiting', 'open')
    ORDER BY id FOR UPDATE
)
""")
_TRACES: Final = text("""
SELECT id, trace FROM verdicts WHERE item_id = ANY(:items) AND id >= :floor FOR UPDATE
""")
_VERDICTS: Final = text("""
UPDATE verdicts SET input = CAST(:erased AS json), trace = CAST(told.trace AS json)
FROM unnest(CAST(:ids AS uuid[]), CAST(:traces AS text[])) AS told (id, trace)
WHERE verdicts.id = told.id AND verdicts.id >= :floor
""")
#: What else holds words of people, or says who they are.
_REST: Final = (
    text("DELETE FROM signal_orders WHERE item_id = ANY(:items)"),
    text("UPDATE golds SET retired_at = coalesce(retired_at, now()) WHERE item_id = ANY(:items)"),
    # What is left is a hash: that the item had this content is not known any more.
    text("UPDATE overrides SET item_id = NULL, comment = NULL WHERE item_id = ANY(:items)"),
    text("UPDATE reports SET comment = NULL WHERE item_id = ANY(:items)"),
    text("""
    UPDATE appeals SET statement = NULL,
        by = CASE asks WHEN 'milder' THEN 'erased:' || id ELSE by END,
        state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END,
        closed_at = coalesce(closed_at, now())
    WHERE item_id = ANY(:items)
    """),
    text("""
    UPDATE comments SET text = NULL FROM cases
    WHERE cases.id = comments.case_id AND cases.item_id = ANY(:items)
    """),
    text("""
    DELETE FROM drafts USING cases
    WHERE cases.id = drafts.case_id AND cases.item_id = ANY(:items)
    """),
    text("UPDATE cases SET content = NULL WHERE item_id = ANY(:items)"),
    text("UPDATE certifying_labels SET content = NULL WHERE item_id = ANY(:items)"),
    text("""
    UPDATE votes SET comment = NULL, content = NULL FROM cases
    WHERE cases.id = votes.case_id AND cases.item_id = ANY(:items)
    """),
    text("""
    UPDATE decisions SET comment = NULL
    WHERE item_id = ANY(:items) AND id >= :floor AND comment IS NOT NULL
    """),
    text("""
    UPDATE events SET payload = (
        payload::jsonb
        || CASE WHEN payload -> 'author_id' IS NULL THEN '{}' ELSE '{"author_id": null}'::jsonb END
        || CASE WHEN payload -> 'text' IS NULL THEN '{}' ELSE '{"text": null}'::jsonb END
        || CASE WHEN payload ->> 'asks' = 'milder' THEN '{"by": null}' ELSE '{}'::jsonb END
    )::json
    WHERE item_id = ANY(:items) AND id >= :floor
    """),
    text("""
    UPDATE items SET state = 'erased', author_id = NULL, digest = '', content = NULL
    WHERE id = ANY(:items)
    """),
)
_STRIKES: Final = text("DELETE FROM strikes WHERE author_id = :author")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased now."""

    items: int
    cases: int
    """That were open, and are withdrawn."""
    strikes: int = 0
    """Of the author."""
    reports: int = 0
    """That the author made about others: who made them is forgotten."""


def erase_item(store: Store, name: str, *, by: str) -> Erased:
    """Erase an item; one that is erased already stays so, and nothing is noted.

    Args:
        store: Where it is.
        name: The sender's id, or ours.
        by: Who wants it, such as `key:platform`.

    Raises:
        NotFound: there is no such item.
    """
    with store.transaction() as connection:
        item = item_named(connection, name)
        found = connection.execute(_ITEMS, {"item": item}).scalars().all()
        return Erased(items=len(found), cases=_erase(connection, found, by))


def erase_author(store: Store, author: str, *, by: str) -> Erased:
    """Erase all items of an author, and what is known about the author; some at a time.

    Who reported and appealed under the same name is forgotten too.

    What was not reached when it is interrupted is reached when it is called again. Counters of an
    author in Redis go by themselves when their windows have passed.

    Args:
        store: Where they are.
        author: As senders name them in `author.id`.
        by: Who wants it.
    """
    items = cases = 0
    with store.transaction() as connection:
        # By itself: items are locked in the order of their ids, and these are others.
        reports = forget(connection, author)
    while True:
        with store.transaction() as connection:
            given = {"author": author, "batch": _BATCH}
            found = connection.execute(_OF_AUTHOR, given).scalars().all()
            items += len(found)
            cases += _erase(connection, found, by)
            if len(found) < _BATCH:
                strikes = connection.execute(_STRIKES, {"author": author}).rowcount
                details = {"items": items, "strikes": strikes, "reports": reports}
                # Not who: that is what was to be forgotten.
                told = AuditEvent(
                    at=_now(connection), actor=by, kind="author.erased", details=details
                )
                record(connection, [told])
                return Erased(items=items, cases=cases, strikes=strikes, reports=reports)


def scrubbed(trace: Mapping[str, Any]) -> Mapping[str, Any]:
    """A trace without what rules saw: which rules matched stays, and where."""
    return {**trace, "rules": [_scrubbed_rule(rule) for rule in trace.get("rules", ())]}


def _scrubbed_rule(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = ("leaf", "field", "spans")
    evidence = [
        {name: each[name] for name in kept if name in each} for each in rule.get("evidence", ())
    ]
    return {**rule, "evidence": evidence}


def _erase(connection: Connection, items: Sequence[UUID], by: str) -> int:
    """Erase items that are locked; says how many cases were withdrawn."""
    if not items:
        return 0
    given: dict[str, object] = {"items": list(items), "floor": floor_of(min(items))}
    withdrawn = connection.execute(_WITHDRAW, given).rowcount
    traces = connection.execute(_TRACES, given).all()
    told = {
        "erased": _ERASED,
        "ids": [row.id for row in traces],
        "traces": [_json(scrubbed(row.trace)) for row in traces],
    }
    connection.execute(_VERDICTS, {**given, **told})
    for statement in _REST:
        connection.execute(statement, given)
    at = _now(connection)
    events = [AuditEvent(at=at, actor=by, kind="item.erased", item_id=item) for item in items]
    record(connection, events)
    for item in items:
        # Whoever waits for the outcome waits for nothing.
        notify(connection, Topic.DECIDED, str(item))
    return withdrawn


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _now(connection: Connection) -> datetime:
    found: datetime = connection.execute(text("SELECT now()")).scalar_one()
    return found
