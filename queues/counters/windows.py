"""Counters that all processes share: the same numbers as in memory, from Redis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Final

import orjson
import redis

from engine.counting import Measure
from engine.item import Item, Value
from queues.counters import fingerprints
from queues.counters.events import Batch, Writer
from queues.counters.link import Link, Script
from queues.errors import Unavailable

Counts = Mapping[str, Value]

#: Items added at once when windows are filled.
_BATCH: Final = 500
_OBSERVE: Final = Script("observe.lua")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What items see."""

    counts: list[Counts]
    """For each item the values of `counter.*` that are known and that it does not bring itself."""
    lacking: bool
    """Whether Redis answered that it does not know everything, so that it has to be filled."""


@dataclass(frozen=True)
class RedisCounters:
    """Sliding windows in Redis. Counting an item again changes nothing.

    An item at `now` sees what happened in (now - within, now], itself included, whoever counted
    it. Definitions of which Redis may have lost or missed something are unknown until they are
    filled again.
    """

    link: Link
    measures: Sequence[Measure]
    lateness: float
    """Seconds an item may come late and still be counted exactly."""

    def observe_many(self, items: Sequence[Item], moments: Sequence[float]) -> list[Counts]:
        """Count items, and say what each of them sees.

        Args:
            items: In the order in which they are counted.
            moments: For each, when it happened, in seconds since 1970.

        Returns:
            For each item, its `counter.*` values, without those it brings itself. Empty for all
            of them while Redis is away.
        """
        return self.observe(items, moments).counts

    def observe(self, items: Sequence[Item], moments: Sequence[float]) -> Observed:
        """The same, and whether something is missing."""
        batch = Writer(self.measures, self.names).write(items, moments)
        if not batch.chunks and not self.link.quiet:
            return self._observed(items, batch, (), [False] * len(self.measures))
        try:
            replies = self.link.call(lambda client: self._send(client, batch, counting=True))
        except Unavailable:
            self.link.missed()
            return Observed(counts=[{} for _ in items], lacking=False)
        flags = [_numbers(reply[0]) for reply in replies]
        counts = [count for reply in replies for count in _numbers(reply[1])]
        return self._observed(
            items, batch, counts, [any(each) for each in zip(*flags, strict=True)]
        )

    def add(self, rows: Iterable[tuple[Item, float]]) -> int:
        """Put in items with their moments, as they come from elsewhere; says how many.

        Raises:
            Unavailable: Redis is away.
        """
        source, added = iter(rows), 0
        while some := list(islice(source, _BATCH)):
            items, moments = [item for item, _ in some], [moment for _, moment in some]
            batch = Writer(self.measures, self.names).write(items, moments)
            self._put(batch)
            added += len(some)
        return added

    @cached_property
    def names(self) -> Sequence[str]:
        """The names of the definitions in Redis."""
        return [fingerprints.of_definition(measure.definition) for measure in self.measures]

    def _put(self, batch: Batch) -> None:
        if batch.chunks:
            self.link.call(lambda client: self._send(client, batch, counting=False))

    def _send(self, client: redis.Redis, batch: Batch, *, counting: bool) -> list[Any]:
        news = self.link.news
        first = self._setup(counting=counting, arriving=news.arriving, missed=news.missed_for)
        others = self._setup(counting=counting)
        # Without events Redis learns all the same which definitions are not counted here.
        chunks = batch.chunks or [b""]
        calls = [(others if place else first, chunk) for place, chunk in enumerate(chunks)]
        replies = _OBSERVE.run(client, calls)
        self.link.told(news)
        return replies

    def _setup(
        self, *, counting: bool, arriving: bool = False, missed: float | None = None
    ) -> bytes:
        """What `observe.lua` has to know besides the events."""
        return orjson.dumps(
            {
                "definitions": [
                    {
                        "name": name,
                        "within": measure.within,
                        "distinct": measure.counter.distinct is not None,
                    }
                    for name, measure in zip(self.names, self.measures, strict=True)
                ],
                "lateness": self.lateness,
                "counting": counting,
                "live": counting,
                "arriving": arriving,
                "missed": False if missed is None else missed,
            }
        )

    def _observed(
        self,
        items: Sequence[Item],
        batch: Batch,
        counts: Sequence[int],
        lacking: Sequence[bool],
    ) -> Observed:
        values: list[dict[str, Value]] = [{} for _ in items]
        seen = [
            *((place, 0) for place in batch.keyless),
            *zip(batch.places, counts, strict=True),
        ]
        for (place, number), count in seen:
            if lacking[number]:
                continue
            found, given = values[place], items[place].fields
            for name in self.measures[number].names:
                # Of several keys, the one seen most often.
                if name not in given and count >= found.get(name, 0):  # type: ignore[operator]  # counts are numbers
                    found[name] = count
        return Observed(counts=list(values), lacking=any(lacking))


def _numbers(written: bytes) -> list[int]:
    return list(map(int, written.split(b","))) if written else []
