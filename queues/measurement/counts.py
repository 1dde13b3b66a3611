"""What came to each tier, what it decided, how long that took, and what people's time cost."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.verdict import Tier
from queues.measurement.paying import HOUR, Hourly, hourly
from queues.measurement.rollups import reading
from queues.measurement.rollups.flow import Flow
from queues.measurement.rollups.spans import Span
from queues.people import is_simulated
from queues.sections import Rates, Wellness


@dataclass(slots=True, kw_only=True)
class Time:
    """People's time in a tier."""

    votes: int = 0
    timed: int = 0
    """Votes of which active seconds are known."""
    paced: int = 0
    """Votes with more than none."""
    simulated: int = 0
    """Votes of simulated reviewers."""
    seconds: float = 0.0
    squares: float = 0.0
    """Of the seconds of each vote."""
    amount: float = 0.0
    """What these seconds cost."""


def flows(connection: Connection, span: Span, *, waits_of: str = "true") -> Mapping[Tier, Flow]:
    """What came to each tier, and how long each was or has been there; see `reading.flows`."""
    found = reading.flows(connection, span, reading.BY_TIER, waits_of=waits_of)
    return {Tier(name): known for (_, name), known in found.items()}


def times(
    connection: Connection, span: Span, rates: Rates, wellness: Wellness
) -> tuple[Mapping[Tier, Time], Hourly]:
    """People's time by tier, and what an hour of each who voted costs."""
    rows = reading.work(connection, span, reading.BY_TIER)
    paid = hourly(connection, ((row.name, row.reviewer) for row in rows), rates, wellness)
    found: dict[Tier, Time] = defaultdict(Time)
    for row in rows:
        time = found[Tier(row.name)]
        time.votes += row.votes
        time.timed += row.timed
        time.paced += row.paced
        time.simulated += row.votes if is_simulated(row.reviewer) else 0
        time.seconds += row.seconds
        time.squares += row.squares
        time.amount += row.seconds / HOUR * paid[row.name, row.reviewer]
    return found, paid
