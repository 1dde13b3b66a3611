"""Compares two policies over a part of the log, wherever that is done."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from engine.backtesting.comparing import Comparer, with_facts
from engine.backtesting.counters import Replay
from engine.backtesting.entries import Entry, Unreadable, Values
from engine.backtesting.sums import Sums
from engine.errors import InvalidItem
from engine.rules.garbage import spare_what_lasts
from engine.rules.items import ItemReader
from engine.rules.release import Release
from queues.backtesting import log
from queues.backtesting.plan import Part, Plan
from queues.judging import moment_of
from queues.store.session import Store


class Bench:
    """Two policies, ready for the parts of a plan."""

    def __init__(self, store: Store, plan: Plan, old: Release, new: Release) -> None:
        self._store = store
        self._plan = plan
        self._releases = old, new
        self._readers = [ItemReader(each.policy.vocabulary) for each in (old, new)]
        names = [
            frozenset(f"counter.{name}" for name in counters)
            for counters in (plan.old_counters, plan.new_counters)
        ]
        self._replayed = names[0], names[1]
        self._comparer = Comparer(old, new, self._replayed)

    def compare(self, part: Part) -> Sums:
        """What a part of the log comes to: the same wherever and however often it is worked on."""
        with self._store.read() as connection:
            found: Iterable[Entry | Unreadable] = log.entries(connection, part.since, part.until)
            if self._plan.lead:
                before = part.since - timedelta(seconds=self._plan.lead)
                lead = log.entries(connection, before, part.since, labels=False)
                found = self._counted(lead, found)
            return self._comparer.compare(found)

    def golden(self) -> Sums:
        """What becomes of gold items."""
        with self._store.read() as connection:
            return self._comparer.golden(log.golden(connection))

    def _counted(
        self, lead: Iterable[Entry | Unreadable], found: Iterable[Entry | Unreadable]
    ) -> Iterator[Entry | Unreadable]:
        """The entries with their counters, as they are after all that came before."""
        replays = self._replays()
        for entry in lead:
            if isinstance(entry, Entry):
                self._count(entry, replays)
        for entry in found:
            if isinstance(entry, Entry):
                yield replace(entry, counts=self._count(entry, replays))
            else:
                yield entry

    def _replays(self) -> tuple[Replay, Replay]:
        plan, (old, new) = self._plan, self._releases
        return (
            Replay(old, {name: old.policy.counters[name] for name in plan.old_counters}),
            Replay(new, {name: new.policy.counters[name] for name in plan.new_counters}),
        )

    def _count(self, entry: Entry, replays: tuple[Replay, Replay]) -> tuple[Values, Values]:
        counts: list[Values] = []
        for reader, replay, names in zip(self._readers, replays, self._replayed, strict=True):
            try:
                item = with_facts(reader.read(entry.raw), entry.signals, entry.facts, names)
            except InvalidItem:
                counts.append({})  # it is told of by whoever judges
            else:
                counts.append(replay.count(item, moment_of(item, entry.moment or 0.0)))
        return counts[0], counts[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What a process of this machine makes its bench of."""

    url: str
    """Of the database."""
    plan: Plan
    old: Path
    """The compiled releases, as files."""
    new: Path


def bench_of(here: Here) -> Callable[[Part], Sums]:
    """What a process works with."""
    old, new = Release.open(here.old), Release.open(here.new)
    bench = Bench(Store(here.url, connections=1), here.plan, old, new)
    spare_what_lasts(replaced=False)
    return bench.compare
