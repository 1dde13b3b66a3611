"""What people have been exposed to since their shift began, or in a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from queues.people import accounts_of, began_at, limits_of
from queues.sections import Wellness

_DAY: Final = timedelta(days=1)
_HANDED: Final = text("""
SELECT who.reviewer, seen.severity, seen.cases
FROM unnest(CAST(:reviewers AS text[]), CAST(:since AS timestamptz[])) AS who (reviewer, since)
CROSS JOIN LATERAL (SELECT severity, count(*) AS cases FROM handouts
    WHERE handouts.reviewer = who.reviewer AND handouts.at >= who.since GROUP BY severity) AS seen
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """What somebody was handed, in points by severity."""

    since: datetime
    """When their shift began; of whoever has no shift now, 24 hours ago."""
    points: int
    limit: int | None
    """Most points of a shift; None: nobody set limits to this name, which has no account."""
    severe: int
    """Cases of the highest severity among them."""


def exposure_of(
    connection: Connection, reviewers: Iterable[str], now: datetime, wellness: Wellness
) -> Mapping[str, Exposed]:
    """What each of these people has been exposed to.

    Args:
        connection: Within a transaction.
        reviewers: Their names.
        now: By Postgres.
        wellness: Of the settings.
    """
    names = sorted(set(reviewers))
    accounts = {account.name: account for account in accounts_of(connection, names)}
    since = dict.fromkeys(names, now - _DAY)
    for name, account in accounts.items():
        since[name] = began_at(account.hours, now) or since[name]
    given = {"reviewers": names, "since": [since[name] for name in names]}
    handed: dict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(_HANDED, given):
        handed[row.reviewer][row.severity] = row.cases
    return {
        name: Exposed(
            since=since[name],
            points=sum(
                getattr(wellness, f"points_{severity}") * cases
                for severity, cases in handed[name].items()
            ),
            limit=limits_of(accounts[name], wellness).exposure if name in accounts else None,
            severe=handed[name].get("critical", 0),
        )
        for name in names
    }
