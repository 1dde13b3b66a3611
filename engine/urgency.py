"""How urgent a case is, as the moment by which it is ranked: whose moment is first goes first.

A case is ranked by the moment it came in, plus what it can wait for the priority of its rule and
for its deadline, less what it is worth for its risk:

    moment   = came in + priority + deadline - risk
    priority = ageing * steps                    urgent 0, high 1, normal 2, low 3
    deadline = min(share * (due - came in), deadline_steps * ageing)
    risk     = risk_steps * ageing * min(1, ln(1 + harm) / ln(1 + full))
    harm     = weight of the severity * people reached * probability

All cases age alike, so the order of two cases never changes, and the moment is worked out once:
these are the urgency numbers of Jackson ("Some problems in queueing with dynamic priorities",
*Naval Research Logistics Quarterly* 7 (1960), 235-249). A share of 1 of the time to the deadline,
and nothing else, would be the earliest deadline first; here a case is ranked by the moment at which
a share of that time has passed. Harm is what can be expected: how bad, for how many, how probably;
it differs by orders of magnitude, so each of them counts the same.

What is added is bounded, so nothing starves: after `most_passed` seconds a case precedes all that
come later, however urgent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log
from typing import Final

from engine.verdict import Severity

#: More people than there are count as so many.
MOST_REACH: Final = 1e10
_HIGHEST_STEP: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """What is known of a case that says how urgent it is."""

    steps: int
    """Of the rule's priority: 0 urgent, 1 high, 2 normal, 3 low."""
    severity: Severity
    reach: float | None
    """How many people see it; None: not known."""
    probability: float | None
    """That the rule is right, 0 to 1; None: not known."""
    since: float
    """When the item began to wait, in seconds since 1970."""
    due: float
    """The deadline, in seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each of it counts; all are 0 at least, and `ageing` and `full` more than that."""

    ageing: float
    """Seconds of waiting that weigh as much as one step of priority."""
    severities: Mapping[Severity, float]
    reach_unknown: float
    """People, where the reach is not known."""
    probability_unknown: float
    full: float
    """The harm that counts in full."""
    risk_steps: float
    """How many steps of priority that is worth."""
    deadline_share: float
    """The part of the time to the deadline after which a case is to be looked at; 0 to 1."""
    deadline_steps: float
    """How many steps of priority the deadline counts at most."""

    @property
    def most_passed(self) -> float:
        """Seconds after which nothing that comes in precedes a case that waits."""
        return self.ageing * (_HIGHEST_STEP + self.deadline_steps + self.risk_steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a case's moment is made of, in seconds."""

    priority: float
    """What it can wait by the priority of its rule."""
    deadline: float
    """What it can wait by its deadline."""
    risk: float
    """By how much its risk brings it forward."""

    @property
    def allowance(self) -> float:
        """From the moment it came in to the moment by which it is ranked; can be negative."""
        return self.priority + self.deadline - self.risk


def terms_of(urgency: Urgency, weights: Weights) -> Terms:
    """What the moment of a case is made of."""
    ageing = weights.ageing
    allowed = max(0.0, urgency.due - urgency.since)
    share = min(1.0, log(1.0 + harm_of(urgency, weights)) / log(1.0 + weights.full))
    return Terms(
        priority=ageing * urgency.steps,
        deadline=min(weights.deadline_share * allowed, weights.deadline_steps * ageing),
        risk=weights.risk_steps * ageing * share,
    )


def rank_of(urgency: Urgency, weights: Weights) -> int:
    """The moment by which a case is ranked, in whole seconds since 1970; the smallest is next."""
    return floor(urgency.since + terms_of(urgency, weights).allowance)


def harm_of(urgency: Urgency, weights: Weights) -> float:
    """Weight of the severity times people times probability; one person sees it at least."""
    weight = weights.severities[urgency.severity]
    return weight * reach_of(urgency, weights) * probability_of(urgency, weights)


def reach_of(urgency: Urgency, weights: Weights) -> float:
    """For how many people a case counts."""
    reach = weights.reach_unknown if urgency.reach is None else urgency.reach
    return min(max(reach, 1.0), MOST_REACH)


def probability_of(urgency: Urgency, weights: Weights) -> float:
    """With what probability it counts."""
    known = urgency.probability
    return min(max(weights.probability_unknown if known is None else known, 0.0), 1.0)
