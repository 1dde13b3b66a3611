"""Why a case is handed out when it is: what it is ranked by, part by part."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.urgency import Weights, harm_of, probability_of, reach_of, terms_of
from queues.store.ranking import TELLING, urgency_of

_CASE: Final = text(
    f"SELECT {', '.join(TELLING)}, closed_at, now() AS at FROM cases WHERE id = :case"  # noqa: S608 - names of columns
)

_TOLD: Final = ("reach", "probability")


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What a case weighs by the harm that can be expected."""

    severity: float
    """Its weight."""
    reach: float
    """People who see it."""
    probability: float
    """That the rule is right, by the score it asks for."""
    harm: float
    """The product of the three."""
    assumed: tuple[str, ...]
    """Which of `reach` and `probability` nobody told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How long a case has waited, or did until it was closed."""

    seconds: float
    """Since the item came before people for the first time, in any tier."""
    of_deadline: float | None
    """The part of the time to its deadline that is over; above 1 it is overdue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a case is ranked by: `ranked_as` is `enqueued_at` plus priority, deadline and risk."""

    ranked_as: datetime
    """Of the cases that somebody may have, the one whose moment is first is handed out first."""
    passed_until: datetime
    """No case that comes in after this moment goes first, however urgent."""
    priority_seconds: float
    """What it can wait by the priority of its rule."""
    deadline_seconds: float
    """What it can wait by its deadline."""
    risk_seconds: float
    """By how much its risk brings it forward; never above 0."""
    risk: Risk
    age: Age


def standing_of(connection: Connection, case: UUID, weights: Weights) -> Standing | None:
    """How a case stands in the order; None: there is none. Its rank follows within a minute."""
    row = connection.execute(_CASE, {"case": case}).mappings().one_or_none()
    if row is None:
        return None
    urgency = urgency_of(row)
    terms = terms_of(urgency, weights)
    since: datetime = row["enqueued_at"]
    ranked_as = since + timedelta(seconds=terms.allowance)
    waited = ((row["closed_at"] or row["at"]) - since).total_seconds()
    allowed = urgency.due - urgency.since
    return Standing(
        ranked_as=ranked_as,
        passed_until=ranked_as + timedelta(seconds=weights.risk_steps * weights.ageing),
        priority_seconds=terms.priority,
        deadline_seconds=terms.deadline,
        risk_seconds=-terms.risk,
        risk=Risk(
            severity=weights.severities[urgency.severity],
            reach=reach_of(urgency, weights),
            probability=probability_of(urgency, weights),
            harm=harm_of(urgency, weights),
            assumed=tuple(name for name in _TOLD if row[name] is None),
        ),
        age=Age(seconds=waited, of_deadline=waited / allowed if allowed > 0 else None),
    )
