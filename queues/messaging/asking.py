"""How beat asks for upkeep: for nothing that still waits in its lane.

So however long no worker comes, each kind waits once. Celery would have messages expire; but then
the clock of the machine of beat is compared with that of a worker, and where they differ by more
than a message may be late, no upkeep is ever done.
"""

from datetime import UTC, datetime
from time import monotonic
from typing import Any, Protocol

import structlog
from celery.beat import Scheduler

from queues.errors import Unavailable
from queues.messaging.lanes import UPKEEP

_log = structlog.get_logger(__name__)


def steady_now() -> datetime:
    """A moment that only ever goes forwards, second by second: it tells no time of day.

    Beat asks for each thing some seconds after the last time. By the clock of its machine it would
    wait for a day where that clock goes back by one.
    """
    return datetime.fromtimestamp(monotonic(), UTC)


class Lanes(Protocol):
    """Knows what waits for workers."""

    def waiting_in(self, lane: str) -> frozenset[str]:
        """The tasks that wait in a lane, by name; raises Unavailable."""


def asking(lanes: Lanes) -> type[Scheduler]:
    """Celery's scheduler, which looks into the lane before it asks."""

    class Asking(Scheduler):  # type: ignore[misc]  # Celery has no types
        """Remembers nothing in a file: whatever is asked for is asked for often."""

        def apply_entry(self, entry: Any, producer: Any = None) -> None:  # noqa: ANN401 - as above
            """Ask for what is due; while Redis is away nobody could be asked."""
            try:
                if entry.task not in lanes.waiting_in(UPKEEP):
                    super().apply_entry(entry, producer)
            except Unavailable as problem:
                _log.warning("cannot ask for upkeep", task=entry.task, reason=str(problem))

    return Asking
