"""What people's time cost by item, and how many cases an hour of it decides."""

from math import sqrt
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.quality.measures import Measure, State
from engine.quality.proportions import ENOUGH

#: Standard deviations about the mean that hold 95 % of a normal distribution.
_WIDTH: Final = 1.959963984540054
_HOUR: Final = 3_600.0

_COSTS: Final = text("""
SELECT coalesce(sum(cost), 0) AS total, coalesce(sum(cost * cost), 0) AS squares FROM (
    SELECT sum(votes.active_seconds * rate.hourly) / 3600 AS cost
    FROM votes JOIN cases ON cases.id = votes.case_id
    JOIN unnest(CAST(:tiers AS text[]), CAST(:reviewers AS text[]), CAST(:hourly AS float8[]))
        AS rate (tier, reviewer, hourly)
        ON rate.tier = cases.tier AND rate.reviewer = votes.reviewer
    WHERE cases.id >= :floor GROUP BY cases.item_id
) AS by_item
""")
_PACE: Final = text("""
SELECT count(*) AS n, coalesce(sum(active_seconds), 0) AS total,
    coalesce(sum(active_seconds * active_seconds), 0) AS squares
FROM votes JOIN cases ON cases.id = votes.case_id
WHERE cases.id >= :floor AND active_seconds > 0
""")


def cost_per_decision(
    connection: Connection, floor: UUID, decided: int, rates: dict[tuple[str, str], float]
) -> Measure:
    """What people's time costs, by final decision; those that no person touched cost nothing.

    Args:
        connection: Within a transaction.
        floor: No case has an older id than this.
        decided: Final decisions, of machine and people.
        rates: Tier and reviewer → what an hour costs.
    """
    if decided < ENOUGH:
        return Measure.none(State.INSUFFICIENT_DATA, decided, ENOUGH)
    given = {
        "floor": floor,
        "tiers": [tier for tier, _ in rates],
        "reviewers": [reviewer for _, reviewer in rates],
        "hourly": list(rates.values()),
    }
    row = connection.execute(_COSTS, given).one()
    mean, reach = _mean(row.total, row.squares, decided)
    return _known(mean, max(0.0, mean - reach), mean + reach, decided)


def cases_per_hour(connection: Connection, floor: UUID) -> Measure:
    """3,600 over the mean of active seconds of all votes that have some."""
    row = connection.execute(_PACE, {"floor": floor}).one()
    if row.n < ENOUGH:
        return Measure.none(State.INSUFFICIENT_DATA, row.n, ENOUGH)
    mean, reach = _mean(row.total, row.squares, row.n)
    # Where the mean may be next to nothing, nobody knows how fast that would be.
    high = _HOUR / (mean - reach) if mean > reach else None
    return Measure(
        state=State.KNOWN,
        value=_HOUR / mean,
        low=_HOUR / (mean + reach),
        high=high,
        n=row.n,
        needs=ENOUGH,
    )


def _mean(total: float, squares: float, n: int) -> tuple[float, float]:
    """A mean, and how far its limits of 95 % lie from it."""
    mean = total / n
    variance = max(0.0, squares / n - mean * mean) * n / (n - 1)
    return mean, _WIDTH * sqrt(variance / n)


def _known(value: float, low: float, high: float, n: int) -> Measure:
    return Measure(state=State.KNOWN, value=value, low=low, high=high, n=n, needs=ENOUGH)
