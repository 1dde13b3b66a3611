"""A canary beside the release in force: what it does to items, and whether to stop it.

Both judge the same traffic at the same time, drawn by a hash, so what differs is the release. The
limits hold at all looks together: however often somebody looks, a canary that changes no more than
it may is stopped in one of twenty cases at most, for each of the figures.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, text

from engine.quality.sequential import LEAST, Difference, Group, difference
from queues.ids import SKEW, id_floor
from queues.rollouts import Releases
from queues.store.trials import Trial, Unit

# What people overturned is little, and found from their side: appeals, and samples that differ.
_SUMS: Final = """
WITH wrong AS (
    SELECT item_id FROM appeals WHERE id >= :floor AND state = 'overturned'
    UNION
    SELECT cases.item_id FROM cases
    CROSS JOIN LATERAL (SELECT decisions.action FROM decisions
        WHERE decisions.id = cases.decision_id LIMIT 1) AS made
    CROSS JOIN LATERAL (SELECT verdicts.action FROM verdicts
        WHERE verdicts.id = cases.verdict_id LIMIT 1) AS its
    WHERE cases.id >= :floor AND cases.purpose = 'sample' AND cases.state = 'decided'
        AND (made.action = 'publish') <> (its.action = 'publish')
), judged AS (
    SELECT release, {unit} AS unit, tier, action, trace ->> 'queue' = 'engine-failed' AS failed,
        item_id IN (SELECT item_id FROM wrong) AS overturned
    FROM verdicts WHERE id >= :floor AND at >= :since
        AND at < coalesce(CAST(:until AS timestamptz), 'infinity')
        AND cause = 'received' AND release IN (:release, :against)
), units AS (
    SELECT release, unit, count(*) AS items, {columns} FROM judged GROUP BY 1, 2
)
SELECT release, count(*) AS units, sum(items) AS items, sum(items * items) AS items_squared, {sums}
FROM units GROUP BY 1
"""
#: What a verdict names itself and its author by, as the canary is drawn.
_UNITS: Final = {
    Unit.ITEM: "id::text",
    Unit.AUTHOR: "coalesce(input #>> '{raw,author.id}', input #>> '{raw,author,id}', id::text)",
}


class Metric(StrEnum):
    """A share of items that is compared."""

    #: A person has to look.
    PEOPLE = "people"
    #: Something is done to the item at once.
    RESTRICTED = "restricted"
    #: The engine or a classifier failed.
    FAILED = "failed"
    #: People said otherwise later, on appeal or of a quality sample.
    OVERTURNED = "overturned"


_TRUE: Final = {
    Metric.PEOPLE: "tier IN ('single', 'senior')",
    Metric.RESTRICTED: "action <> 'publish'",
    Metric.FAILED: "coalesce(failed, false)",
    Metric.OVERTURNED: "overturned",
}


class Standing(StrEnum):
    """What the figures say."""

    #: It surely differs by more than it may.
    STOP = "stop"
    #: It surely does not.
    GO = "go"
    #: That cannot be told yet.
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure of both."""

    metric: Metric
    group: Group
    control: Group
    difference: Difference | None
    """None: there are too few items."""
    limit: float
    """By which the share may differ."""

    @property
    def standing(self) -> Standing:
        """Whether it differs by more than it may."""
        found = self.difference
        if found is None:
            return Standing.WAIT
        if found.low > self.limit or found.high < -self.limit:
            return Standing.STOP
        inside = -self.limit <= found.low and found.high <= self.limit
        return Standing.GO if inside else Standing.WAIT

    @property
    def says(self) -> str:
        """In a sentence."""
        what = f"{self.metric}: {self.group.share:.1%} against {self.control.share:.1%}"
        counts = f"{self.group.items:,} and {self.control.items:,} items"
        found = self.difference
        if found is None:
            return f"{what} ({counts}; told from {LEAST} of each on)"
        between = f"{found.low:+.1%} to {found.high:+.1%}"
        return f"{what}, a difference of {between} ({counts}; {self.limit:.0%} is allowed)"


def compared(connection: Connection, trial: Trial, given: Releases) -> list[Compared]:
    """How a canary and its control did so far."""
    found = sums(
        connection,
        _UNITS[trial.unit or Unit.ITEM],
        since=trial.started_at,
        until=trial.ended_at,
        release=trial.release,
        against=trial.against,
    )
    return [
        Compared(
            metric=metric,
            group=(group := found[metric, trial.release]),
            control=(control := found[metric, trial.against]),
            difference=difference(group, control),
            limit=limit,
        )
        for metric, limit in (
            (Metric.PEOPLE, given.canary_people),
            (Metric.RESTRICTED, given.canary_restricted),
            (Metric.FAILED, given.canary_failed),
            (Metric.OVERTURNED, given.canary_overturned),
        )
    ]


def sums(
    connection: Connection,
    unit: str,
    *,
    since: datetime,
    until: datetime | None,
    release: str,
    against: str,
) -> dict[tuple[Metric, str], Group]:
    """Of each figure and release, over the items that came in between two moments."""
    columns = ", ".join(f"count(*) FILTER (WHERE {_TRUE[each]}) AS {each.value}" for each in Metric)
    parts = ", ".join(
        f"sum({each.value}) AS {each.value}, sum({each.value} * {each.value}) AS {each.value}_2,"
        f" sum(items * {each.value}) AS {each.value}_items"
        for each in Metric
    )
    question = text(_SUMS.format(unit=unit, columns=columns, sums=parts))
    given = {
        "floor": id_floor(since - SKEW),
        "since": since,
        "until": until,
        "release": release,
        "against": against,
    }
    rows = {row["release"]: row for row in connection.execute(question, given).mappings()}
    return {
        (metric, name): _group(rows.get(name), metric)
        for metric in Metric
        for name in (release, against)
    }


def _group(row: Any, metric: Metric) -> Group:  # noqa: ANN401 - a row, as it is read
    if row is None:
        return Group(units=0, items=0, hits=0, items_squared=0, hits_squared=0, items_by_hits=0)
    return Group(
        units=row["units"],
        items=int(row["items"]),
        items_squared=int(row["items_squared"]),
        hits=int(row[metric.value]),
        hits_squared=int(row[f"{metric.value}_2"]),
        items_by_hits=int(row[f"{metric.value}_items"]),
    )
