"""What happened while a policy was in force, as the figures that were forecast of it."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from engine.backtesting.terms import PEOPLE
from queues.backtesting.pricing import ITEMS
from queues.ids import SKEW, id_floor
from queues.measurement.paying import HOUR, hourly
from queues.sections import Rates, Wellness

_MINUTE: Final = 60.0
_DAY: Final = 86_400.0

_CANARIES: Final = text("""
SELECT DISTINCT release FROM trials WHERE kind = 'canary' AND started_at < :until
    AND coalesce(ended_at, 'infinity') > :since ORDER BY release
""")
# Items that another policy decided on trial, whatever has become of them since.
_TRIED: Final = """
SELECT item_id FROM verdicts WHERE id >= :since AND id < :late AND release = ANY(:canaries)
"""
_JUDGED: Final = text(f"""
WITH judged AS (
    SELECT verdicts.tier IN ('none', 'auto') AS alone, items.id IN ({_TRIED}) AS tried
    FROM items JOIN verdicts ON verdicts.id = items.verdict_id AND verdicts.id >= :since
    WHERE items.id >= :since AND items.id < :until AND items.state <> 'waiting_for_signals'
)
SELECT count(*) AS came, count(*) FILTER (WHERE NOT tried) AS items,
    count(*) FILTER (WHERE alone AND NOT tried) AS alone FROM judged
""")  # noqa: S608 - of ours
# A panel that takes over from a reviewer is no case of its own: it was there when it came.
_CASES: Final = text(f"""
SELECT tier, count(*) AS cases FROM cases
WHERE item_id >= :since AND item_id < :until AND purpose IN ('review', 'sample')
    AND escalated_from IS NULL AND item_id NOT IN ({_TRIED})
GROUP BY tier
""")  # noqa: S608 - of ours
_TIMES: Final = text(
    ITEMS
    + f"""
SELECT tier, sum(seconds) AS seconds, bool_and(closed) AS closed FROM its
WHERE item_id NOT IN ({_TRIED}) GROUP BY tier
"""  # noqa: S608 - of ours
)
_SPENT: Final = text(f"""
SELECT cases.tier, votes.reviewer, sum(votes.active_seconds) AS seconds
FROM cases JOIN votes ON votes.case_id = cases.id
WHERE cases.item_id >= :since AND cases.item_id < :until
    AND cases.purpose IN ('review', 'sample') AND votes.active_seconds > 0
    AND cases.item_id NOT IN ({_TRIED})
GROUP BY cases.tier, votes.reviewer ORDER BY cases.tier, votes.reviewer
""")  # noqa: S608 - of ours


def happened(
    connection: Connection, since: datetime, until: datetime, rates: Rates, wellness: Wellness
) -> dict[str, float]:
    """Figures of what came in a window, by name; those that cannot be told yet are not there.

    Items that a canary decided say nothing about the policy in force: they are left out, and what
    is told by day is that of the others, in proportion.

    Args:
        connection: Within a transaction.
        since: Of items that came from then on,
        until: and before.
        rates: What an hour of people costs.
        wellness: What the terms of people are told from.
    """
    canaries = connection.execute(_CANARIES, {"since": since, "until": until}).scalars().all()
    given = {
        "since": id_floor(since),
        "until": id_floor(until),
        "late": id_floor(until + SKEW),
        "canaries": canaries,
    }
    judged = connection.execute(_JUDGED, given).one()
    share = judged.items / judged.came if judged.came else 1.0
    # Of the time that their share stands for.
    days = (until - since).total_seconds() / _DAY * (share or 1.0)
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
