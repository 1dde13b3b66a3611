"""Fills windows of which Redis lost or missed something: one process does it, the others wait."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import redis
from redis.exceptions import LockError
from redis.lock import Lock

from engine.item import Item
from queues.counters.link import Script
from queues.counters.windows import RedisCounters
from queues.errors import Unavailable

_LOCK: Final = "tw:counters:refill"
#: Seconds after which another process takes over from one that died.
_LEASE: Final = 30.0
_REFILL: Final = Script("refill.lua")
_ALL: Final = -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill:
    """The filling of definitions that lack something; nobody else does it meanwhile."""

    counters: RedisCounters
    """Those that lack something."""
    age: float
    """Items that happened so many seconds ago or less are missing, in part or all of them."""
    _lock: Lock

    def add(self, rows: Iterable[tuple[Item, float]]) -> int:
        """Put in items with their moments, in any order; says how many.

        Raises:
            Unavailable: Redis is away, or another process took over.
        """
        return self.counters.add(self._renewing(rows))

    def _renewing(self, rows: Iterable[tuple[Item, float]]) -> Iterator[tuple[Item, float]]:
        for number, row in enumerate(rows):
            if number % 1_000 == 0:
                with _reachable():
                    self._lock.reacquire()
            yield row


@contextmanager
def refilling(counters: RedisCounters, *, patience: float) -> Iterator[Refill | None]:
    """Fill what is missing within the block; what was then filled is known from its end on.

    Args:
        counters: What is to be complete.
        patience: Seconds to wait for another process that is at it.

    Yields:
        What has to be filled; None if nothing has to, or another process is still at it.

    Raises:
        Unavailable: Redis is away.
    """
    client = counters.link.client
    lock = client.lock(_LOCK, timeout=_LEASE, blocking_timeout=patience)
    with _reachable():
        held = lock.acquire()
    if not held:
        yield None
        return
    try:
        begun = _begin(counters)
        if not begun:
            yield None
            return
        yield Refill(
            counters=_only(counters, [name for name, _, _ in begun]),
            age=max(age for _, _, age in begun),
            _lock=lock,
        )
        _end(counters, [part for name, mark, _ in begun for part in (name, mark)])
    finally:
        with suppress(LockError, redis.RedisError):
            lock.release()


def _begin(counters: RedisCounters) -> list[tuple[str, str, float]]:
    """Definitions that lack something: the name, its mark, and the age of the gap in seconds."""
    keep = {
        name: measure.within + counters.lateness
        for name, measure in zip(counters.names, counters.measures, strict=True)
    }
    begun = []
    for raw, mark, written in _run(counters, ["begin", *counters.names]):
        name, age = raw.decode(), float(written)
        begun.append((name, mark.decode(), keep[name] if age == _ALL else min(age, keep[name])))
    return begun


def _end(counters: RedisCounters, marks: Sequence[str]) -> None:
    _run(counters, ["end", *marks])


def _run(counters: RedisCounters, arguments: Sequence[str]) -> list[tuple[bytes, bytes, bytes]]:
    def work(client: redis.Redis) -> list[tuple[bytes, bytes, bytes]]:
        [answer] = _REFILL.run(client, [arguments])
        return [tuple(each) for each in answer]

    return counters.link.call(work)


def _only(counters: RedisCounters, names: Iterable[str]) -> RedisCounters:
    wanted = set(names)
    measures = [
        measure
        for name, measure in zip(counters.names, counters.measures, strict=True)
        if name in wanted
    ]
    return RedisCounters(counters.link, measures, counters.lateness)


@contextmanager
def _reachable() -> Iterator[None]:
    """Turn what the library says of a Redis that is away, or of a lost lock."""
    part = "redis"
    try:
        yield
    except redis.RedisError as error:
        raise Unavailable(part, str(error)) from error
