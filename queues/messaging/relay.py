"""Sends what stands in the outbox to Celery, once it is committed, the most urgent first."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import psycopg
import structlog
from sqlalchemy import Connection, Row, text

from queues.errors import Unavailable
from queues.messaging.broker import Message
from queues.messaging.lanes import BACKTESTING, SERVED, step
from queues.store.outbox import CHANNEL
from queues.store.session import Store

_log = structlog.get_logger(__name__)

#: Seconds between looks into the outbox when nobody says that there is something.
_POLL: Final = 1.0
#: Seconds that are left to others to add their rows to the same messages: nobody notices them, and
#: workers that get fifty rows at once do several times as much as with a few.
_LINGER: Final = 0.05
#: Seconds to wait when the broker or the database is away: at first, and at most.
_FIRST_WAIT: Final = 0.1
_LONGEST_WAIT: Final = 5.0
#: A message that failed is sent again in so many parts, and those again: one row that cannot be
#: worked on soon stands alone and holds up no other.
_PARTS: Final = 10

_TAKE: Final = text("""
WITH taken AS MATERIALIZED (
    SELECT id FROM outbox WHERE queue = :tier AND sent_at IS NULL
    ORDER BY priority, id LIMIT :most FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET sent_at = now(), attempts = attempts + 1
FROM taken WHERE outbox.id = taken.id
RETURNING outbox.id, task, queue, priority, attempts,
    CAST(extract(epoch FROM sent_at) AS double precision) AS sent
""")
_PUT_BACK: Final = text("""
UPDATE outbox SET sent_at = NULL, attempts = attempts - 1 WHERE id = ANY(:rows)
""")


class Sends(Protocol):
    """Puts messages where workers find them."""

    def publish(self, messages: Sequence[Message]) -> None:
        """Send messages; raises Unavailable, and then some may have been sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """One relay; several side by side take different rows."""

    store: Store
    broker: Sends
    batch: int
    """Rows it takes at once."""
    group: int
    """Rows in one message."""

    def send(self) -> int:
        """Send the most urgent rows that nobody has sent; says how many.

        Rows are marked before they are sent: a worker that is quick finds them free. A relay that
        dies in between leaves them to the sweeper, as it would leave a message that Redis lost.

        Raises:
            Unavailable: the broker or the database is away; the rows stay.
        """
        with self.store.transaction() as connection:
            rows = self._take(connection)
        if not rows:
            return 0
        try:
            self.broker.publish(list(_messages(rows, self.group)))
        except BaseException:
            with self.store.transaction() as connection:
                connection.execute(_PUT_BACK, {"rows": [row.id for row in rows]})
            raise
        return len(rows)

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop, through restarts of Redis and Postgres."""
        wait = _FIRST_WAIT
        while not stop.is_set():
            try:
                with self.store.listener() as ears:
                    ears.execute(f"LISTEN {CHANNEL}".encode("ascii"))
                    while not stop.is_set():
                        sent = self.send()
                        wait = _FIRST_WAIT
                        if sent < self.batch:
                            _listen(ears)
                            stop.wait(_LINGER)
            except (Unavailable, psycopg.OperationalError) as error:
                _log.warning("cannot send", reason=str(error).partition("\n")[0], again_in=wait)
                stop.wait(wait)
                wait = min(2 * wait, _LONGEST_WAIT)

    def _take(self, connection: Connection) -> list[Row[Any]]:
        """Rows to send, marked as sent; those of a higher tier first."""
        rows: list[Row[Any]] = []
        for tier in SERVED:
            if (most := self.batch - len(rows)) > 0:
                found = connection.execute(_TAKE, {"tier": tier, "most": most})
                rows.extend(sorted(found, key=lambda row: (row.priority, row.id)))
        return rows


def _messages(rows: Sequence[Row[Any]], group: int) -> Iterator[Message]:
    """Messages of rows that one task can take together, in the order of the rows."""
    alike: dict[tuple[str, str, int, int], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        alike[row.queue, row.task, step(row.priority), row.attempts].append(row)
    for (tier, task, priority, attempts), members in alike.items():
        # A part of a backtest takes as long as hundreds of other rows: whoever is free has one.
        most = 1 if tier == BACKTESTING else group
        size = max(1, most // _PARTS ** (attempts - 1))
        for start in range(0, len(members), size):
            part = members[start : start + size]
            yield Message(
                task=task,
                tier=tier,
                priority=priority,
                rows=[row.id for row in part],
                sent=part[0].sent,
            )


def _listen(ears: psycopg.Connection[tuple[object, ...]]) -> None:
    """Wait until somebody says that there is something; what was said beside it is the same."""
    for _ in ears.notifies(timeout=_POLL, stop_after=1):
        pass
    for _ in ears.notifies(timeout=0):
        pass
