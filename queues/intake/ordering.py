"""Orders slow signals for items that need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.verdict import Priority
from queues.intake.effects import Subject
from queues.intake.rows import Rows
from queues.settings import Signal
from queues.store.outbox import PRIORITIES, Task


@dataclass(frozen=True, slots=True)
class Orders:
    """The sources of slow signals."""

    sources: Sequence[Signal] = ()

    def place(self, rows: Rows, subject: Subject) -> bool:
        """Order what an item needs and did not bring; says whether it has to wait."""
        fields = subject.judged.item.fields
        ordered = [
            source
            for source in self.sources
            if (not source.kinds or subject.judged.item.kind in source.kinds)
            and not all(name in fields for name in source.fields)
        ]
        for source in ordered:
            deadline = subject.judged.at + timedelta(seconds=source.deadline)
            rows.add("signal_orders", subject.item_id, source.name, deadline)
        if any(source.url for source in ordered):
            rows.send(Task.FETCH_SIGNALS, subject.item_id, PRIORITIES[Priority.NORMAL])
        return bool(ordered)
