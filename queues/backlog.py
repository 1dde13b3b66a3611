"""Counts what waits, as it stands in Postgres: cases, messages, actions, dead letters."""

import threading
import time
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import text

from queues.store.session import Store

_log = structlog.get_logger(__name__)

_CASES: Final = text(
    "SELECT tier, queue, state, count(*) AS waiting,"
    " extract(epoch FROM clock_timestamp() - min(enqueued_at))::double precision AS oldest,"
    " count(*) FILTER (WHERE due_at < clock_timestamp()) AS overdue"
    " FROM cases WHERE state IN ('waiting', 'open') AND only_for IS NULL"
    " GROUP BY tier, queue, state ORDER BY 1, 2, 3"
)
_OUTBOX: Final = text(
    "SELECT queue, count(*) FILTER (WHERE sent_at IS NULL) AS unsent,"
    " count(*) FILTER (WHERE sent_at IS NOT NULL) AS unconfirmed,"
    " count(*) FILTER (WHERE attempts >= :attempts) AS stuck,"
    " coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::double precision"
    " AS oldest FROM outbox GROUP BY queue ORDER BY 1"
)
_OTHERS: Final = text(
    "SELECT (SELECT count(*) FROM deliveries WHERE state = 'dead') AS dead_letters,"
    " (SELECT count(*) FROM deliveries WHERE state = 'pending') AS undelivered,"
    " (SELECT count(*) FROM actions WHERE state = 'pending') AS unenforced,"
    " (SELECT count(*) FROM items WHERE state = 'waiting_for_signals') AS waiting_for_signals"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDepth:
    """The cases of one queue in one state."""

    tier: str
    queue: str
    state: str
    """`waiting` to be opened, or `open` to be claimed."""
    waiting: int
    oldest: float
    """Seconds since the first of them came in."""
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The messages of one lane of tasks."""

    queue: str
    unsent: int
    unconfirmed: int
    """Sent, and not yet done."""
    stuck: int
    """Sent so often that nobody tries any more."""
    oldest: float
    """Seconds since the first of them was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depths:
    """What waits at one moment."""

    queues: tuple[QueueDepth, ...]
    lanes: tuple[Lane, ...]
    dead_letters: int
    """Deliveries that were given up."""
    undelivered: int
    unenforced: int
    """Actions that were decided and do not hold yet."""
    waiting_for_signals: int


class Backlog:
    """Counts, and remembers its counts for some seconds: many may ask, and often."""

    def __init__(self, store: Store, *, attempts: int, remember: float = 5.0) -> None:
        """Prepare; nothing is counted yet.

        Args:
            store: Where it all stands.
            attempts: After so many a message is left alone (`outbox.attempts`).
            remember: Seconds.
        """
        self._store = store
        self._attempts = attempts
        self._remember = remember
        self._counting = threading.Lock()
        self._depths: Depths | None = None
        self._until = 0.0

    def depths(self) -> Depths:
        """What waits now, or did some seconds ago; raises Unavailable."""
        with self._counting:
            if self._depths is None or time.monotonic() >= self._until:
                self._depths = self._count()
                self._until = time.monotonic() + self._remember
            return self._depths

    def report(self) -> None:
        """Write what waits to the log: a line a queue and one for the rest, for whoever looks."""
        depths = self._count()
        for queue in depths.queues:
            _log.info(
                "cases wait",
                tier=queue.tier,
                queue=queue.queue,
                state=queue.state,
                cases=queue.waiting,
                overdue=queue.overdue,
                oldest_seconds=round(queue.oldest),
            )
        _log.info(
            "backlog",
            messages=sum(lane.unsent + lane.unconfirmed for lane in depths.lanes),
            stuck=sum(lane.stuck for lane in depths.lanes),
            unenforced=depths.unenforced,
            undelivered=depths.undelivered,
            dead_letters=depths.dead_letters,
            waiting_for_signals=depths.waiting_for_signals,
        )

    def _count(self) -> Depths:
        with self._store.read() as connection:
            cases = connection.execute(_CASES).mappings().all()
            lanes = connection.execute(_OUTBOX, {"attempts": self._attempts}).mappings().all()
            others = connection.execute(_OTHERS).mappings().one()
        return Depths(
            queues=tuple(QueueDepth(**row) for row in cases),
            lanes=tuple(Lane(**row) for row in lanes),
            **others,
        )
