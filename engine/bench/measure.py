"""Takes times: medians of several runs, over items that no run has seen before."""

import gc
from collections.abc import Callable, Sequence
from itertools import repeat
from statistics import median
from time import perf_counter
from typing import Final, TypeVar

T = TypeVar("T")

RUNS: Final = 5
MICROSECONDS: Final = 1e6


def settle() -> None:
    """Set aside what is there for good, as a server does once it has loaded its release.

    Otherwise the collector of garbage would go through thousands of rules now and then.
    """
    gc.collect()
    gc.freeze()


def runs_of(items: Sequence[T], runs: int = RUNS) -> tuple[Sequence[T], list[Sequence[T]]]:
    """A tenth of the items to warm up, and the rest in so many parts of the same size."""
    first = max(1, len(items) // 10)
    size = (len(items) - first) // runs
    parts = [items[first + size * run : first + size * (run + 1)] for run in range(runs)]
    return items[:first], parts


def each(judge: Callable[[T], object], items: Sequence[T]) -> float:
    """Microseconds an item, one call each: the median of the runs."""
    warm_up, parts = runs_of(items)
    for item in warm_up:
        judge(item)
    settle()
    return median(_seconds(judge, part) / len(part) for part in parts) * MICROSECONDS


def in_batches(judge: Callable[[Sequence[T]], object], items: Sequence[T], size: int) -> float:
    """Microseconds an item, so many a call: the median of the runs."""
    warm_up, parts = runs_of(items)
    judge(warm_up)
    settle()
    times = []
    for part in parts:
        batches = [part[start : start + size] for start in range(0, len(part), size)]
        times.append(_seconds(judge, batches) / len(part))
    return median(times) * MICROSECONDS


def latencies(judge: Callable[[T], object], items: Sequence[T]) -> list[float]:
    """Microseconds of every single call, the shortest first."""
    times = []
    for item in items:
        started = perf_counter()
        judge(item)
        times.append(perf_counter() - started)
    return sorted(time * MICROSECONDS for time in times)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of sorted values does not exceed."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def seconds(work: Callable[[], object], runs: int = 3) -> float:
    """How long something takes: the median of the runs."""
    return median(_seconds(lambda _: work(), (None,)) for _ in repeat(None, runs))


def _seconds(judge: Callable[[T], object], items: Sequence[T]) -> float:
    started = perf_counter()
    for item in items:
        judge(item)
    return perf_counter() - started
