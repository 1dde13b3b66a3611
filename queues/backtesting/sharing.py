"""The rows of backtests that workers share: asked for, counted part by part, added up or let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.types import Text

from engine.backtesting.terms import Terms
from queues.backtesting.plan import Part, Plan, terms_of, terms_record
from queues.backtesting.policies import Files
from queues.errors import NotFound
from queues.ids import new_id
from queues.store.adding import Table, add
from queues.store.ledger import AuditEvent, record
from queues.store.outbox import Task, send

#: Of a lane that holds nothing else.
_PRIORITY: Final = 9
_BACKTEST: Final = "backtest"
_PARTS: Final = Table("backtest_parts", id="uuid", backtest_id="uuid", number="integer")

_ASK: Final = text("""
INSERT INTO backtests (id, old, new, plan, terms, sources, state, asked_by)
VALUES (:id, :old, :new, CAST(:plan AS jsonb), CAST(:terms AS jsonb), CAST(:sources AS json),
    'running', :by)
RETURNING asked_at
""")
_PART: Final = text("""
SELECT parts.number, parts.backtest_id, backtests.plan, backtests.sources
FROM backtest_parts AS parts JOIN backtests ON backtests.id = parts.backtest_id
WHERE parts.id = :part AND parts.sums IS NULL AND backtests.state = 'running'
""")
_KEEP: Final = text("""
UPDATE backtest_parts SET sums = CAST(:sums AS json), done_at = now()
WHERE id = :part AND sums IS NULL
""")
_STANDING: Final = text("""
SELECT backtests.id, backtests.old, backtests.new, backtests.state, backtests.asked_by,
    backtests.asked_at, backtests.ended_at, CAST(backtests.plan ->> 'parts' AS integer) AS parts,
    count(parts.done_at) AS done, count(outbox.id) FILTER (WHERE outbox.attempts >= :attempts)
        AS given_up
FROM backtests LEFT JOIN backtest_parts AS parts ON parts.backtest_id = backtests.id
LEFT JOIN outbox ON outbox.subject = parts.id AND outbox.task = :task
    AND outbox.sent_at IS NOT NULL AND parts.done_at IS NULL
WHERE backtests.id = :backtest GROUP BY backtests.id
""")
# Of those who write the last parts at the same time, one waits here and then sees them all.
_LAST: Final = text("""
SELECT terms FROM backtests WHERE id = :backtest AND state = 'running' FOR UPDATE
""")
_OPEN: Final = text("""
SELECT FROM backtest_parts WHERE backtest_id = :backtest AND sums IS NULL LIMIT 1
""")
_COUNTED: Final = text("""
SELECT sums::text AS sums FROM backtest_parts WHERE backtest_id = :backtest ORDER BY number
""").columns(sums=Text)
_FOUND: Final = text("""
SELECT terms, sums::text AS sums FROM backtests WHERE id = :backtest AND sums IS NOT NULL
""").columns(sums=Text)
_END: Final = text("""
UPDATE backtests SET state = :state, ended_at = now(), sums = CAST(:sums AS json)
WHERE id = :backtest AND state = 'running' RETURNING ended_at, asked_by, old, new
""")
# Whoever counts a part holds its message: this waits, and what they wrote goes with the rest.
_NO_MESSAGES: Final = text("""
DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE task = :task
    AND subject IN (SELECT id FROM backtest_parts WHERE backtest_id = :backtest)
    ORDER BY id FOR UPDATE)
