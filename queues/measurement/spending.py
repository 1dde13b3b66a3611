"""What people's time cost by item, and how many cases an hour of it decides."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from math import sqrt
from typing import Final

from sqlalchemy import Connection, text

from engine.quality.measures import Measure, State
from engine.quality.proportions import ENOUGH
from queues.ids import moment_of
from queues.measurement.counts import Time
from queues.measurement.paying import HOUR
from queues.measurement.rollups.spans import DAY

#: Standard deviations about the mean that hold 95 % of a normal distribution.
_WIDTH: Final = 1.959963984540054
_OLDEST: Final = text("SELECT id FROM items ORDER BY id LIMIT 1")


def cost_per_decision(decided: int, total: float, squared: float) -> Measure:
    """What people's time costs, by final decision; those that no person touched cost nothing.

    Args:
        decided: Final decisions, of machine and people.
        total: What people's time costs.
        squared: The sum of squares of what their time for each item costs.
    """
    if decided < ENOUGH:
        return Measure.none(State.INSUFFICIENT_DATA, decided, ENOUGH)
    mean, reach = _mean(total, squared, decided)
    return _known(mean, max(0.0, mean - reach), mean + reach, decided)


def days_of(connection: Connection, begin: datetime, now: datetime) -> float:
    """Days in which the platform ran: from a moment on, or since the oldest item came."""
    oldest = connection.execute(_OLDEST).scalar_one_or_none()
    since = now if oldest is None else max(begin, moment_of(oldest))
    return max(0.0, (now - since) / DAY)


def with_platform(cost: Measure, share: float) -> Measure:
    """A cost of people's time, and what the platform costs beside, which has no spread.

    Args:
        cost: By final decision.
        share: The platform's cost by final decision.
    """
    value, low, high = (
        None if each is None else each + share for each in (cost.value, cost.low, cost.high)
    )
    return replace(cost, value=value, low=low, high=high)


def cases_per_hour(spent: Iterable[Time]) -> Measure:
    """3,600 over the mean of active seconds of all votes that have some."""
    each = list(spent)
    n = sum(time.paced for time in each)
    if n < ENOUGH:
        return Measure.none(State.INSUFFICIENT_DATA, n, ENOUGH)
    mean, reach = _mean(sum(time.seconds for time in each), sum(time.squares for time in each), n)
    # Where the mean may be next to nothing, nobody knows how fast that would be.
    high = HOUR / (mean - reach) if mean > reach else None
    return _known(HOUR / mean, HOUR / (mean + reach), high, n)


def _mean(total: float, squared: float, n: int) -> tuple[float, float]:
    """A mean, and how far its limits of 95 % lie from it."""
    mean = total / n
    variance = max(0.0, squared / n - mean * mean) * n / (n - 1)
    return mean, _WIDTH * sqrt(variance / n)


def _known(value: float, low: float, high: float | None, n: int) -> Measure:
    return Measure(state=State.KNOWN, value=value, low=low, high=high, n=n, needs=ENOUGH)
