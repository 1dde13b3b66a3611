"""How often people who report were right, and what follows for the items they report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.item import Value
from engine.reliability import Outcome, Prior, reliability, weights
from queues.errors import NotFound
from queues.store.session import Store

#: Fields of the vocabulary that the service fills when an item that was reported is judged again.
RELIABILITY: Final = "reports.reliability"
WEIGHT: Final = "reports.weight"

_REPORTER: Final = "reporter"
# Few have reported often, so thousands who report an item are a few rows.
_OF_ITEMS: Final = text("""
SELECT item_id, coalesce(upheld, 0) AS upheld, coalesce(dismissed, 0) AS dismissed,
    count(*) AS people
FROM reports LEFT JOIN reporters ON reporters.reporter = reports.reporter
WHERE item_id = ANY(:items)
GROUP BY item_id, coalesce(upheld, 0), coalesce(dismissed, 0)
""")
_SHOW: Final = text("""
SELECT known.upheld, known.dismissed, known.changed_at,
    made.reports, made.open, made.last_at
FROM (
    SELECT count(*) AS reports, count(*) FILTER (WHERE told_at IS NULL) AS open, max(at) AS last_at
    FROM reports WHERE reporter = :reporter
) AS made LEFT JOIN (SELECT * FROM reporters WHERE reporter = :reporter) AS known ON true
""")
# In the order of names, so that two who count the same people do so one after the other.
# In the order of names, so that two who count the same people do so one after the other. What is
# taken back may be of before retention let go of the row: nobody falls below nothing.
_KNOW: Final = text("""
INSERT INTO reporters (reporter, upheld, dismissed)
SELECT reporter, 0, 0 FROM unnest(CAST(:reporters AS text[])) AS given (reporter) ORDER BY reporter
ON CONFLICT (reporter) DO NOTHING
""")
_LOCK: Final = text("""
SELECT FROM reporters WHERE reporter = ANY(:reporters) ORDER BY reporter FOR UPDATE
""")
_ADD: Final = text("""
UPDATE reporters SET changed_at = now(),
    upheld = greatest(reporters.upheld + more.upheld, 0),
    dismissed = greatest(reporters.dismissed + more.dismissed, 0)
FROM unnest(
    CAST(:reporters AS text[]), CAST(:upheld AS integer[]), CAST(:dismissed AS integer[])
) AS more (reporter, upheld, dismissed)
WHERE reporters.reporter = more.reporter
""")

Counts = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Somebody who reports items."""

    reporter: str
    reports: int
    """Of items that are still kept."""
    open: int
    """Of those, how many nobody has answered yet."""
    upheld: int
    """How many were right, as people decided."""
    dismissed: int
    """How many were wrong. The rest shows nothing: see `engine.reliability`."""
    reliability: float
    """The chance, from 0 to 1, that the next one is right."""
    last_at: datetime | None
    """When they reported last, of what is kept."""
    changed_at: datetime | None
    """When they were last found right or wrong."""


def show(store: Store, reporter: str, prior: Prior) -> Reporter:
    """What is known of somebody who reports; raises NotFound."""
    with store.read() as connection:
        row = connection.execute(_SHOW, {"reporter": reporter}).mappings().one()
    if not row["reports"] and row["upheld"] is None:
        raise NotFound(_REPORTER, reporter)
    upheld, dismissed = row["upheld"] or 0, row["dismissed"] or 0
    return Reporter(
        **{**row, "upheld": upheld, "dismissed": dismissed},
        reporter=reporter,
        reliability=reliability(upheld, dismissed, prior),
    )


def facts_of(
    connection: Connection, items: Sequence[UUID], prior: Prior
) -> dict[UUID, Mapping[str, Value]]:
    """How much the reports of items weigh, as fields; items without any are left out.

    `reports.reliability`: of the most reliable person who reported it.
    `reports.weight`: the sum over all of them, so that many who were wrong before weigh little.
    """
    people: dict[UUID, dict[Counts, int]] = {}
    for row in connection.execute(_OF_ITEMS, {"items": list(items)}):
        people.setdefault(row.item_id, {})[row.upheld, row.dismissed] = row.people
    found: dict[UUID, Mapping[str, Value]] = {}
    for item, each in people.items():
        highest, total = weights(each, prior)
        found[item] = {RELIABILITY: highest, WEIGHT: total}
    return found


class Changes:
    """How the counts of people change, added up before they are written."""

    def __init__(self) -> None:
        self._more: dict[str, list[int]] = {}

    def turn(self, reporter: str, before: Outcome | None, after: Outcome | None) -> None:
        """A report of somebody counts as something else than before."""
        more = self._more.setdefault(reporter, [0, 0])
        for outcome, step in ((before, -1), (after, 1)):
            if outcome is not None:
                more[outcome is Outcome.WRONG] += step

    def write(self, connection: Connection) -> None:
        """Count them, nobody below nothing."""
        changed = {name: more for name, more in sorted(self._more.items()) if any(more)}
        if not changed:
            return
        given = {
            "reporters": list(changed),
            "upheld": [upheld for upheld, _ in changed.values()],
            "dismissed": [dismissed for _, dismissed in changed.values()],
        }
        for statement in (_KNOW, _LOCK, _ADD):
            connection.execute(statement, given)
