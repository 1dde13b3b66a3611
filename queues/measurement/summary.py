"""Sums up the work of a time, tier by tier: items, decisions, agreement, time and cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from engine.quality import Measure, Tally, agreement, intervals
from engine.verdict import Tier
from queues.measurement import ballots
from queues.measurement.counts import Time, flows, times
from queues.measurement.measures import agreed, waited
from queues.measurement.rollups import reading
from queues.measurement.rollups.flow import Flow
from queues.measurement.rollups.spans import Span, span_of
from queues.sections import Rates, Wellness
from queues.store.session import Store

#: Of resamples; any will do.
_SEED: Final = 2_011
_USUAL: Final = timedelta(days=7)
#: There are no older rows, and ids have no room for them.
_FIRST: Final = timedelta(days=365 * 25)
_TIERS: Final = (Tier.AUTO, Tier.SINGLE, Tier.SENIOR)
_VOTING: Final = (Tier.SINGLE, Tier.SENIOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What people's time cost."""

    amount: float
    """Active seconds of all votes, at the hourly rate of who cast them."""
    per_decision: float | None
    """By what the tier decided; None: nothing."""
    seconds: float
    """Active seconds."""
    votes: int
    timed: int
    """Votes with active seconds: others cost nothing here, so the amount is too low by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSummary:
    """One tier."""

    tier: Tier
    items: int
    """That came to it: of people, cases that decide something, reviews and appeals."""
    decided: int
    """By it: of the machine, without any person."""
    open: int
    agreement: Measure | None
    """p_a of blind first votes: of panels, and of second looks in the single tier. None: the
    machine does not vote."""
    alpha: Measure | None
    """Krippendorff's alpha of the same."""
    seconds: Measure
    """Median time to a decision, with what is open counted in (Kaplan-Meier)."""
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Appealed:
    """Second looks at decisions."""

    filed: int
    open: int
    upheld: int
    overturned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The work of a time."""

    since: datetime
    """What came before does not count."""
    until: datetime
    simulated_votes: int
    """Votes of simulated reviewers: figures of people say nothing about people then."""
    tiers: tuple[TierSummary, ...]
    appeals: Appealed


def summarise(store: Store, *, since: datetime | None, rates: Rates, wellness: Wellness) -> Summary:
    """How the work goes since a moment.

    Args:
        store: Where it all stands.
        since: Items and cases that came before are left out; None: of the last seven days.
        rates: What an hour costs, where a person has no rate of their own.
        wellness: Of the settings.
    """
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        begin = beginning(since, now)
        span = span_of(connection, begin)
        counted = flows(connection, span)
        spent, _ = times(connection, span, rates, wellness)
        voted = {tier: ballots.of_tiers(connection, span, tier) for tier in _VOTING}
        appeals = _appealed(connection, span)
    tiers = tuple(
        _tier(
            tier,
            counted.get(tier, Flow()),
            spent.get(tier, Time()),
            voted,
        )
        for tier in _TIERS
    )
    simulated = sum(time.simulated for time in spent.values())
    return Summary(since=begin, until=now, simulated_votes=simulated, tiers=tiers, appeals=appeals)


def beginning(since: datetime | None, now: datetime, *, usual: timedelta = _USUAL) -> datetime:
    """The moment from which on things count: by default seven days ago, where none is named."""
    return max(now - usual if since is None else since, now - _FIRST)


def _appealed(connection: Connection, span: Span) -> Appealed:
    rows = reading.appeals(connection, span, reading.TOGETHER)
    return Appealed(
        filed=sum(row.filed for row in rows),
        open=sum(row.open for row in rows),
        upheld=sum(row.upheld for row in rows),
        overturned=sum(row.overturned for row in rows),
    )


def _tier(tier: Tier, flow: Flow, time: Time, voted: dict[Tier, Tally]) -> TierSummary:
    observed = alpha = None
    if tier in voted:
        found = agreement(voted[tier])
        of_observed, of_alpha = intervals(voted[tier], seed=_SEED)
        observed = agreed(found.observed, of_observed, found)
        alpha = agreed(found.alpha, of_alpha, found)
    return TierSummary(
        tier=tier,
        items=flow.items,
        decided=flow.decided,
        open=flow.open,
        agreement=observed,
        alpha=alpha,
        seconds=waited(*flow.waits.quantiles(0.5)),
        cost=Cost(
            amount=round(time.amount, 4),
            per_decision=round(time.amount / flow.decided, 4) if flow.decided else None,
            seconds=round(time.seconds, 1),
            votes=time.votes,
            timed=time.timed,
        ),
    )
