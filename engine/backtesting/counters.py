"""Counters that have to be counted anew, as a policy counts otherwise than what was stored."""

from collections.abc import Mapping, Sequence

from engine.counting import counters_in_use, defaults_of, measures_of, sliding_window
from engine.item import Item, Value
from engine.rules.model import Counter, Policy
from engine.rules.release import Release


def stale_counters(release: Release, counted_by: Sequence[Policy]) -> Mapping[str, Counter]:
    """The counters a release looks at whose stored values are not what it would have counted.

    Args:
        release: The policy that is tried.
        counted_by: Those under which values were stored; none: nothing was stored.
    """
    policy = release.policy
    wanted = counters_in_use(policy)
    return {
        name: counter
        for name, counter in wanted.items()
        if not counted_by or not all(_alike(name, policy, other) for other in counted_by)
    }


class Replay:
    """Counts items again in the order of time, as one policy defines its counters."""

    def __init__(self, release: Release, counters: Mapping[str, Counter]) -> None:
        self._window = sliding_window(release, counters) if counters else None
        self.names = frozenset(f"counter.{name}" for name in counters)
        """The fields that it fills."""
        self.within = max((counter.within for counter in counters.values()), default=0.0)
        """Seconds of the longest window: so much before an item matters to it."""

    @property
    def late(self) -> int:
        """Items that came so long behind later ones that their counts may be too low."""
        return 0 if self._window is None else self._window.late

    def count(self, item: Item, moment: float) -> Mapping[str, Value]:
        """Count an item, and say what it sees; a count that was sent with it stands.

        Args:
            item: With all that was known of it, but for stored values of these counters.
            moment: When it happened, in seconds since 1970.
        """
        if self._window is None:
            return {}
        seen = self._window.observe(item, moment).fields
        return {name: seen[name] for name in self.names if name in seen}


def _alike(name: str, one: Policy, other: Policy) -> bool:
    """Whether two policies count the same under a name."""
    mine, theirs = one.counters[name], other.counters.get(name)
    if theirs is None:
        return False
    if mine.where is not None and (one.conditions, one.lists) != (other.conditions, other.lists):
        return False
    return _measure(mine, one) == _measure(theirs, other)


def _measure(counter: Counter, policy: Policy) -> tuple[object, ...]:
    (measure,) = measures_of({counter.name: counter}, lambda *_: None, defaults_of(policy))
    return measure.definition, measure.default_key, measure.default_value
