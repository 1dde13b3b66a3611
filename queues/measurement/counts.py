"""What came to each tier, what it decided, how long that took, and what people's time cost."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from engine.quality import Waited
from engine.verdict import Tier
from queues.people import accounts_of, is_simulated, terms_of
from queues.sections import Rates, Wellness

_SECONDS_OF_HOUR: Final = 3_600.0

# By the machine alone: nobody decided a case about it. Times to a hundredth of a second.
_AUTO: Final = text("""
WITH seen AS (
    SELECT state,
        round(extract(epoch FROM coalesce(decided_at, now()) - received_at), 2) AS seconds,
        state = 'decided' AND NOT EXISTS (SELECT FROM cases WHERE cases.item_id = items.id
            AND cases.state = 'decided' AND cases.purpose IN ('review', 'appeal')) AS alone
    FROM items WHERE id >= :floor AND tier IN ('auto', 'none')
)
SELECT alone AS over, state = 'waiting_for_signals' AS open, seconds, count(*) AS times
FROM seen GROUP BY 1, 2, 3
""")
# What measures people is no work that decides. What went on to another tier, or was withdrawn,
# waited here until then.
_PEOPLE: Final = text("""
SELECT tier, state = 'decided' AS over, state IN ('waiting', 'open') AS open,
    round(extract(epoch FROM coalesce(closed_at, now()) - enqueued_at), 2) AS seconds,
    count(*) AS times
FROM cases WHERE id >= :floor AND purpose IN ('review', 'appeal') GROUP BY 1, 2, 3, 4
""")
_VOTES: Final = text("""
SELECT cases.tier, votes.reviewer, count(*) AS votes, count(votes.active_seconds) AS timed,
    coalesce(sum(votes.active_seconds), 0) AS seconds
FROM votes JOIN cases ON cases.id = votes.case_id WHERE cases.id >= :floor GROUP BY 1, 2
""")


@dataclass(slots=True, kw_only=True)
class Flow:
    """What went through a tier."""

    items: int = 0
    decided: int = 0
    open: int = 0


@dataclass(slots=True, kw_only=True)
class Time:
    """People's time in a tier."""

    votes: int = 0
    timed: int = 0
    """Votes of which active seconds are known."""
    simulated: int = 0
    """Votes of simulated reviewers."""
    seconds: float = 0.0
    amount: float = 0.0
    """What these seconds cost."""


def flows(
    connection: Connection, floor: UUID
) -> tuple[Mapping[Tier, Flow], Mapping[Tier, Iterable[Waited]]]:
    """Counts by tier, and how long each item was or has been there."""
    counts: dict[Tier, Flow] = defaultdict(Flow)
    waits: dict[Tier, list[Waited]] = defaultdict(list)
    given = {"floor": floor}
    rows = [(Tier.AUTO, row) for row in connection.execute(_AUTO, given)]
    rows += [(Tier(row.tier), row) for row in connection.execute(_PEOPLE, given)]
    for tier, row in rows:
        flow = counts[tier]
        flow.items += row.times
        flow.decided += row.times if row.over else 0
        flow.open += row.times if row.open else 0
        seconds = max(0.0, float(row.seconds))
        waits[tier].append(Waited(seconds=seconds, over=row.over, times=row.times))
    return counts, waits


def times(
    connection: Connection, floor: UUID, rates: Rates, wellness: Wellness
) -> Mapping[Tier, Time]:
    """People's time by tier: at their own rate, that of their role, or that of the tier's role."""
    found: dict[Tier, Time] = defaultdict(Time)
    for row, rate in _paid(connection, floor, rates, wellness):
        time = found[Tier(row.tier)]
        time.votes += row.votes
        time.timed += row.timed
        time.simulated += row.votes if is_simulated(row.reviewer) else 0
        time.seconds += row.seconds
        time.amount += row.seconds / _SECONDS_OF_HOUR * rate
    return found


def hourly_rates(
    connection: Connection, floor: UUID, rates: Rates, wellness: Wellness
) -> dict[tuple[str, str], float]:
    """Tier and reviewer → what an hour costs, of all who voted."""
    paid = _paid(connection, floor, rates, wellness)
    return {(row.tier, row.reviewer): rate for row, rate in paid}


def _paid(
    connection: Connection, floor: UUID, rates: Rates, wellness: Wellness
) -> list[tuple[Row[Any], float]]:
    """Votes by tier and reviewer, with what an hour costs."""
    rows = connection.execute(_VOTES, {"floor": floor}).all()
    accounts = accounts_of(connection, sorted({row.reviewer for row in rows}))
    known = {
        account.name: terms_of(account, rates=rates, wellness=wellness).hourly_rate
        for account in accounts
    }
    usual = {Tier.SINGLE: rates.moderator, Tier.SENIOR: rates.senior}
    return [(row, known.get(row.reviewer, usual[Tier(row.tier)])) for row in rows]
