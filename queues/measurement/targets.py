"""How the service stands to what is wanted of it: each target with its figure and its standing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Final

from sqlalchemy import Connection, text

from engine.quality import agreement, intervals
from engine.quality.measures import Measure
from engine.quality.operations import Validation
from engine.quality.proportions import share
from engine.quality.targets import TARGETS, Standing, Target, Unit, judge
from engine.verdict import Tier
from queues.measurement import ballots, breakdown
from queues.measurement.acceleration import learning_acceleration
from queues.measurement.breakdown import Figure
from queues.measurement.counts import Time, flows, times
from queues.measurement.false_positives import flagging, of_machine
from queues.measurement.looks import Look, Looks, looks, share_of
from queues.measurement.measures import agreed, waited
from queues.measurement.rollups.flow import Flow, Waits
from queues.measurement.rollups.reading import squares
from queues.measurement.rollups.spans import Span, span_of
from queues.measurement.second_looks import overturned
from queues.measurement.spending import (
    cases_per_hour,
    cost_per_decision,
    days_of,
    with_platform,
)
from queues.measurement.summary import beginning
from queues.measurement.validated import validated
from queues.people import is_simulated
from queues.sections import Rates, Wellness
from queues.store.session import Store

#: Of resamples; any will do.
_SEED: Final = 2_011
#: People are waited for; the machine is not.
_PEOPLE: Final = "tier <> 'auto'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A target, and how it stands."""

    name: str
    unit: Unit
    above: float | None
    """It has to be above; None: no limit."""
    below: float | None
    inclusive: bool
    """Whether the limits themselves are good."""
    measure: Measure
    standing: Standing
    note: str | None
    """What has to be known beside it; None: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All targets, over a time."""

    since: datetime
    """What came before does not count."""
    until: datetime
    simulated: bool
    """Whether simulated reviewers voted: figures of people say nothing about people then."""
    goals: tuple[Goal, ...]
    figures: tuple[Figure, ...]
    """What stands beside them: second looks, idle time, rules and models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What figures are told from."""

    flows: Mapping[Tier, Flow]
    looks: Looks
    spent: Mapping[Tier, Time]
    squared: float
    """Of what people's time for each item costs."""
    platform: float
    """What the platform costs in the time that is told of."""
    validation: Validation

    @property
    def decided(self) -> int:
        """Final decisions, of machine and people."""
        return sum(flow.decided for flow in self.flows.values())

    @property
    def alone(self) -> int:
        """Those that no person touched."""
        return self.flows[Tier.AUTO].decided if Tier.AUTO in self.flows else 0

    @property
    def distinct(self) -> int:
        """Final decisions, of exact duplicates within an hour one."""
        return sum(flow.distinct for flow in self.flows.values())

    @property
    def distinct_alone(self) -> int:
        """Those that no person touched."""
        return sum(flow.distinct_alone for flow in self.flows.values())

    @property
    def platform_share(self) -> float:
        """What the platform costs by final decision."""
        return self.platform / self.decided if self.decided else 0.0

    def cost_of(self, decisions: int) -> Measure:
        """What people's time costs by so many decisions."""
        total = sum(time.amount for time in self.spent.values())
        return cost_per_decision(decisions, total, self.squared)


def compared(store: Store, *, since: datetime | None, rates: Rates, wellness: Wellness) -> Report:
    """How the service stands to each target.

    Args:
        store: Where it all stands.
        since: Items and cases that came before are left out; None: of the last seven days.
        rates: What an hour costs, where a person has no rate of their own, and how much of it is
            work.
        wellness: Of the settings.
    """
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        begin = beginning(since, now)
        span = span_of(connection, begin)
        spent, paid = times(connection, span, rates, wellness)
        known = _Known(
            flows=flows(connection, span, waits_of=_PEOPLE),
            looks=looks(connection, span),
            spent=spent,
            squared=squares(connection, span, paid),
            platform=rates.platform_per_day * days_of(connection, begin, now),
            validation=validated(connection, span),
        )
        measured = _measures(connection, span, known)
        figures = tuple(_beside(connection, span, known, rates.occupancy))
    notes = _notes(known, rates)
    return Report(
        since=begin,
        until=now,
        simulated=any(is_simulated(reviewer) for _, reviewer in paid),
        goals=tuple(
            _goal(target, measured[target.name], notes.get(target.name)) for target in TARGETS
        ),
        figures=figures,
    )


def _measures(connection: Connection, span: Span, known: _Known) -> dict[str, Measure]:
    """A figure for each target, by its name."""
    sampled = [look for look in known.looks.each if look.sampled]
    latency = Waits()
    for flow in known.flows.values():
        latency.add(flow.waits)
    return {
        "automation_rate": share(known.distinct_alone, known.distinct),
        "review_latency": waited(*latency.quantiles(0.5)),
        "accuracy": _alike(sampled),
        "cost_per_decision": with_platform(known.cost_of(known.decided), known.platform_share),
        "agreement": _agreement(connection, span),
        "human_ai_agreement": _alike(known.looks.each),
        "cases_per_hour": cases_per_hour(known.spent.values()),
        "false_positives": of_machine(sampled).fdr,
        "expert_validation": known.validation.overall,
        "learning_acceleration": learning_acceleration(connection),
    }


def _beside(
    connection: Connection, span: Span, known: _Known, occupancy: float
) -> Iterator[Figure]:
    """What stands beside the targets."""
    yield from breakdown.second_looks(overturned(connection, span, known.looks.each))
    yield from breakdown.upheld(known.validation.by_tier)
    yield from breakdown.automation(share(known.alone, known.decided))
    each = {
        "cost_per_decision": (known.cost_of(known.decided), known.platform_share),
        "cost_per_human_decision": (known.cost_of(known.decided - known.alone), 0.0),
    }
    yield from breakdown.costs(each, occupancy)
    yield from breakdown.wrongly_flagged(flagging(connection, span, known.looks))


def _alike(seen: Iterable[Look]) -> Measure:
    """How often people say what the machine said, over all items."""
    return share_of(seen, lambda look: look.alike)


def _agreement(connection: Connection, span: Span) -> Measure:
    """p_a of blind first votes, of panels and of second looks in the single tier."""
    ratings = ballots.of_tiers(connection, span)
    found = agreement(ratings)
    of_observed, _ = intervals(ratings, seed=_SEED)
    return agreed(found.observed, of_observed, found)


def _notes(known: _Known, rates: Rates) -> dict[str, str]:
    """What has to be known beside targets, by their names."""
    platform = (
        f"With {rates.platform_per_day:g} a day for the platform (rates.platform_per_day)."
        if rates.platform_per_day
        else "People's time alone: the platform is left out, as rates.platform_per_day is 0."
    )
    notes = {
        "automation_rate": "Exact duplicates that come within an hour count once.",
        "cost_per_decision": platform,
    }
    if odd := sum(flow.odd for tier, flow in known.flows.items() if tier is not Tier.AUTO):
        notes["review_latency"] = (
            f"{odd:,} ended before they came, by their dates: clocks were out of order. They count"
            " as having taken no time."
        )
    return notes


def _goal(target: Target, measure: Measure, note: str | None) -> Goal:
    judged = judge(measure, target)
    return Goal(
        name=target.name,
        unit=target.unit,
        above=target.above if isfinite(target.above) else None,
        below=target.below if isfinite(target.below) else None,
        inclusive=target.inclusive,
        measure=measure,
        standing=judged.standing,
        note=note,
    )
