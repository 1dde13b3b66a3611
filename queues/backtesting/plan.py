"""What a backtest over the log is: two policies, a window, and the parts it is cut into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final, Self

from engine.backtesting.counters import stale_counters
from engine.backtesting.terms import PEOPLE, Handling, Terms
from engine.counting import LATENESS
from engine.rules.model import Policy
from engine.rules.release import Release
from engine.verdict import Tier

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the window."""

    number: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that the counts depend on, beside what is stored: the same plan, the same counts.

    Parts are spans of a fixed length from the beginning of the window. Where counters have to be
    replayed they are days, or longer windows, as each has to be led up to.
    """

    old: str
    new: str
    since: datetime
    until: datetime
    part: float
    """Seconds of a part."""
    old_counters: tuple[str, ...]
    """Counters that are replayed for the old policy."""
    new_counters: tuple[str, ...]
    lead: float
    """Seconds before a part that bear on its counters; 0: none is replayed."""

    @property
    def parts(self) -> Sequence[Part]:
        """The parts, in the order of time."""
        length = timedelta(seconds=self.part)
        count = max(0, ceil((self.until - self.since) / length))
        return [
            Part(
                number=number,
                since=self.since + number * length,
                until=min(self.until, self.since + (number + 1) * length),
            )
            for number in range(count)
        ]

    @property
    def record(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "old": self.old,
            "new": self.new,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "part": self.part,
            "old_counters": self.old_counters,
            "new_counters": self.new_counters,
            "lead": self.lead,
            "parts": len(self.parts),
        }

    @classmethod
    def of(cls, record: dict[str, Any]) -> Self:
        """A plan as `record` wrote it."""
        return cls(
            old=record["old"],
            new=record["new"],
            since=datetime.fromisoformat(record["since"]),
            until=datetime.fromisoformat(record["until"]),
            part=record["part"],
            old_counters=tuple(record["old_counters"]),
            new_counters=tuple(record["new_counters"]),
            lead=record["lead"],
        )


def plan_of(
    old: Release,
    new: Release,
    counted_by: Sequence[Policy],
    since: datetime,
    until: datetime,
) -> Plan:
    """How two policies are compared over a window.

    Args:
        old: The policy that is compared with.
        new: The policy that is tried.
        counted_by: The policies under which the counters of the log were counted.
        since: Where the window begins.
        until: The first moment after it.
    """
    stale = [stale_counters(each, counted_by) for each in (old, new)]
    within = max((c.within for counters in stale for c in counters.values()), default=0.0)
    lead = within + LATENESS if any(stale) else 0.0
    length = _HOUR if not lead else max(_DAY, timedelta(seconds=lead))
    return Plan(
        old=old.name,
        new=new.name,
        since=since,
        until=until,
        part=length.total_seconds(),
        old_counters=tuple(sorted(stale[0])),
        new_counters=tuple(sorted(stale[1])),
        lead=lead,
    )


def terms_record(terms: Terms) -> dict[str, Any]:
    """Terms as JSON has them."""
    return {
        "handling": {
            tier.value: {
                "seconds": known.seconds,
                "rate": known.rate,
                "votes": known.votes,
                "spread": known.spread,
                "seen": known.seen,
            }
            for tier in PEOPLE
            for known in (terms.handling[tier],)
        },
        "hours": terms.hours,
        "horizon": terms.horizon,
    }


def terms_of(record: dict[str, Any]) -> Terms:
    """Terms as `terms_record` wrote them."""
    return Terms(
        handling={Tier(tier): Handling(**known) for tier, known in record["handling"].items()},
        hours=record["hours"],
        horizon=record["horizon"],
    )
