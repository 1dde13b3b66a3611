"""What each stage of a batch takes: the same work as in the service, stage by stage."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Final
from uuid import uuid4

import orjson

from engine.bench.figures import Figure
from queues.arms import Arms
from queues.bootstrap import Services
from queues.clock import SystemClock
from queues.intake.reading import Sent, read_all
from queues.settings import load_settings
from tests.benchmarks.service.ground import Ground

_BATCH: Final = 500
_ROUNDS: Final = 12
_LONGEST: Final = 200_000
_RARE: Final = "the rest: transaction, rows, answers"


class Stopwatch:
    """Times pieces of work by name, again and again."""

    def __init__(self, times: dict[str, list[float]]) -> None:
        self._times = times

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time what is done in this context."""
        started = perf_counter()
        yield
        self._times.setdefault(name, []).append(perf_counter() - started)


def shares(where: Ground, texts: Sequence[str]) -> Iterator[Figure]:
    """Microseconds an item of each stage of `Intake.accept` for batches of 500, medians."""
    services = Services(
        load_settings(database={"url": where.postgres.url}, redis={"url": where.valkey.url})
    )
    try:
        services.in_force.refresh()
        for name, micros in _measured(services, texts).items():
            yield Figure(name=f"stage: {name}", value=micros, unit="µs an item")
    finally:
        services.close()


def _measured(services: Services, texts: Sequence[str]) -> dict[str, float]:
    judge = services.judge()
    times: dict[str, list[float]] = {}
    clock = Stopwatch(times)
    for number in range(_ROUNDS):
        body = orjson.dumps({"items": items_of(texts, number)})
        with clock("JSON"):
            raws = orjson.loads(body)["items"]
        with clock("reading and typing"):
            read = read_all(raws, Arms(control=judge), key=None, longest_text=_LONGEST)
        sent = [each for each in read if isinstance(each, Sent)]
        items = [each.item for each in sent]
        with clock("classification"):
            judge.score(items)
        with clock("rules"):
            judge.release.evaluate_batch(items, now=0.0)
        with clock("judging, all of it"):
            judge.judge(raws, items, [{}] * len(sent), SystemClock().now())
        with clock("all"):
            services.intake.accept(raws, actor="key:bench")
    found = {name: sorted(each)[len(each) // 2] / _BATCH * 1e6 for name, each in times.items()}
    found["evidence and records"] = (
        found["judging, all of it"] - found["classification"] - found["rules"]
    )
    found[_RARE] = found["all"] - found.pop("judging, all of it") - found["reading and typing"]
    found["all"] = found.pop("all")
    return found


def items_of(texts: Sequence[str], number: int) -> list[dict[str, str]]:
    """A batch of items under ids of their own; the number says which texts."""
    run = uuid4().hex
    return [
        {"id": f"{run}-{place}", "text": texts[(number * _BATCH + place) % len(texts)]}
        for place in range(_BATCH)
    ]
