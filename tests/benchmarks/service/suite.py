"""All measurements of the service, one after another, each beside the limit it is held to."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Final

import orjson
from sqlalchemy import text

from engine.bench.figures import Figure
from queues.ids import new_id
from queues.store.outbox import Task, send
from tests.benchmarks.service.ceiling import ceiling
from tests.benchmarks.service.ground import Ground, api, ground, press, resident, running
from tests.benchmarks.service.stages import shares
from tests.benchmarks.service.writing import written

Tell = Callable[[str], None]

ABOUT: Final = (
    "The service on the same machine, PostgreSQL (fsync on), Valkey and the load generator beside "
    "it on the same cores; the shipped rules and a classifier."
)

_SECONDS: Final = 10
_CONNECTIONS: Final = 32
_BATCH: Final = 500
_MESSAGES: Final = 40_000
_SINGLES: Final = 0.40
_BATCHES: Final = 0.50
_P95_MS: Final = 50.0
_RELAYED: Final = 5_000.0
_VISIBLE: Final = 1.0
_GROWTH: Final = 1.10


def figures(texts: Sequence[str], model: Path, tell: Tell, *, items: int) -> Iterator[Figure]:
    """Measure.

    Args:
        texts: What is posted, again and again under new ids.
        model: The classifier in use.
        tell: Hears what is being measured.
        items: Over how many items memory is watched; 0: not at all.
    """
    with ground(orjson.dumps(list(texts)), model) as where:
        tell("what Postgres does at most")
        single = ceiling(where.postgres.url, rows=1, clients=_CONNECTIONS, seconds=_SECONDS)
        many = ceiling(where.postgres.url, rows=_BATCH, clients=2, seconds=_SECONDS)
        yield Figure(name="Postgres alone, one item a transaction", value=single, unit="items/s")
        yield Figure(name="Postgres alone, 500 items a transaction", value=many, unit="items/s")
        tell("items posted one by one")
        yield from _singles(where, single)
        tell("batches of 500")
        yield from _batches(where, many)
        tell("the rows of judged items alone")
        yield from written(where, texts, many)
        tell("the share of each stage")
        yield from shares(where, texts)
        tell("from an item to a case")
        yield from _visible(where)
        tell("the relay")
        yield from _relay(where)
        if items:
            tell(f"memory over {items:,} items")
            yield from _memory(where, items)


def _singles(where: Ground, most: float) -> Iterator[Figure]:
    runs = []
    for processes in (1, 2):
        with api(where, processes) as (url, _):
            press(where, url, batch=1, connections=_CONNECTIONS, seconds=2)
            runs.append(press(where, url, batch=1, connections=_CONNECTIONS, seconds=_SECONDS))
        yield Figure(
            name=f"posted one by one, 32 connections, API processes: {processes}",
            value=runs[-1]["items_a_second"],
            unit="items/s",
        )
    best = max(runs, key=lambda run: run["items_a_second"])
    yield Figure(
        name="posted one by one, share of what Postgres does",
        value=best["items_a_second"] / most * 100,
        unit="%",
        at_least=_SINGLES * 100,
    )
    yield Figure(name="posted one by one, p95", value=best["p95_ms"], unit="ms", at_most=_P95_MS)
    failures = sum(run["failures"] for run in runs)
    yield Figure(name="refused meanwhile", value=failures, unit="items", at_most=0)


def _batches(where: Ground, most: float) -> Iterator[Figure]:
    best = 0.0
    for processes in (1, 2):
        with api(where, processes) as (url, _):
            press(where, url, batch=_BATCH, connections=4, seconds=2)
            found = press(where, url, batch=_BATCH, connections=4, seconds=_SECONDS)
        best = max(best, found["items_a_second"])
        yield Figure(
            name=f"posted in batches of 500, API processes: {processes}",
            value=found["items_a_second"],
            unit="items/s",
        )
    yield Figure(
        name="posted in batches of 500, share of what Postgres does",
        value=best / most * 100,
        unit="%",
        at_least=_BATCHES * 100,
    )


def _visible(where: Ground) -> Iterator[Figure]:
    """From the acceptance of an item to a case that people can claim, under load."""
    with (
        api(where, 1) as (url, _),
        running(where, "relay"),
        running(where, "worker", "--queues", "single,senior,auto"),
    ):
        _await(where, "SELECT count(*) >= 2 FROM processes WHERE kind IN ('relay', 'worker')")
        _await(where, "SELECT count(*) = 0 FROM outbox WHERE task <> 'auto.enforce'")
        (start,) = _row(where, "SELECT clock_timestamp()")
        press(where, url, batch=20, connections=2, seconds=_SECONDS)
        _await(where, "SELECT count(*) = 0 FROM cases WHERE state = 'waiting'")
        waited = "extract(epoch FROM opened_at - enqueued_at)"
        p95, count = _row(
            where,
            f"SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY {waited}), count(*)"  # noqa: S608
            " FROM cases WHERE enqueued_at > :start",
            start=start,
        )
    yield Figure(
        name=f"accepted to claimable under load, p95 of {count:,} cases",
        value=float(str(p95)),
        unit="s",
        at_most=_VISIBLE,
    )


def _relay(where: Ground) -> Iterator[Figure]:
    with where.store.transaction() as connection:
        connection.execute(text("DELETE FROM outbox"))
        send(connection, Task.ENFORCE, [(new_id(), 6) for _ in range(_MESSAGES)])
    unsent = "SELECT count(*) = 0 FROM outbox WHERE sent_at IS NULL"
    with running(where, "relay"):
        _await(where, "SELECT count(*) > 0 FROM outbox WHERE sent_at IS NOT NULL")
        (before,) = _row(where, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")
        started = perf_counter()
        _await(where, unsent)
        seconds = perf_counter() - started
    yield Figure(
        name="relayed from the outbox to Celery",
        value=int(str(before)) / seconds,
        unit="messages/s",
        at_least=_RELAYED,
    )


def _memory(where: Ground, items: int) -> Iterator[Figure]:
    """Memory of the API after a tenth of the items, and after all of them."""
    with api(where, 1) as (url, pid), ThreadPoolExecutor(1):
        posted, sizes = 0.0, []
        for share in (0.1, 1.0):
            while posted < items * share:
                found = press(where, url, batch=_BATCH, connections=4, seconds=_SECONDS)
                posted += found["items"]
            sizes.append(resident(pid))
    first, last = sizes
    yield Figure(name="memory of the API after a tenth of them", value=first / 2**20, unit="MiB")
    yield Figure(
        name=f"memory of the API after {posted:,.0f} items",
        value=last / first,
        unit="times",
        at_most=_GROWTH,
    )


def _row(where: Ground, query: str, **values: object) -> Sequence[object]:
    with where.store.read() as connection:
        return tuple(connection.execute(text(query), values).one())


def _await(where: Ground, query: str) -> None:
    until = perf_counter() + 120
    while not _row(where, query)[0]:
        if perf_counter() > until:
            raise TimeoutError(query)
