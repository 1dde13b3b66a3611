"""The order in which open cases are handed out: who is next, in one place.

`engine.urgency` says how a case is ranked; here it is said once more for Postgres, which ranks
cases as they open, and again where what they are ranked by has changed. The rank of a case does
not change by waiting, so it can be indexed: handing out takes as long with a hundred thousand cases
as with ten.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Double, case, cast, func, literal

from engine.urgency import MOST_REACH, Urgency, Weights
from engine.verdict import Severity
from queues.sections import Priority
from queues.store.tables.cases import cases

#: Priorities are 0 urgent, 3 high, 6 normal, 9 low, as Redis numbers them.
STEP: Final = 3

#: What an item's language is in the index: in lower case, and empty where it is not known.
LANGUAGE: Final = "COALESCE(lower(cases.language), '')"

#: For ORDER BY: `ix_cases_next` keeps it so after a condition on `tier`, and `ix_cases_lane` after
#: those on LANGUAGE, `queue` and `policy`.
NEXT_FIRST: Final = "cases.rank, cases.due_at, cases.id"

#: The columns that `urgency_of` reads.
TELLING: Final = ("priority", "severity", "reach", "probability", "enqueued_at", "due_at")


def weights_of(ageing: float, given: Priority) -> Weights:
    """How much each of what makes a case urgent counts, by the settings."""
    return Weights(
        ageing=ageing,
        severities={
            Severity.LOW: given.severity_low,
            Severity.MEDIUM: given.severity_medium,
            Severity.HIGH: given.severity_high,
            Severity.CRITICAL: given.severity_critical,
        },
        reach_unknown=given.reach_unknown,
        probability_unknown=given.probability_unknown,
        full=given.risk_full,
        risk_steps=given.risk_steps,
        deadline_share=given.deadline_share,
        deadline_steps=given.deadline_steps,
    )


def urgency_of(row: Mapping[Any, Any]) -> Urgency:
    """What a row of `cases` says, of which the columns `TELLING` were read."""
    since: datetime = row["enqueued_at"]
    due: datetime = row["due_at"]
    return Urgency(
        steps=row["priority"] // STEP,
        severity=Severity(row["severity"]),
        reach=row["reach"],
        probability=row["probability"],
        since=since.timestamp(),
        due=due.timestamp(),
    )


def rank_of(weights: Weights) -> ColumnElement[int]:
    """The rank of a row of `cases`, smallest first; written into `cases.rank` as it opens."""
    since = _seconds(cases.c.enqueued_at)
    return cast(func.floor(since + allowance_of(weights)), BigInteger)


def allowance_of(weights: Weights) -> ColumnElement[float]:
    """Seconds from the moment a row of `cases` came in to the one by which it is ranked."""
    ageing = weights.ageing
    allowed = _seconds(cases.c.due_at) - _seconds(cases.c.enqueued_at)
    deadline = func.least(
        func.greatest(allowed, 0.0) * weights.deadline_share, weights.deadline_steps * ageing
    )
    harm = _severity(weights) * _reach(weights) * _probability(weights)
    share = func.least(func.ln(harm + 1.0) / func.ln(_number(weights.full + 1.0)), 1.0)
    steps = cast(cases.c.priority // STEP, Double)
    return steps * ageing + deadline - share * (weights.risk_steps * ageing)


def _severity(weights: Weights) -> ColumnElement[float]:
    known = {severity.value: _number(weight) for severity, weight in weights.severities.items()}
    return case(known, value=cases.c.severity, else_=_number(0.0))


def _reach(weights: Weights) -> ColumnElement[float]:
    reach = func.coalesce(cases.c.reach, weights.reach_unknown)
    return func.least(func.greatest(reach, 1.0), MOST_REACH)


def _probability(weights: Weights) -> ColumnElement[float]:
    known = func.coalesce(cases.c.probability, weights.probability_unknown)
    return func.least(func.greatest(known, 0.0), 1.0)


def _seconds(moment: ColumnElement[datetime]) -> ColumnElement[float]:
    """Since 1970; `extract` would make a `numeric` of it, which takes several times as long."""
    return func.date_part("epoch", moment, type_=Double)


def _number(value: float) -> ColumnElement[float]:
    return cast(literal(value), Double)
