"""The rows of one transaction, written by COPY, a table at a time."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from queues.store import ledger, outbox
from queues.store.copying import copy_rows
from queues.store.ledger import AuditEvent
from queues.store.outbox import Task

Row = tuple[object, ...]

_COLUMNS: Final = {
    "items": (
        "id",
        "sender_id",
        "digest",
        "kind",
        "author_id",
        "language",
        "state",
        "tier",
        "action",
        "verdict_id",
        "decision_id",
        "decided_at",
    ),
    "verdicts": (
        "id",
        "item_id",
        "at",
        "cause",
        "release",
        "models",
        "tier",
        "action",
        "inclusion_probability",
        "input",
        "trace",
    ),
    "decisions": (
        "id",
        "item_id",
        "verdict_id",
        "case_id",
        "made_by",
        "tier",
        "action",
        "reasons",
        "policy",
        "inclusion_probability",
        "supersedes",
    ),
    "actions": ("id", "item_id", "action", "automated", "state"),
    "cases": (
        "id",
        "item_id",
        "verdict_id",
        "purpose",
        "tier",
        "queue",
        "policy",
        "reason",
        "rule",
        "priority",
        "severity",
        "language",
        "not_by",
        "state",
        "enqueued_at",
        "due_at",
        "escalated_from",
    ),
    "signal_orders": ("item_id", "name", "deadline_at"),
}


@dataclass(slots=True)
class Rows:
    """What one transaction is going to write."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    messages: dict[Task, list[tuple[UUID, int]]] = field(default_factory=lambda: defaultdict(list))
    audit: list[AuditEvent] = field(default_factory=list)

    def add(self, table: str, *values: object) -> None:
        """A row, its values in the order of the columns above."""
        self.tables[table].append(values)

    def send(self, task: Task, subject: UUID, priority: int) -> None:
        """A message to a worker."""
        self.messages[task].append((subject, priority))

    def write(self, connection: Connection) -> None:
        """Write everything; tables others refer to come first."""
        for table, columns in _COLUMNS.items():
            if rows := self.tables.get(table):
                copy_rows(connection, table, columns, rows)
        for task, subjects in self.messages.items():
            outbox.send(connection, task, subjects)
        if self.audit:
            ledger.record(connection, self.audit)
