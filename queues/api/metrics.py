"""What is counted about requests and verdicts, for Prometheus, in one process or several."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS: Final = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
)  # fmt: skip


class Metrics:
    """Counts of this process; `page` shows those of all processes together."""

    def __init__(self, folder: Path | None = None) -> None:
        """Begin at zero.

        Args:
            folder: Where several processes keep their counts; the environment has to name it
                (`PROMETHEUS_MULTIPROC_DIR`) before anything is imported.
        """
        self._folder = folder
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "tierwise_requests",
            "Requests served.",
            ["route", "method", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "tierwise_request_seconds",
            "Time from the head of a request to the end of its response.",
            ["route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._verdicts = Counter(
            "tierwise_verdicts",
            "Items judged when they arrived.",
            ["tier"],
            registry=self._registry,
        )
        self._counters: dict[tuple[str, str, int], Callable[[], None]] = {}
        self._tiers: dict[str, Callable[[float], None]] = {}
        self._timers: dict[str, Callable[[float], None]] = {}

    def served(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request; routes are few, as they are templates and not addresses."""
        # Callers can make up methods; they shall not make up rows.
        key = (route, method if method in _METHODS else "OTHER", status)
        count = self._counters.get(key)
        if count is None:
            count = self._counters[key] = self._requests.labels(*map(str, key)).inc
        count()
        observe = self._timers.get(route)
        if observe is None:
            observe = self._timers[route] = self._seconds.labels(route).observe
        observe(seconds)

    def judged(self, tier: str, items: int = 1) -> None:
        """Count items by the tier of their verdict."""
        count = self._tiers.get(tier)
        if count is None:
            count = self._tiers[tier] = self._verdicts.labels(tier).inc
        count(items)

    def page(self, others: Sequence[Collector] = ()) -> bytes:
        """All numbers in the format of Prometheus.

        Args:
            others: Say more at this moment, such as how long queues are.
        """
        registry = self._registry
        if self._folder is not None:
            registry = CollectorRegistry()
            # Published with types, but for this one.
            MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]  # as said
        around = CollectorRegistry()
        for other in others:
            around.register(other)
        return generate_latest(registry) + generate_latest(around)
