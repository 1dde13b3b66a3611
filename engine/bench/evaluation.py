"""What judging costs: one item at a time, in batches, with more rules, and with longer texts."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Final

from engine.bench.figures import Figure
from engine.bench.measure import RUNS, each, in_batches, latencies, percentile, settle
from engine.bench.texts import pieces
from engine.bench.workload import items_of
from engine.item import Item
from engine.rules.model import Policy
from engine.rules.release import FAILED, Release
from engine.verdict import Verdict

#: The moment at which everything is judged; no rule of the workload has dates.
NOW: Final = 1_772_438_400.0
BATCH: Final = 1_000
#: Items on which a release is tried before anything is measured.
_TRIED: Final = 100
#: Microseconds an item by number of rules.
ONE_AT_A_TIME: Final[Mapping[int, float]] = {1_000: 8.0, 10_000: 22.0}
IN_BATCHES: Final[Mapping[int, float]] = {1_000: 4.0, 10_000: 14.0}
GROWTH: Final = 9.0
GROWTH_WITHOUT_MATCHES: Final = 3.0
SLOWEST: Final = 5.0
#: Characters; the first is about the mean of short comments, and what the others are held to.
LENGTHS: Final = (84, 1_000, 10_000, 100_000)
LENGTH_FACTOR: Final = 2.0
#: Texts that make a warm-up and five runs.
_FEWEST: Final = 2 * RUNS


@dataclass(frozen=True, slots=True)
class Judge:
    """A release as something to be called with items."""

    release: Release

    def one(self, item: Item) -> Verdict:
        """The verdict of one item."""
        return self.release.evaluate(item, now=NOW)

    def many(self, items: Sequence[Item]) -> list[Verdict]:
        """The verdicts of a batch."""
        return self.release.evaluate_batch(items, now=NOW)


def ready(policy: Policy, items: Sequence[Item]) -> Release:
    """A compiled policy that was seen to work: an engine that fails is fast."""
    release = Release.of(policy)
    release.warm()
    verdicts = [*map(Judge(release).one, items[:_TRIED]), *Judge(release).many(items[:_TRIED])]
    if any(verdict is FAILED for verdict in verdicts):
        message = f"the engine fails on items of the workload with {len(policy.rules):,} rules"
        raise RuntimeError(message)
    return release


def one_at_a_time(release: Release, items: Sequence[Item]) -> Figure:
    """The cost of one item."""
    rules = len(release.policy.rules)
    return Figure(
        name=f"{rules:,} rules, one item at a time",
        value=each(Judge(release).one, items),
        unit="µs",
        at_most=ONE_AT_A_TIME.get(rules),
    )


def batches(release: Release, items: Sequence[Item]) -> Figure:
    """The cost of an item in a batch."""
    rules = len(release.policy.rules)
    return Figure(
        name=f"{rules:,} rules, in batches of {BATCH:,}",
        value=in_batches(Judge(release).many, items, BATCH),
        unit="µs an item",
        at_most=IN_BATCHES.get(rules),
    )


def growth(few: Figure, many: Figure, *, matching: bool) -> Figure:
    """How much more an item costs with many rules than with few."""
    what = "" if matching else " that never match"
    return Figure(
        name=f"growth from 10 to 10,000 rules{what}",
        value=many.value / few.value,
        unit="times",
        at_most=GROWTH if matching else GROWTH_WITHOUT_MATCHES,
    )


def lengths(release: Release, texts: Sequence[str], seed: int) -> Iterator[Figure]:
    """What a character costs in texts of different length, as far as there are enough texts."""
    limit: float | None = None
    for length in LENGTHS:
        items = items_of(pieces(texts, length), seed)
        if len(items) < _FEWEST:
            return
        figure = Figure(
            name=f"{len(release.policy.rules):,} rules, texts of {length:,} characters",
            value=each(Judge(release).one, items) / length * 1e3,
            unit="ns a character",
            at_most=limit,
        )
        limit = limit or figure.value * LENGTH_FACTOR
        yield figure


def while_loading(path: Path, items: Sequence[Item], loaders: int = 2) -> Iterator[Figure]:
    """What the slowest of unseen items take while threads load releases all the time."""
    release = Release.open(path)
    release.warm()
    judge = Judge(release)
    quiet, busy = items[: len(items) // 2], items[len(items) // 2 :]
    settle()
    alone = latencies(judge.one, quiet)
    done = Event()
    threads = [Thread(target=_load, args=(path, done), daemon=True) for _ in range(loaders)]
    for thread in threads:
        thread.start()
    beside = latencies(judge.one, busy)
    done.set()
    for thread in threads:
        thread.join()
    usual = percentile(alone, 0.5)
    rules = f"{len(release.policy.rules):,} rules"
    interval = f"the interpreter hands over every {sys.getswitchinterval() * 1e3:g} ms"
    yield Figure(name=f"{rules}, p99.9 of unseen texts", value=percentile(alone, 0.999), unit="µs")
    yield Figure(
        name=f"{rules}, p99.9 over median, {loaders} threads loading releases",
        value=percentile(beside, 0.999) / usual,
        unit="times",
        at_most=SLOWEST,
        note=f"median {usual:.1f} µs, beside them {percentile(beside, 0.5):.1f} µs; {interval}",
    )


def _load(path: Path, done: Event) -> None:
    while not done.is_set():
        Release.open(path)
