"""Counters of whichever release is in force, which see to it that they are complete."""

import threading
import time
from collections.abc import Sequence
from typing import Final

import structlog

from engine.counting import counters_in_use, defaults_of, holds_of, measures_of
from engine.item import Item
from engine.rules.items import ItemReader
from engine.rules.release import Release
from queues.counters.link import Link
from queues.counters.rebuilding import Rebuilding
from queues.counters.windows import Counts, RedisCounters
from queues.errors import ServiceError
from queues.store.session import Store

#: Seconds to wait for Redis where nobody waits for us.
_UNHURRIED: Final = 10.0
#: Seconds in which transactions end that were open while windows were filled.
_SETTLE: Final = 5.0
#: Seconds between the end of one filling and the beginning of the next.
_PAUSE: Final = 1.0

_log = structlog.get_logger(__name__)


class SharedCounters:
    """The counters of all processes."""

    def __init__(self, store: Store, redis_url: str, *, lateness: float, timeout: float) -> None:
        """Nothing is connected yet.

        Args:
            store: Where windows are filled from.
            redis_url: `redis://:password@host:port/database`.
            lateness: Seconds an item may come late and still be counted exactly.
            timeout: Seconds to wait for Redis, and for the beginning of a filling.
        """
        self._store = store
        self._lateness = lateness
        self._link = Link(redis_url, timeout=timeout)
        self._unhurried = Link(redis_url, timeout=_UNHURRIED)
        self._stop = threading.Event()
        self._latest: MaintainedCounters | None = None

    def of(self, release: Release) -> "MaintainedCounters":
        """The counters that the rules of a release look at."""
        used = counters_in_use(release.policy)
        measures = measures_of(used, holds_of(release, used), defaults_of(release.policy))
        self._latest = MaintainedCounters(
            RedisCounters(self._link, measures, self._lateness),
            Rebuilding(
                self._store,
                RedisCounters(self._unhurried, measures, self._lateness),
                ItemReader(release.policy.vocabulary),
                stopped=self._stop.is_set,
            ),
            stop=self._stop,
        )
        return self._latest

    def close(self) -> None:
        """Stop filling, and close the connections."""
        self._stop.set()
        if self._latest is not None:
            self._latest.join()
        self._link.close()
        self._unhurried.close()


class MaintainedCounters:
    """Counters that are filled in the background as soon as something is missing.

    Items that come meanwhile wait for a moment; where that is not enough, what is missing is
    unknown for them.
    """

    def __init__(
        self,
        counters: RedisCounters,
        rebuilding: Rebuilding,
        *,
        stop: threading.Event,
        settle: float = _SETTLE,
    ) -> None:
        """Nothing happens before something is missing.

        Args:
            counters: What is kept complete.
            rebuilding: Fills it.
            stop: Ends what goes on in the background.
            settle: Seconds after which a filling looks once more at what was being written.
        """
        self._counters = counters
        self._rebuilding = rebuilding
        self._stop = stop
        self._settle = settle
        self._patience = counters.link.timeout
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._filled = threading.Event()
        self._filled.set()
        self._waited_until = self._next = float("-inf")

    def observe_many(self, items: Sequence[Item], moments: Sequence[float]) -> list[Counts]:
        """Count items, and say what each of them sees; as `RedisCounters.observe_many`."""
        observed = self._counters.observe(items, moments)
        if observed.lacking and self._fill():
            observed = self._counters.observe(items, moments)
        return observed.counts

    def join(self) -> None:
        """Wait for what goes on in the background."""
        if self._thread is not None:
            self._thread.join()

    def _fill(self) -> bool:
        """Begin to fill if nobody does, and wait a moment; says whether it is done."""
        with self._lock:
            now = time.monotonic()
            if self._filled.is_set():
                if now < self._next or self._stop.is_set():
                    return False
                self._filled = threading.Event()
                self._waited_until = now + self._patience
                self._thread = threading.Thread(
                    target=self._run, args=(self._filled,), name="counters", daemon=True
                )
                self._thread.start()
            filled = self._filled
        return filled.wait(max(0.0, self._waited_until - now))

    def _run(self, filled: threading.Event) -> None:
        try:
            done = self._rebuilding.fill(patience=self._patience)
        except ServiceError as error:
            done = False
            _log.warning("counters_not_filled", reason=str(error))
        finally:
            self._next = time.monotonic() + _PAUSE
            filled.set()
        if done and not self._stop.wait(self._settle):
            try:
                self._rebuilding.catch_up()
            except ServiceError as error:
                _log.warning("counters_not_caught_up", reason=str(error))
