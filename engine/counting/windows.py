"""Counters in memory: sliding windows, exact also for items that come out of order."""

from array import array
from bisect import bisect_right, insort
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

from engine.counting.measures import Holds, Measure, defaults_of, holds_of, measures_of
from engine.item import Item, Value
from engine.rules.leaves import DEFAULT_KIND
from engine.rules.model import Counter

if TYPE_CHECKING:
    from engine.rules.release import Release

#: Items may arrive this many seconds behind the newest and are still counted exactly.
LATENESS: Final = 86_400.0


class CounterProvider(Protocol):
    """Knows how often things happened."""

    def observe(self, item: Item, now: float) -> Item:
        """Count the item and return it with its `counter.<name>` values, itself included."""


class SlidingWindow:
    """Counters in memory, exact: an item at `now` sees what happened in (now - within, now].

    Items may come out of order. What happened more than `within` and `lateness` before the newest
    is forgotten, so for an item later than that a count may be too low, never too high.
    """

    def __init__(
        self,
        counters: Mapping[str, Counter],
        holds: Holds,
        *,
        defaults: Mapping[str, Value] | None = None,
        lateness: float = LATENESS,
    ) -> None:
        """Prepare one window per distinct definition.

        Args:
            counters: The counters to keep, by name.
            holds: Decides `where`; not asked for a counter without one.
            defaults: Values of fields that do not arrive, by field.
            lateness: How far behind the newest item one may be and still be counted exactly.
        """
        measures = measures_of(counters, holds, defaults)
        self._windows = tuple(_Window(measure) for measure in measures)
        self._lateness = lateness
        self._newest = float("-inf")
        self._next_turn = float("-inf")
        self.late = 0
        """Items that came later than `lateness`: their counts may be too low."""

    def observe(self, item: Item, now: float) -> Item:
        """Count the item and return it with its counts; values it brings itself stand."""
        if now > self._newest:
            self._newest = now
            if now >= self._next_turn:
                self._turn(now)
        elif now < self._newest - self._lateness:
            self.late += 1
        fields = item.fields
        kind = fields.get("item.kind", DEFAULT_KIND)
        counted: dict[str, Value] = {}
        for window in self._windows:
            key = fields.get(window.per, window.default_key)
            if key is not None:
                count = window.see(item, key, now, counts=window.counts(item, kind))
                for name in window.names:
                    counted[name] = count
        counted.update(fields)
        return Item(item.id, counted)

    def _turn(self, now: float) -> None:
        """Let the windows forget what is over."""
        self._next_turn = min(
            (window.turn(now, self._lateness) for window in self._windows), default=float("inf")
        )


class _Window:
    """What one definition has counted.

    Keys seen since the last turn stand in `_rows`, those of the turn before in `_older`. A turn
    takes as long as a moment can matter, so a key not seen for a whole one is dropped unread.
    """

    def __init__(self, measure: Measure) -> None:
        self.names = measure.names
        self.per = measure.counter.per
        self.default_key = measure.default_key
        self.counts = measure.counts
        self._values_of = measure.values
        self._within = measure.within
        self._distinct = measure.counter.distinct is not None
        self._rows: dict[Value, _Times | _Values] = {}
        self._older: dict[Value, _Times | _Values] = {}
        self._next_turn = self._over = float("-inf")

    def see(self, item: Item, key: Value, now: float, *, counts: bool) -> int:
        """Count an item under its key or keys, if it counts, and say what it sees."""
        if type(key) is frozenset:
            return max((self.see(item, each, now, counts=counts) for each in key), default=0)
        row = self._rows.get(key) or self._again(key)
        if row is None:
            if not counts:
                return 0
            row = self._rows[key] = _Values() if self._distinct else _Times()
        if counts:
            for value in self._values_of(item) if self._distinct else (key,):
                row.add(value, now)
        return row.count(now - self._within, now)

    def _again(self, key: Value) -> "_Times | _Values | None":
        """A key of the turn before, taken over into this one."""
        row = self._older.pop(key, None)
        if row is not None:
            row.forget(self._over)
            self._rows[key] = row
        return row

    def turn(self, now: float, lateness: float) -> float:
        """Drop what no item can see any more, if it is time, and say when it is again."""
        if now >= self._next_turn:
            kept = self._within + lateness
            self._older, self._rows = self._rows, {}
            self._next_turn, self._over = now + kept, now - kept
        return self._next_turn


class _Times:
    """Moments, in order."""

    __slots__ = ("moments",)

    def __init__(self) -> None:
        self.moments = array("d")

    def add(self, _: Value, now: float) -> None:
        """Put in a moment; whose does not matter."""
        moments = self.moments
        if not moments or now >= moments[-1]:
            moments.append(now)
        else:
            insort(moments, now)

    def count(self, after: float, until: float) -> int:
        """How many lie in (after, until]."""
        moments = self.moments
        if not moments or until >= moments[-1]:
            return len(moments) - bisect_right(moments, after)
        return bisect_right(moments, until) - bisect_right(moments, after)

    def forget(self, until: float) -> None:
        """Drop all up to a moment."""
        del self.moments[: bisect_right(self.moments, until)]


class _Values:
    """Different values, each with its moments.

    The last moment of every value is kept in order too: an item no older than all others needs
    nothing else, so a key with very many values stays quick.
    """

    __slots__ = ("_last", "_values")

    def __init__(self) -> None:
        self._values: dict[Value, _Times] = {}
        self._last = array("d")

    def add(self, value: Value, now: float) -> None:
        """Put in a moment of a value."""
        times = self._values.get(value)
        if times is None:
            times = self._values[value] = _Times()
        elif now > times.moments[-1]:
            del self._last[bisect_right(self._last, times.moments[-1]) - 1]
        else:
            times.add(value, now)
            return
        times.add(value, now)
        insort(self._last, now)

    def count(self, after: float, until: float) -> int:
        """How many values have a moment in (after, until]."""
        if not self._last or until >= self._last[-1]:
            return len(self._last) - bisect_right(self._last, after)
        return sum(times.count(after, until) > 0 for times in self._values.values())

    def forget(self, until: float) -> None:
        """Drop all up to a moment."""
        for value, times in list(self._values.items()):
            times.forget(until)
            if not times.moments:
                del self._values[value]
        del self._last[: bisect_right(self._last, until)]


def sliding_window(release: "Release", counters: Mapping[str, Counter]) -> SlidingWindow:
    """Counters of a release in memory, `where` and defaults as its policy says."""
    holds, defaults = holds_of(release, counters), defaults_of(release.policy)
    return SlidingWindow(counters, holds, defaults=defaults)
