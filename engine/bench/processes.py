"""Whether two processes do twice as much as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from engine.bench.evaluation import Judge
from engine.bench.figures import Figure
from engine.bench.measure import runs_of, settle
from engine.item import Item
from engine.rules.release import Release

TWICE: Final = 1.9
_RUNS: Final = 3
_PATIENCE: Final = 120.0


@dataclass(frozen=True, slots=True)
class Span:
    """When a process began and ended, on a clock that all of them share."""

    start: float
    end: float


def two_against_one(path: Path, items: Sequence[Item]) -> Figure:
    """How much more two processes judge in the same time, each with its own items."""
    half = len(items) // 2
    shares = [items[:half], items[half : 2 * half]]
    ratios = [
        _taken(alone) / _taken(together)
        for alone, together in zip(_spans(path, shares[:1]), _spans(path, shares), strict=True)
    ]
    return Figure(
        name="two processes against one", value=2 * median(ratios), unit="times", at_least=TWICE
    )


def _taken(spans: Sequence[Span]) -> float:
    return max(span.end for span in spans) - min(span.start for span in spans)


def _spans(path: Path, shares: Sequence[Sequence[Item]]) -> list[list[Span]]:
    """For each run, when each process judged its part of the items."""
    context = get_context("spawn")
    barrier = context.Barrier(len(shares))
    pipes = [context.Pipe(duplex=False) for _ in shares]
    workers = [
        context.Process(target=_work, args=(path, items, barrier, pipe[1]))
        for items, pipe in zip(shares, pipes, strict=True)
    ]
    for worker in workers:
        worker.start()
    found: list[list[Span]] = []
    for receiver, _ in pipes:
        if not receiver.poll(_PATIENCE):
            break
        found.append(receiver.recv())
    for worker in workers:
        worker.join(_PATIENCE)
    return [list(spans) for spans in zip(*found, strict=True)]


def _work(path: Path, items: Sequence[Item], barrier: Barrier, sender: Connection) -> None:
    release = Release.open(path)
    release.warm()
    judge = Judge(release).one
    warm_up, parts = runs_of(items, _RUNS)
    for item in warm_up:
        judge(item)
    settle()
    spans = []
    for part in parts:
        barrier.wait(_PATIENCE)
        start = perf_counter()
        for item in part:
            judge(item)
        spans.append(Span(start, perf_counter()))
    sender.send(spans)
