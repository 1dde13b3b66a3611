"""What each rule asks of people: cases, minutes, and what these cost."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from engine.quality import slices
from engine.quality.slices import Count, Sample
from queues.measurement.paying import HOUR, Hourly, hourly
from queues.measurement.rules import drawing
from queues.people import is_simulated
from queues.sections import Rates, Wellness

_MINUTE: Final = 60.0
# A case is its first rule's, by tier, severity and name. What measures alone is nobody's.
_VOTES: Final = text(
    "SELECT its.rule, its.tier, votes.reviewer, count(votes.id) AS votes,"  # noqa: S608 - ours
    " count(votes.active_seconds) AS timed,"
    " coalesce(sum(votes.active_seconds::numeric), 0)::float8 AS seconds"
    + drawing.WITHIN.format(columns="id, rule, tier, purpose", table="cases")
    + "CROSS JOIN LATERAL (SELECT * FROM votes WHERE votes.case_id = its.id OFFSET 0) AS votes"
    " WHERE its.purpose NOT IN ('gold', 'calibration', 'validation')"
    " GROUP BY 1, 2, 3"
)
_CASES: Final = text(
    "SELECT its.rule, slice.floor, count(*) AS cases"
    + drawing.WITHIN.format(columns="id, rule, purpose", table="cases")
    + "WHERE its.purpose NOT IN ('gold', 'calibration', 'validation') GROUP BY 1, 2"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What one rule asks of people."""

    cases: Count
    minutes: float
    """Active minutes of all votes on these cases; of a sample, of all as it says."""
    cost: float
    untimed: int
    """Votes that were read and tell no time: they cost nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Efforts:
    """What all rules ask of people."""

    rules: Mapping[str, Effort]
    """By name; of rules that asked for nothing there is nothing."""
    simulated: bool
    """Whether simulated reviewers voted."""

    def of(self, rule: str, drawn: Sample) -> Effort:
        """What a rule asks, perhaps nothing."""
        found = self.rules.get(rule)
        return found or Effort(cases=slices.count([], drawn), minutes=0.0, cost=0.0, untimed=0)


@dataclass(slots=True)
class _Spent:
    cases: list[int] = field(default_factory=list)
    seconds: float = 0.0
    amount: float = 0.0
    untimed: int = 0


def efforts(connection: Connection, drawn: Sample, rates: Rates, wellness: Wellness) -> Efforts:
    """What rules ask of people, by the cases of a sample.

    Args:
        connection: Within a transaction.
        drawn: A sample of cases.
        rates: What an hour costs, where a person has no rate of their own.
        wellness: Of the settings.
    """
    rows = connection.execute(_VOTES, drawing.given(drawn)).all()
    paid = hourly(connection, ((row.tier, row.reviewer) for row in rows), rates, wellness)
    found: dict[str, _Spent] = defaultdict(_Spent)
    for row in connection.execute(_CASES, drawing.given(drawn)):
        found[row.rule].cases.append(row.cases)
    for row in rows:
        _add(found[row.rule], row, paid)
    return Efforts(
        rules={
            name: Effort(
                cases=slices.count(spent.cases, drawn),
                minutes=spent.seconds / _MINUTE / drawn.share,
                cost=spent.amount / drawn.share,
                untimed=spent.untimed,
            )
            for name, spent in found.items()
        },
        simulated=any(is_simulated(row.reviewer) for row in rows),
    )


def _add(spent: _Spent, row: Row[Any], paid: Hourly) -> None:
    spent.seconds += row.seconds
    spent.amount += row.seconds / HOUR * paid[row.tier, row.reviewer]
    spent.untimed += row.votes - row.timed
