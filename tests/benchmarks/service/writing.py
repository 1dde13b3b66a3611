"""What Postgres does at most with the rows of judged items: they are made before, and only written.

Whatever judging costs, batches cannot come faster than this on the same cores.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Final
from unittest.mock import patch

from engine.bench.figures import Figure
from queues.bootstrap import Services
from queues.intake import rows
from queues.settings import load_settings
from queues.store.adding import Row, Table, add
from queues.store.session import Store
from tests.benchmarks.service.ground import Ground
from tests.benchmarks.service.stages import items_of

_BATCH: Final = 500
_BATCHES: Final = 40
_WRITERS: Final = 2

Rows = Mapping[Table, Sequence[Row]]


def written(where: Ground, texts: Sequence[str], most: float) -> Iterator[Figure]:
    """Items a second, 500 in a transaction, two writers; and the share of what Postgres does."""
    ready = _ready(where, texts)
    store = Store(where.postgres.url)
    try:
        with ThreadPoolExecutor(_WRITERS) as writers:
            started = perf_counter()
            list(writers.map(lambda each: _write(store, each), ready))
            rate = len(ready) * _BATCH / (perf_counter() - started)
    finally:
        store.close()
    yield Figure(name="rows of judged items written, nothing else", value=rate, unit="items/s")
    yield Figure(
        name="rows of judged items written, share of what Postgres does",
        value=rate / most * 100,
        unit="%",
    )


def _ready(where: Ground, texts: Sequence[str]) -> list[Rows]:
    """The rows of batches, as the intake would write them."""
    services = Services(
        load_settings(database={"url": where.postgres.url}, redis={"url": where.valkey.url})
    )
    ready: list[Rows] = []
    try:
        services.in_force.refresh()
        with patch.object(rows, "add", lambda _, each: ready.append(each)):
            for number in range(_BATCHES):
                services.intake.accept(items_of(texts, number), actor="key:bench")
    finally:
        services.close()
    return ready


def _write(store: Store, ready: Rows) -> None:
    with store.transaction() as connection:
        add(connection, ready)
