"""The rows of backtests that workers share: asked for, counted part by part, added up or let go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.types import Text

from queues.backtesting.plan import Part, Plan
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
INSERT INTO backtests (id, old, new, plan, sources, state, asked_by)
VALUES (:id, :old, :new, CAST(:plan AS jsonb), CAST(:sources AS json), 'running', :by)
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
SELECT backtests.state, count(parts.id) AS parts, count(parts.done_at) AS done,
    count(outbox.id) FILTER (WHERE outbox.attempts >= :attempts) AS given_up
FROM backtests LEFT JOIN backtest_parts AS parts ON parts.backtest_id = backtests.id
LEFT JOIN outbox ON outbox.subject = parts.id AND outbox.task = :task
    AND outbox.sent_at IS NOT NULL AND parts.done_at IS NULL
WHERE backtests.id = :backtest GROUP BY backtests.state
""")
_COUNTED: Final = text("""
SELECT sums::text AS sums FROM backtest_parts WHERE backtest_id = :backtest ORDER BY number
""").columns(sums=Text)
_END: Final = text("""
UPDATE backtests SET state = :state, ended_at = now()
WHERE id = :backtest AND state = 'running' RETURNING ended_at, asked_by, old, new
""")
# Whoever counts a part holds its message: this waits, and what they wrote goes with the rest.
_NO_MESSAGES: Final = text("""
DELETE FROM outbox WHERE task = :task AND id IN (SELECT id FROM outbox WHERE task = :task
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

    state: State
    parts: int
    done: int
    given_up: int
    """Parts that were tried too often: somebody has to look why."""


def share(connection: Connection, plan: Plan, sources: Mapping[str, Files], by: str) -> UUID:
    """Write a backtest down, with a message for each part."""
    backtest = new_id()
    given = {
        "id": backtest,
        "old": plan.old,
        "new": plan.new,
        "plan": orjson.dumps(plan.record).decode(),
        "sources": orjson.dumps(sources).decode(),
        "by": by,
    }
    at = connection.execute(_ASK, given).scalar_one()
    parts = [(new_id(), backtest, part.number) for part in plan.parts]
    add(connection, {_PARTS: parts})
    send(connection, Task.BACKTEST, [(part[0], _PRIORITY) for part in parts])
    details = {"old": plan.old, "new": plan.new, "parts": len(parts)}
    event = AuditEvent(
        at=at, actor=by, kind="backtest.asked", subject=str(backtest), details=details
    )
    record(connection, [event])
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
    row = connection.execute(_STANDING, given).one_or_none()
    if row is None:
        raise NotFound(_BACKTEST, str(backtest))
    return Standing(state=State(row.state), parts=row.parts, done=row.done, given_up=row.given_up)


def counted(connection: Connection, backtest: UUID) -> Iterator[str]:
    """What was counted of each part, in the order of parts."""
    yield from connection.execute(_COUNTED, {"backtest": backtest}).scalars()


def end(connection: Connection, backtest: UUID, state: State) -> None:
    """End a backtest that runs, with all that was counted of it; one that has ended stays so."""
    row = connection.execute(_END, {"backtest": backtest, "state": state}).one_or_none()
    if row is None:
        return
    connection.execute(_NO_MESSAGES, {"backtest": backtest, "task": Task.BACKTEST.value})
    connection.execute(_NO_PARTS, {"backtest": backtest})
    event = AuditEvent(
        at=row.ended_at,
        actor=row.asked_by,
        kind=f"backtest.{state}",
        subject=str(backtest),
        details={"old": row.old, "new": row.new},
    )
    record(connection, [event])
