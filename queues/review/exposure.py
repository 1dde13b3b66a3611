"""Exposure: what somebody has seen since their shift began, and how much more they may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from engine.verdict import Severity
from queues.people import began_at, limits_of, next_begin
from queues.review.reviewers import Reason, Reviewer, Why
from queues.sections import Wellness

SEVEREST: Final = Severity.CRITICAL.value

_SEEN: Final = text("""
SELECT severity, count(*) AS cases, max(at) AS last FROM handouts
WHERE reviewer = :reviewer AND at >= :since GROUP BY severity
""")
# A case is looked at until the vote on it.
_SEVERE: Final = text("""
SELECT handouts.at AS since, greatest(handouts.at, (SELECT max(votes.at) FROM votes
    WHERE votes.case_id = handouts.case_id AND votes.reviewer = handouts.reviewer)) AS until
FROM handouts
WHERE reviewer = :reviewer AND at >= :since AND severity = :severest ORDER BY at
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much more somebody may see in this shift."""

    points: Mapping[str, int]
    """What a case weighs, by its severity."""
    left: int
    """Points that are left."""
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
    seen = connection.execute(_SEEN, {"reviewer": reviewer.name, "since": since}).all()
    milder = [row.last for row in seen if row.severity != SEVEREST]
    run = _run(connection, reviewer, max(milder, default=since), timedelta(seconds=wellness.pause))
    return Allowance(
        points=points,
        left=limits.exposure - sum(points[row.severity] * row.cases for row in seen),
        severe_left=limits.severe_in_a_row - run.cases,
        break_over=run.break_over,
        ends=next_begin(account.hours, reviewer.at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """The most severe cases that somebody had one after the other, without a break."""

    cases: int
    break_over: datetime | None


def _run(connection: Connection, reviewer: Reviewer, since: datetime, pause: timedelta) -> _Run:
    """Count those handed out since a milder one; what came with it in one claim counts too."""
    given = {"reviewer": reviewer.name, "since": since, "severest": SEVEREST}
    cases, seen_until = 0, None
    for row in connection.execute(_SEVERE, given):
        if seen_until is not None and row.since - seen_until >= pause:
            cases = 0
        cases += 1
        seen_until = row.until if seen_until is None else max(seen_until, row.until)
    if seen_until is None or reviewer.at - seen_until >= pause:
        return _Run(cases=0, break_over=None)
    return _Run(cases=cases, break_over=seen_until + pause)
