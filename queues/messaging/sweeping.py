"""Sends again what was lost on its way to a worker, and finds what nobody is going to work on."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection, text

from queues.messaging.lanes import SERVED, lane
from queues.store.outbox import PRIORITIES, Task, send
from queues.store.session import Store

_log = structlog.get_logger(__name__)

_LAST: Final = max(PRIORITIES.values())

# A row that was sent and neither confirmed, nor is worked on (then it is locked), nor waits in its
# lane (then it is no older than what waits there) was lost, or its task failed.
_AGAIN: Final = text("""
WITH lanes AS (
    SELECT tier, priority,
        least(to_timestamp(since), now() - make_interval(secs => :within)) AS until
    FROM unnest(
        CAST(:tiers AS text[]), CAST(:priorities AS smallint[]), CAST(:since AS double precision[])
    ) AS lanes (tier, priority, since)
), lost AS MATERIALIZED (
    SELECT found.id FROM lanes CROSS JOIN LATERAL (
        SELECT id FROM outbox
        WHERE queue = lanes.tier AND outbox.priority = lanes.priority AND sent_at < lanes.until
          AND sent_at < now() - make_interval(secs => :within * pow(2, attempts - 1))
          AND attempts < :attempts
        ORDER BY sent_at LIMIT 10000 FOR UPDATE SKIP LOCKED
    ) AS found
)
UPDATE outbox SET sent_at = NULL FROM lost WHERE outbox.id = lost.id
""")
_STUCK: Final = text("""
SELECT task, count(*) AS rows, CAST(extract(epoch FROM now() - min(created_at)) AS float) AS age
FROM outbox WHERE sent_at < now() - make_interval(secs => :within) AND attempts >= :attempts
GROUP BY task ORDER BY task
""")
_ANEW: Final = text("""
UPDATE outbox SET sent_at = NULL, attempts = 0
WHERE sent_at < now() - make_interval(secs => :within) AND attempts >= :attempts
""")
_IDLE: Final = {
    task: text(statement + " LIMIT 1000")
    for task, statement in {
        Task.CONVENE: """
            SELECT id, priority FROM cases WHERE state = 'waiting' AND tier = 'senior'
            AND NOT EXISTS (
                SELECT FROM outbox WHERE subject = cases.id AND task = 'senior.convene')""",
        Task.OPEN: """
            SELECT id, priority FROM cases WHERE state = 'waiting' AND tier = 'single'
            AND NOT EXISTS (
                SELECT FROM outbox WHERE subject = cases.id AND task = 'single.open')""",
        Task.ENFORCE: """
            SELECT id, 6 AS priority FROM actions WHERE state = 'pending'
            AND NOT EXISTS (
                SELECT FROM outbox WHERE subject = actions.id AND task = 'auto.enforce')""",
        Task.JUDGE: """
            SELECT id, 6 AS priority FROM items WHERE state = 'waiting_for_signals'
            AND NOT EXISTS (
                SELECT FROM signal_orders
                WHERE item_id = items.id AND arrived_at IS NULL AND failure IS NULL)
            AND NOT EXISTS (
                SELECT FROM outbox WHERE subject = items.id AND task = 'auto.judge')""",
    }.items()
}


class Lanes(Protocol):
    """Knows what waits for workers."""

    def waiting_since(self) -> Mapping[str, float]:
        """When the oldest message of each lane was sent, in seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Rows that were sent as often as they may be, and never confirmed."""

    task: str
    rows: int
    age: float
    """Seconds since the oldest was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeping:
    """Looks after the outbox."""

    store: Store
    lanes: Lanes
    confirm_within: float
    """Seconds after which a row that was sent once counts as lost; twice as many each time."""
    attempts: int
    """How often a row is sent before it is left alone."""

    def sweep(self) -> int:
        """Have rows sent again that were lost or whose task failed; says how many.

        Rows behind many others are not lost: they are left alone however long they wait.

        Raises:
            Unavailable: the broker or the database is away.
        """
        since = self.lanes.waiting_since()
        every = [(tier, priority) for tier in SERVED for priority in range(_LAST + 1)]
        lanes = {
            "tiers": [tier for tier, _ in every],
            "priorities": [priority for _, priority in every],
            "since": [since.get(lane(*each), math.inf) for each in every],
        }
        with self.store.transaction() as connection:
            lost = connection.execute(_AGAIN, {**lanes, **self._limits}).rowcount
        if lost:
            _log.warning("sending again what no worker confirmed", rows=lost)
        return lost

    def awaken(self) -> int:
        """Have work done that waits and stands in no outbox; says how much that was.

        Nothing is ever forgotten like this unless there is a mistake somewhere: it is a net.
        """
        found = 0
        with self.store.transaction() as connection:
            for task, question in _IDLE.items():
                subjects = [(row.id, row.priority) for row in connection.execute(question)]
                if subjects:
                    _log.warning(
                        "nobody was going to work on these", task=task, count=len(subjects)
                    )
                    send(connection, task, subjects)
                    found += len(subjects)
        return found

    def stuck(self, connection: Connection) -> list[Stuck]:
        """What was given up, by task: somebody has to look into the log."""
        rows = connection.execute(_STUCK, self._limits)
        return [Stuck(task=row.task, rows=row.rows, age=row.age) for row in rows]

    def retry(self) -> int:
        """Start anew with what was given up, once its cause is gone; says how many rows."""
        with self.store.transaction() as connection:
            return connection.execute(_ANEW, self._limits).rowcount

    @property
    def _limits(self) -> dict[str, float]:
        return {"within": self.confirm_within, "attempts": self.attempts}
