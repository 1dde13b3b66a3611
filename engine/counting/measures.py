"""What counters ask of an item: whose it is, whether it counts, and what is counted of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING

from engine.diagnostics import Span
from engine.item import Item, Value
from engine.rules.context import Context
from engine.rules.model import Condition, Counter, FieldRef, Leaf, Policy, Status

if TYPE_CHECKING:
    from engine.rules.release import Release

#: Whether a counter's `where` holds for an item; None: it cannot be told.
Holds = Callable[[Counter, Item], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One distinct definition, under all the names that rules know it by."""

    definition: tuple[object, ...]
    """What it counts; equal for counters that count the same."""
    names: tuple[str, ...]
    """The fields it fills, such as `counter.posts`."""
    counter: Counter
    """The first of the counters with this definition."""
    holds: Holds | None
    """Decides `where`; None: there is none."""
    default_key: Value | None
    default_value: Value | None

    @property
    def within(self) -> float:
        """Seconds that its window is long."""
        return self.counter.within

    def counts(self, item: Item, kind: Value) -> bool:
        """Whether an item of this kind is to be counted."""
        kinds = self.counter.kinds
        if kinds and kind not in kinds:
            return False
        return self.holds is None or self.holds(self.counter, item) is True

    def key(self, item: Item) -> Value | None:
        """Whose item it is; of a set, each member is a key. None: nobody's, so not known."""
        return item.fields.get(self.counter.per, self.default_key)

    def values(self, item: Item) -> tuple[Value, ...]:
        """The values to count, where different ones are counted."""
        value = item.fields.get(self.counter.distinct or "", self.default_value)
        if type(value) is frozenset:
            return tuple(value)
        return () if value is None else (value,)


def measures_of(
    counters: Mapping[str, Counter],
    holds: Holds,
    defaults: Mapping[str, Value] | None = None,
) -> tuple[Measure, ...]:
    """The distinct definitions among counters, in the order of their first names.

    Args:
        counters: The counters, by name.
        holds: Decides `where`; not asked for a counter without one.
        defaults: Values of fields that do not arrive, by field.
    """
    standing = defaults or {}
    named: dict[tuple[object, ...], list[str]] = {}
    first: dict[tuple[object, ...], Counter] = {}
    for name, counter in sorted(counters.items()):
        definition = _definition(counter)
        named.setdefault(definition, []).append(f"counter.{name}")
        first.setdefault(definition, counter)
    return tuple(
        Measure(
            definition=definition,
            names=tuple(named[definition]),
            counter=counter,
            holds=None if counter.where is None else holds,
            default_key=standing.get(counter.per),
            default_value=standing.get(counter.distinct or ""),
        )
        for definition, counter in first.items()
    )


def holds_of(release: "Release", counters: Mapping[str, Counter]) -> Holds:
    """Decides the `where` of counters as the policy of a release says."""
    conditions = {
        name: release.checks.condition(counter.where)
        for name, counter in counters.items()
        if counter.where is not None
    }
    return lambda counter, item: conditions[counter.name](Context(item.fields))


def defaults_of(policy: Policy) -> Mapping[str, Value]:
    """Values of fields that do not arrive."""
    return {
        name: field.missing
        for name, field in policy.vocabulary.fields.items()
        if field.missing is not None
    }


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
        None if counter.where is None else _shape(counter.where),
    )


def _shape(part: Condition | object) -> object:
    """A condition without its places in files, so that equal conditions are equal."""
    if is_dataclass(part) and not isinstance(part, type):
        values = (getattr(part, each.name) for each in fields_of(part))
        return (type(part), *(_shape(value) for value in values if not isinstance(value, Span)))
    if isinstance(part, tuple):
        return tuple(_shape(value) for value in part)
    return (type(part), part) if isinstance(part, bool) else part
