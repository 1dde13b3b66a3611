"""What a backtest judges: an item as it came, with all that was known of it then."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.item import Value
from engine.overriding import Override

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item of the log."""

    id: str
    """As shown in samples."""
    moment: float | None
    """When it was judged, in seconds since 1970; dates of rules are looked at by it. None: when it
    was written, if it says so."""
    raw: Mapping[str, object]
    """As it was sent."""
    facts: Values = field(default_factory=dict)
    """What the service knew beside, counters included; it beats what was sent."""
    signals: Values = field(default_factory=dict)
    """Scores of classifiers, as they were; what the sender scored stands."""
    counts: tuple[Values, Values] = ({}, {})
    """Counters that were replayed, for the old policy and the new one."""
    inclusion: float | None = None
    """π as it was written down when the item was routed; None: that of the old policy."""
    label: str | None = None
    """The action that people decided on; None: nobody looked."""
    withheld: tuple[tuple[str, str], ...] = ()
    """Rules that were not permitted to act then, each with why."""
    override: Override | None = None
    """What somebody had decided about its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Something in the log that is no item at all."""

    id: str
    """Of what: an id, or `line 17`."""
    reason: str
