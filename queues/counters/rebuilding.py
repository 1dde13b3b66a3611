"""Reads what was received from Postgres, to fill windows that Redis lost or missed."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
import structlog
from psycopg.rows import tuple_row
from sqlalchemy import Connection, text

from engine.errors import InvalidItem
from engine.item import Item
from engine.rules.items import ItemReader
from engine.scoring import scored
from queues.counters.refilling import refilling
from queues.counters.windows import RedisCounters
from queues.errors import Unavailable
from queues.ids import id_floor
from queues.judging import moment_of, typed_facts
from queues.store.session import Store, driver

#: Seconds by which clocks of processes may differ, and transactions be on their way.
MARGIN: Final = 60.0

_ROWS: Final = 1_000
_RECEIVED: Final = """
SELECT at, CAST(input AS text) FROM verdicts
WHERE id >= %s AND cause = 'received' ORDER BY id
"""
_NOW: Final = text("SELECT clock_timestamp()")

_log = structlog.get_logger(__name__)


class Rebuilding:
    """Fills counters from the items in Postgres."""

    def __init__(
        self,
        store: Store,
        counters: RedisCounters,
        reader: ItemReader,
        *,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Nothing is read yet.

        Args:
            store: Where the items are.
            counters: What to fill; its link should have a timeout of seconds.
            reader: Types items by the vocabulary of the release that the counters are of.
            stopped: Asked now and then whether to give up.
        """
        self._store = store
        self._counters = counters
        self._reader = reader
        self._stopped = stopped
        self._filled_at = time.monotonic()

    def fill(self, *, patience: float) -> bool:
        """Fill what is missing; says whether nothing is missing from now on.

        Args:
            patience: Seconds to wait for another process that is at it.

        Raises:
            Unavailable: Redis or Postgres is away.
        """
        started = time.monotonic()
        with refilling(self._counters, patience=patience) as refill:
            if refill is None:
                return False
            added = refill.add(self._received(refill.age))
        self._filled_at = started
        _log.info("counters_filled", items=added, seconds=round(time.monotonic() - started, 3))
        return True

    def catch_up(self) -> int:
        """Put in what was being written while `fill` read; says how many items were looked at.

        Raises:
            Unavailable: Redis or Postgres is away.
        """
        return self._counters.add(self._received(time.monotonic() - self._filled_at))

    def _received(self, age: float) -> Iterator[tuple[Item, float]]:
        """Items received in the last seconds, each with its moment, in order."""
        with self._store.read() as connection:
            now: datetime = connection.execute(_NOW).scalar_one()
            floor = id_floor(now - timedelta(seconds=age + MARGIN))
            for at, written in _rows(connection, floor):
                if self._stopped():
                    raise _stopped()
                item = self._read(orjson.loads(written))
                if item is not None:
                    yield item, moment_of(item, at.timestamp())

    def _read(self, stored: Mapping[str, Any]) -> Item | None:
        """An item as it was when it was counted; None if it was erased or cannot be read now."""
        raw = stored.get("raw")
        if not isinstance(raw, Mapping):
            return None
        try:
            item = self._reader.read(raw)
        except InvalidItem:
            return None
        facts = typed_facts(stored["facts"])
        known = {name: value for name, value in facts.items() if not name.startswith("counter.")}
        return scored(Item(item.id, {**item.fields, **known}), stored["signals"])


def _rows(connection: Connection, floor: UUID) -> Iterator[tuple[datetime, str]]:
    """The moment and the input of verdicts, as they come and not all at once."""
    with driver(connection).cursor("received", row_factory=tuple_row) as cursor:
        cursor.execute(_RECEIVED, [floor])
        while rows := cursor.fetchmany(_ROWS):
            yield from rows


def _stopped() -> Unavailable:
    return Unavailable("counters", "the process ends")
