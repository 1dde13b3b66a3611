"""What cases cost: how long those of a window took people, and what an hour of these costs."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from engine.backtesting.terms import PEOPLE, Handling
from engine.verdict import Tier
from queues.ids import id_floor
from queues.measurement.paying import hourly
from queues.sections import Rates, Wellness

#: Fewer cases do not say how long one takes.
ENOUGH: Final = 20
_DIGITS: Final = 6

# An item costs what all its cases cost: that of one reviewer, and that of a panel which took over.
# It counts for the tier that had it first. Duplicates that were decided with others cost nothing,
# and cases whose votes were not timed say nothing.
ITEMS: Final = """
WITH its AS (
    SELECT cases.item_id, (array_agg(cases.tier ORDER BY cases.id))[1] AS tier,
        bool_and(cases.closed_at IS NOT NULL) AS closed, count(votes.id) AS votes,
        coalesce(sum(votes.active_seconds), 0) AS seconds,
        bool_and(votes.id IS NULL OR votes.active_seconds IS NOT NULL) AS timed
    FROM cases LEFT JOIN votes ON votes.case_id = cases.id
    WHERE cases.item_id >= :since AND cases.item_id < :until
        AND cases.purpose IN ('review', 'sample')
    GROUP BY cases.item_id
)
"""
_TIMES: Final = text(
    ITEMS
    + """
SELECT tier, count(*) AS n, avg(seconds) AS mean, coalesce(stddev_samp(seconds), 0) AS spread,
    avg(votes) AS votes FROM its WHERE closed AND timed GROUP BY tier
"""
)
_PAID: Final = text("""
SELECT cases.tier, votes.reviewer, sum(votes.active_seconds) AS seconds
FROM cases JOIN votes ON votes.case_id = cases.id
WHERE cases.item_id >= :since AND cases.item_id < :until
    AND cases.purpose IN ('review', 'sample') AND votes.active_seconds > 0
GROUP BY cases.tier, votes.reviewer ORDER BY cases.tier, votes.reviewer
""")


def handling(
    connection: Connection,
    since: datetime,
    until: datetime,
    usual: Mapping[Tier, Handling],
    rates: Rates,
    wellness: Wellness,
) -> dict[Tier, Handling]:
    """How long cases took, and what an hour of those who decided them costs.

    Args:
        connection: Within a transaction.
        since: Of items that came from then on,
        until: and before.
        usual: What is taken where too few were decided.
        rates: Of roles.
        wellness: What the terms of people who have no account are told from.
    """
    given = {"since": id_floor(since), "until": id_floor(until)}
    times = {row.tier: row for row in connection.execute(_TIMES, given)}
    paid = _rates(connection, since, until, rates, wellness)
    found: dict[Tier, Handling] = {}
    for tier in PEOPLE:
        row, known = times.get(tier.value), usual[tier]
        rate = paid.get(tier, known.rate)
        if row is None or row.n < ENOUGH or not row.mean:
            found[tier] = Handling(seconds=known.seconds, rate=rate, votes=known.votes)
        else:
            found[tier] = Handling(
                # Rounded, as the last digits depend on the order in which Postgres adds.
                seconds=round(float(row.mean), _DIGITS),
                rate=rate,
                votes=max(1.0, round(float(row.votes), _DIGITS)),
                spread=round(float(row.spread), _DIGITS),
                seen=row.n,
            )
    return found


def _rates(
    connection: Connection, since: datetime, until: datetime, rates: Rates, wellness: Wellness
) -> dict[Tier, float]:
    """What an hour costs, by tier, on average over the time that people spent."""
    given = {"since": id_floor(since), "until": id_floor(until)}
    spent = connection.execute(_PAID, given).all()
    each = hourly(connection, ((row.tier, row.reviewer) for row in spent), rates, wellness)
    seconds: defaultdict[Tier, float] = defaultdict(float)
    money: defaultdict[Tier, float] = defaultdict(float)
    for row in spent:
        seconds[Tier(row.tier)] += row.seconds
        money[Tier(row.tier)] += row.seconds * each[row.tier, row.reviewer]
    return {tier: round(money[tier] / total, _DIGITS) for tier, total in seconds.items()}
