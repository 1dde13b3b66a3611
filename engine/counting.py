"""Counts items per key within sliding windows, and gives the counts to the items as fields."""

from array import array
from bisect import bisect_right, insort
from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Final, Protocol

from engine.diagnostics import Span
from engine.item import Item, Value
from engine.rules.context import Context
from engine.rules.leaves import DEFAULT_KIND
from engine.rules.model import Condition, Counter, FieldRef, Leaf, Policy, Status

if TYPE_CHECKING:
    from engine.rules.release import Release

#: Whether a counter's `where` holds for an item; None: it cannot be told.
Holds = Callable[[Counter, Item], bool | None]

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
        windows: dict[object, _Window] = {}
        for name, counter in sorted(counters.items()):
            definition = _definition(counter)
            window = windows.get(definition)
            if window is None:
                window = windows[definition] = _Window(counter, holds, defaults or {})
            window.names.append(f"counter.{name}")
        self._windows = tuple(windows.values())
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

    def __init__(self, counter: Counter, holds: Holds, defaults: Mapping[str, Value]) -> None:
        self.names: list[str] = []
        self.per = counter.per
        self.default_key = defaults.get(counter.per)
        self._counter = counter
        self._kinds = counter.kinds
        self._holds = None if counter.where is None else holds
        self._within = counter.within
        self._distinct = counter.distinct
        self._default_value = defaults.get(counter.distinct or "")
        self._rows: dict[Value, _Times | _Values] = {}
        self._older: dict[Value, _Times | _Values] = {}
        self._next_turn = self._over = float("-inf")

    def counts(self, item: Item, kind: Value) -> bool:
        """Whether an item of this kind is to be counted."""
        if self._kinds and kind not in self._kinds:
            return False
        return self._holds is None or self._holds(self._counter, item) is True

    def see(self, item: Item, key: Value, now: float, *, counts: bool) -> int:
        """Count an item under its key or keys, if it counts, and say what it sees."""
        if type(key) is frozenset:
            return max((self.see(item, each, now, counts=counts) for each in key), default=0)
        row = self._rows.get(key) or self._again(key)
        if row is None:
            if not counts:
                return 0
            row = self._rows[key] = _Times() if self._distinct is None else _Values()
        if counts:
            if self._distinct is None:
                row.add(key, now)
            else:
                value = item.fields.get(self._distinct, self._default_value)
                for each in value if type(value) is frozenset else (value,):
                    if each is not None:
                        row.add(each, now)
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
    conditions = {
        name: release.checks.condition(counter.where)
        for name, counter in counters.items()
        if counter.where is not None
    }
    defaults = {
        name: field.missing
        for name, field in release.policy.vocabulary.fields.items()
        if field.missing is not None
    }
    return SlidingWindow(
        counters,
        lambda counter, item: conditions[counter.name](Context(item.fields)),
        defaults=defaults,
    )


def counters_in_use(policy: Policy) -> Mapping[str, Counter]:
    """The counters that a live or shadow rule looks at, directly or through points and fields."""
    seeing = [rule for rule in policy.rules.values() if rule.status in (Status.LIVE, Status.SHADOW)]
    parts: list[object] = [*policy.exemptions.values(), *seeing]
    seen: set[str] = set()
    while parts:
        for name in _names_in(parts.pop()) - seen:
            seen.add(name)
            kind, _, bare = name.partition(".")
            if kind == "points":
                parts.append(policy.points.get(bare))
            elif kind == "counter":
                parts.append(policy.counters.get(bare))
            else:
                parts.append(policy.vocabulary.fields.get(name))
    return {name: counter for name, counter in policy.counters.items() if f"counter.{name}" in seen}


def _names_in(part: object) -> frozenset[str]:
    """The fields that a condition, or anything that holds conditions, looks at."""
    if isinstance(part, tuple):
        return frozenset[str]().union(*map(_names_in, part))
    if isinstance(part, FieldRef):
        return frozenset((part.name,))
    if not is_dataclass(part):
        return frozenset()
    own = frozenset((part.field,)) if isinstance(part, Leaf) else frozenset[str]()
    return own.union(*(_names_in(getattr(part, each.name)) for each in fields_of(part)))


def _definition(counter: Counter) -> tuple[object, ...]:
    """What a counter counts, without its name and its place in a file."""
    return (
        counter.kinds,
        counter.per,
        counter.distinct,
        counter.within,
        None if counter.where is None else shape(counter.where),
    )


def shape(part: Condition | object) -> object:
    """A condition without its places in files, so that equal conditions are equal."""
    if is_dataclass(part) and not isinstance(part, type):
        values = (getattr(part, each.name) for each in fields_of(part))
        return (type(part), *(shape(value) for value in values if not isinstance(value, Span)))
    if isinstance(part, tuple):
        return tuple(shape(value) for value in part)
    return (type(part), part) if isinstance(part, bool) else part