""")
_NO_PARTS: Final = text("DELETE FROM backtest_parts WHERE backtest_id = :backtest")


class State(StrEnum):
    """How far a shared backtest is."""

    RUNNING = "running"
    #: What was counted is added up.
    DONE = "done"
    #: Somebody stopped it.
    CANCELLED = "cancelled"
    #: A part was tried too often.
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A part that is asked for."""

    id: UUID
    backtest: UUID
    plan: Plan
    part: Part
    sources: Mapping[str, Files]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a shared backtest is."""

    id: UUID
    old: str
    """Names of the releases."""
    new: str
    state: State
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    parts: int
    done: int
    given_up: int
    """Parts that were tried too often: somebody has to look why."""


def share(
    connection: Connection, plan: Plan, terms: Terms, sources: Mapping[str, Files], by: str
) -> UUID:
    """Write a backtest down, with a message for each part."""
    backtest = new_id()
    given = {
        "id": backtest,
        "old": plan.old,
        "new": plan.new,
        "plan": orjson.dumps(plan.record).decode(),
        "terms": orjson.dumps(terms_record(terms)).decode(),
        "sources": orjson.dumps(sources).decode(),
        "by": by,
    }
    at = connection.execute(_ASK, given).scalar_one()
    parts = [(new_id(), backtest, part.number) for part in plan.parts]
    add(connection, {_PARTS: parts})
    send(connection, Task.BACKTEST, [(part[0], _PRIORITY) for part in parts])
    details = {"old": plan.old, "new": plan.new, "parts": len(parts)}
    _tell(connection, at, by, "backtest.asked", backtest, details)
    return backtest


def part(connection: Connection, asked: UUID) -> Asked | None:
    """A part that is still to be counted; None: it is done, or nobody wants it any more."""
    row = connection.execute(_PART, {"part": asked}).one_or_none()
    if row is None:
        return None
    plan = Plan.of(row.plan)
    return Asked(
        id=asked,
        backtest=row.backtest_id,
        plan=plan,
        part=plan.parts[row.number],
        sources=row.sources,
    )


def keep(connection: Connection, asked: UUID, sums: bytes) -> None:
    """Write down what was counted of a part, once."""
    connection.execute(_KEEP, {"part": asked, "sums": sums.decode()})


def standing(connection: Connection, backtest: UUID, attempts: int) -> Standing:
    """How far it is.

    Args:
        connection: Within a transaction.
        backtest: Its id.
        attempts: After which a message is left alone.

    Raises:
        NotFound: there is none.
    """
    given = {"backtest": backtest, "attempts": attempts, "task": Task.BACKTEST.value}
    row = connection.execute(_STANDING, given).mappings().one_or_none()
    if row is None:
        raise NotFound(_BACKTEST, str(backtest))
    state = State(row["state"])
    done = row["parts"] if state is State.DONE else row["done"]
    return Standing(**{**row, "state": state, "done": done})


def last(connection: Connection, backtest: UUID) -> tuple[Terms, list[str]] | None:
    """All that was counted, for whoever wrote the last part; None: others are still at it."""
    terms = connection.execute(_LAST, {"backtest": backtest}).scalar()
    if terms is None or connection.execute(_OPEN, {"backtest": backtest}).first() is not None:
        return None
    counted = connection.execute(_COUNTED, {"backtest": backtest}).scalars().all()
    return terms_of(terms), list(counted)


def found(connection: Connection, backtest: UUID) -> tuple[Terms, str] | None:
    """What was counted over all of it; None: it is not done."""
    row = connection.execute(_FOUND, {"backtest": backtest}).one_or_none()
    return None if row is None else (terms_of(row.terms), row.sums)


def end(connection: Connection, backtest: UUID, state: State, sums: bytes | None = None) -> bool:
    """End a backtest that runs, and let go of its parts; one that has ended stays so."""
    connection.execute(_NO_MESSAGES, {"backtest": backtest, "task": Task.BACKTEST.value})
    given = {
        "backtest": backtest,
        "state": state,
        "sums": None if sums is None else sums.decode(),
    }
    row = connection.execute(_END, given).one_or_none()
    if row is None:
        return False
    connection.execute(_NO_PARTS, {"backtest": backtest})
    details = {"old": row.old, "new": row.new}
    _tell(connection, row.ended_at, row.asked_by, f"backtest.{state}", backtest, details)
    return True


def _tell(  # as an event has them
    connection: Connection,
    at: datetime,
    by: str,
    kind: str,
    backtest: UUID,
    details: Mapping[str, object],
) -> None:
    event = AuditEvent(at=at, actor=by, kind=kind, subject=str(backtest), details=details)
    record(connection, [event])
