"""What happened while a policy was in force, as the figures that were forecast of it."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from engine.backtesting.terms import PEOPLE
from queues.backtesting.pricing import ITEMS
from queues.ids import id_floor
from queues.measurement.paying import HOUR, hourly
from queues.sections import Rates, Wellness

_MINUTE: Final = 60.0
_DAY: Final = 86_400.0

_JUDGED: Final = text("""
SELECT count(*) AS items, count(*) FILTER (WHERE verdicts.tier IN ('none', 'auto')) AS alone
FROM items JOIN verdicts ON verdicts.id = items.verdict_id AND verdicts.id >= :since
WHERE items.id >= :since AND items.id < :until AND items.state <> 'waiting_for_signals'
""")
# A panel that takes over from a reviewer is no case of its own: it was there when it came.
_CASES: Final = text("""
SELECT tier, count(*) AS cases FROM cases
WHERE item_id >= :since AND item_id < :until AND purpose IN ('review', 'sample')
    AND escalated_from IS NULL
GROUP BY tier
""")
_TIMES: Final = text(
    ITEMS
    + """
SELECT tier, sum(seconds) AS seconds, bool_and(closed) AS closed FROM its GROUP BY tier
"""
)
_SPENT: Final = text("""
SELECT cases.tier, votes.reviewer, sum(votes.active_seconds) AS seconds
FROM cases JOIN votes ON votes.case_id = cases.id
WHERE cases.item_id >= :since AND cases.item_id < :until
    AND cases.purpose IN ('review', 'sample') AND votes.active_seconds > 0
GROUP BY cases.tier, votes.reviewer ORDER BY cases.tier, votes.reviewer
""")


def happened(
    connection: Connection, since: datetime, until: datetime, rates: Rates, wellness: Wellness
) -> dict[str, float]:
    """Figures of what came in a window, by name; those that cannot be told yet are not there.

    Args:
        connection: Within a transaction.
        since: Of items that came from then on,
        until: and before.
        rates: What an hour of people costs.
        wellness: What the terms of people are told from.
    """
    given = {"since": id_floor(since), "until": id_floor(until)}
    days = (until - since).total_seconds() / _DAY
    judged = connection.execute(_JUDGED, given).one()
    found = {"automation": judged.alone / judged.items} if judged.items else {}
    cases = {row.tier: row.cases for row in connection.execute(_CASES, given)}
    for tier in PEOPLE:
        found[f"cases_per_day.{tier}"] = cases.get(tier.value, 0) / days
    times = connection.execute(_TIMES, given).all()
    if all(row.closed for row in times):
        minutes = {row.tier: float(row.seconds) / _MINUTE / days for row in times}
        for tier in PEOPLE:
            found[f"minutes_per_day.{tier}"] = minutes.get(tier.value, 0.0)
        found["minutes_per_day"] = sum(minutes.values())
        spent = connection.execute(_SPENT, given).all()
        paid = hourly(connection, ((row.tier, row.reviewer) for row in spent), rates, wellness)
        money = sum(row.seconds / HOUR * paid[row.tier, row.reviewer] for row in spent)
        found["cost_per_day"] = money / days
    return found
