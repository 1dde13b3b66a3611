"""Exposure: what somebody has seen since their shift began, and how much more they may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from engine.verdict import Severity
from queues.people import began_at, limits_of, next_begin
from queues.review.reviewers import Reason, Reviewer, Why
from queues.sections import Wellness

SEVEREST: Final = Severity.CRITICAL.value

# A case is looked at until the vote on it; that is asked of the most severe alone.
_SEEN: Final = text("""
SELECT severity, count(*) AS cases, max(at) AS last, array_agg(at ORDER BY at) AS since,
    array_agg(until ORDER BY at) AS until
FROM (
    SELECT severity, at, CASE WHEN severity = :severest THEN greatest(at, (SELECT max(votes.at)
        FROM votes WHERE votes.case_id = handouts.case_id AND votes.reviewer = handouts.reviewer))
        END AS until
    FROM handouts WHERE reviewer = :reviewer AND at >= :since
) AS seen GROUP BY severity
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much more somebody may see in this shift."""

    points: Mapping[str, int]
    """What a case weighs, by its severity."""
    limit: int
    """Points of a whole shift."""
    left: int
    """Points that are left; below 0 where the limit was lowered meanwhile."""
    severe_most: int
    """Cases of the highest severity that may come one after the other."""
    severe_left: int
    """Cases of the highest severity that may follow now."""
    break_over: datetime | None
    """When more of them may follow after a break; None: a break is not what is missing."""
    ends: datetime | None
    """When the next shift begins, with everything left."""

    @property
    def severities(self) -> list[str]:
        """Those of cases that are not too much."""
        return [each for each in self.points if self.why_not(each) is None]

    def why_not(self, severity: str) -> Why | None:
        """Why a case of some severity is too much; None: it is not."""
        if self.points[severity] > self.left:
            return Why(reason=Reason.NO_EXPOSURE_LEFT, again_at=self.ends)
        if severity != SEVEREST or self.severe_left > 0:
            return None
        if self.break_over is None:
            return Why(reason=Reason.NOTHING_WAITS)
        return Why(reason=Reason.BREAK_DUE, again_at=self.break_over)


def points_of(wellness: Wellness) -> dict[str, int]:
    """What a case weighs, by its severity."""
    return {
        Severity.LOW.value: wellness.points_low,
        Severity.MEDIUM.value: wellness.points_medium,
        Severity.HIGH.value: wellness.points_high,
        Severity.CRITICAL.value: wellness.points_critical,
    }


def allowance_of(
    connection: Connection, reviewer: Reviewer, wellness: Wellness
) -> Allowance | None:
    """How much more somebody may see who is at work; None: nobody set limits to them."""
    account = reviewer.account
    if account is None:
        return None
    limits = limits_of(account, wellness)
    points = points_of(wellness)
    since = began_at(account.hours, reviewer.at) or reviewer.at
    given = {"reviewer": reviewer.name, "since": since, "severest": SEVEREST}
    seen = connection.execute(_SEEN, given).all()
    milder = max((row.last for row in seen if row.severity != SEVEREST), default=since)
    severe = [
        span
        for row in seen
        if row.severity == SEVEREST
        for span in zip(row.since, row.until, strict=True)
        if span[0] >= milder
    ]
    run = _run(severe, reviewer.at, timedelta(seconds=wellness.pause))
    return Allowance(
        points=points,
        limit=limits.exposure,
        left=limits.exposure - sum(points[row.severity] * row.cases for row in seen),
        severe_most=limits.severe_in_a_row,
        severe_left=limits.severe_in_a_row - run.cases,
        break_over=run.break_over,
        ends=next_begin(account.hours, reviewer.at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """The most severe cases that somebody had one after the other, without a break."""

    cases: int
    break_over: datetime | None


def _run(spans: Iterable[tuple[datetime, datetime]], at: datetime, pause: timedelta) -> _Run:
    """Count those handed out since a milder one; what came with it in one claim counts too.

    Args:
        spans: From when until when each was looked at, in order.
        at: Now.
        pause: What makes a break.
    """
    cases, seen_until = 0, None
    for since, until in spans:
        if seen_until is not None and since - seen_until >= pause:
            cases = 0
        cases += 1
        seen_until = until if seen_until is None else max(seen_until, until)
    if seen_until is None or at - seen_until >= pause:
        return _Run(cases=0, break_over=None)
    return _Run(cases=cases, break_over=seen_until + pause)
