"""The rows of one transaction, sent to Postgres all at once."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from queues.store import ledger, outbox
from queues.store.adding import Row, Table, add
from queues.store.ledger import AuditEvent
from queues.store.outbox import Task

_TABLES: Final = (
    Table(
        "items",
        id="uuid",
        sender_id="text",
        digest="bytea",
        kind="text",
        author_id="text",
        language="text",
        state="text",
        tier="text",
        action="text",
        verdict_id="uuid",
        decision_id="uuid",
        decided_at="timestamptz",
        content="bytea",
    ),
    Table(
        "verdicts",
        id="uuid",
        item_id="uuid",
        at="timestamptz",
        cause="text",
        release="text",
        models="text[]",
        tier="text",
        action="text",
        inclusion_probability="float8",
        input="json",
        trace="json",
    ),
    Table(
        "decisions",
        id="uuid",
        item_id="uuid",
        verdict_id="uuid",
        case_id="uuid",
        made_by="text",
        tier="text",
        action="text",
        reasons="text[]",
        policy="text",
        inclusion_probability="float8",
        supersedes="uuid",
        override_id="uuid",
    ),
    Table("actions", id="uuid", item_id="uuid", action="text", automated="bool", state="text"),
    Table(
        "cases",
        id="uuid",
        item_id="uuid",
        verdict_id="uuid",
        purpose="text",
        tier="text",
        queue="text",
        policy="text",
        reason="text",
        rule="text",
        priority="smallint",
        severity="text",
        reach="float8",
        probability="float8",
        language="text",
        not_by="text",
        state="text",
        enqueued_at="timestamptz",
        due_at="timestamptz",
        escalated_from="uuid",
        about="text",
        content="bytea",
    ),
    Table("signal_orders", item_id="uuid", name="text", deadline_at="timestamptz"),
)


@dataclass(slots=True)
class Rows:
    """What one transaction is going to write."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    messages: list[Row] = field(default_factory=list)
    audit: list[AuditEvent] = field(default_factory=list)

    def add(self, table: str, *values: object) -> None:
        """A row, its values in the order of the columns above."""
        self.tables[table].append(values)

    def send(self, task: Task, subject: UUID, priority: int) -> None:
        """A message to a worker."""
        self.messages.append(outbox.row_of(task, subject, priority))

    def write(self, connection: Connection) -> None:
        """Write everything; tables others refer to come first."""
        add(
            connection,
            {
                **{table: self.tables[table.name] for table in _TABLES},
                outbox.OUTBOX: self.messages,
                ledger.EVENTS: list(map(ledger.row_of, self.audit)),
            },
        )
