"""Work for Celery, written in the transaction that makes it necessary."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.verdict import Priority
from queues.store.adding import Row, Table, add


class Task(StrEnum):
    """What is to be done, and in which queue."""

    #: Carry out actions; subjects are decisions.
    ENFORCE = "auto.enforce"
    #: Fetch slow signals; subjects are items.
    FETCH_SIGNALS = "auto.fetch_signals"
    #: Judge again with what has arrived; subjects are items.
    JUDGE = "auto.judge"
    #: Open, rank and announce cases of one reviewer; subjects are cases.
    OPEN = "single.open"
    #: Decide exact duplicates of cases that were decided; subjects are those cases.
    DECIDE_TWINS = "single.decide_twins"
    #: Convene panels; subjects are cases.
    CONVENE = "senior.convene"
    #: Count the votes of panels; subjects are cases.
    TALLY = "senior.tally"
    #: Train models; subjects are trainings.
    TRAIN = "learning.train"
    #: Try policies on what came; subjects are parts of backtests.
    BACKTEST = "backtesting.compare"

    @property
    def queue(self) -> str:
        """The Celery queue."""
        return self.value.partition(".")[0]


#: Redis hands out 0 first. Only within a tier: across tiers the order of the queues decides.
PRIORITIES: Final = {
    Priority.URGENT: 0,
    Priority.HIGH: 3,
    Priority.NORMAL: 6,
    Priority.LOW: 9,
}
#: The channel on which a trigger of the table tells the relay that there is something to send.
CHANNEL: Final = "tierwise_outbox"
OUTBOX: Final = Table("outbox", task="text", queue="text", priority="smallint", subject="uuid")


def send(connection: Connection, task: Task, subjects: Iterable[tuple[UUID, int]]) -> None:
    """Ask for work on subjects, each with its priority (0 first, 9 last), after the commit."""
    add(connection, {OUTBOX: [row_of(task, subject, priority) for subject, priority in subjects]})


def row_of(task: Task, subject: UUID, priority: int) -> Row:
    """The row of a message; with its commit the relay hears that there is something to send."""
    return task.value, task.queue, priority, subject


def take(connection: Connection, task: Task, rows: Iterable[int]) -> list[UUID]:
    """The subjects of a message that nobody else works on or has finished; their rows go.

    With the commit the message is confirmed; without it the rows stand again, and the sweeper
    sends them once more.
    """
    taken = connection.execute(
        text(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id = ANY(:rows)"
            " AND task = :task ORDER BY id FOR UPDATE SKIP LOCKED) RETURNING subject"
        ),
        {"rows": list(rows), "task": task.value},
    )
    return list(dict.fromkeys(taken.scalars()))
