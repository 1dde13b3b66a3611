"""How each reviewer decides: on gold, beside others, beside the machine; pace and exposure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from engine.quality.dissent import Dissenter, dissent
from engine.quality.erring import Erring, erring
from engine.quality.measures import Measure, State
from engine.quality.proficiency import Answered, Learnt, Prior, Proficiency, learn, proficiencies
from engine.quality.proportions import ENOUGH
from engine.quality.reviewers import Anchoring, Ballot, BesidePanel, anchoring, beside_panels
from queues.measurement import votes
from queues.measurement.counts import Time
from queues.measurement.exposure import Exposed, exposure_of
from queues.measurement.paying import HOUR
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import Span, span_of
from queues.measurement.spending import cases_per_hour
from queues.measurement.summary import beginning
from queues.measurement.votes import Looked
from queues.people import is_simulated
from queues.quality.figures import OnGold, on_gold
from queues.sections import Quality, Wellness
from queues.store.session import Store

_USUAL: Final = timedelta(days=30)
_PUBLISH: Final = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What somebody answered where it is known what is right."""

    shown: int
    answered: int
    right: int
    accuracy: Proficiency
    """A posterior: what others do is its prior."""
    alert: bool
    """Whether it is probable enough that they are right less often than is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerFigures:
    """How one reviewer decides."""

    reviewer: str
    simulated: bool
    votes: int
    hours: float
    """Active ones."""
    per_hour: Measure
    """Votes in an active hour."""
    gold: Gold
    beside: Measure
    """How often they say, blind, what most others who looked at the same say."""
    expected: float | None
    """What all reach where it is as hard; None: nothing can be compared."""
    split: int
    """Where the others were split, or nobody else looked."""
    alone: int | None
    """How often they stood alone against two or more who agreed; None: never among so many."""
    alone_by_chance: float | None
    """How often that would be by chance."""
    stands_out: bool
    """Whether it is more often than chance has it: careless, or right; look at the cases."""
    erring: Erring
    """In which direction they err, by what all said, blind (Dawid and Skene)."""
    anchoring: Anchoring
    exposure: Exposed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewersReport:
    """How reviewers decide, since a moment."""

    since: datetime
    until: datetime
    simulated: bool
    """Whether any of them is."""
    read: int
    """First votes that were read one by one, for what others and the machine said: the newest."""
    votes: int
    """All votes."""
    target: float
    """How often one should be right on gold."""
    prior: Learnt
    """What is known of people in general."""
    anchoring: Anchoring
    """Of all of them: above 0, people follow the machine."""
    reviewers: tuple[ReviewerFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What figures are told from, by reviewer."""

    spent: Mapping[str, Time]
    gold: Mapping[str, OnGold]
    accuracy: Mapping[str, Proficiency]
    beside: Mapping[str, BesidePanel]
    alone: Mapping[object, Dissenter]
    erring: Mapping[str, Erring]
    machine: Mapping[str, votes.Beside]
    exposed: Mapping[str, Exposed]


def by_reviewer(
    store: Store, *, since: datetime | None, quality: Quality, wellness: Wellness
) -> ReviewersReport:
    """Everybody who voted, or was shown gold, since a moment; by default of thirty days.

    Args:
        store: Where it all stands.
        since: What came before does not count.
        quality: What is expected of people, and what is wanted.
        wellness: What protects them.
    """
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        begin = beginning(since, now, usual=_USUAL)
        spent = _spent(connection, span_of(connection, begin))
        read = votes.newest(connection, begin)
        gold = {each.reviewer: each for each in on_gold(store, quality, since=begin)}
        names = sorted(spent.keys() | gold.keys())
        exposed = exposure_of(connection, names, now, wellness)
    prior, accuracy = _accuracy(gold, names, quality)
    ballots = votes.ballots(read)
    machine = votes.beside_machine(read)
    known = _Known(
        spent=spent,
        gold=gold,
        accuracy=accuracy,
        beside=beside_panels(ballots),
        alone={each.rater: each for each in dissent(_ratings(ballots)).raters},
        erring=erring(ballots, lambda action: action != _PUBLISH),
        machine=machine,
        exposed=exposed,
    )
    return ReviewersReport(
        since=begin,
        until=now,
        simulated=any(map(is_simulated, names)),
        read=len(read),
        votes=sum(time.votes for time in spent.values()),
        target=quality.target,
        prior=prior,
        anchoring=_anchored(*_together(machine)),
        reviewers=tuple(_figures(name, known) for name in names),
    )


def _spent(connection: Connection, span: Span) -> Mapping[str, Time]:
    found: dict[str, Time] = defaultdict(Time)
    for row in reading.work(connection, span, reading.BY_TIER):
        time = found[row.reviewer]
        time.votes += row.votes
        time.paced += row.paced
        time.seconds += row.seconds
        time.squares += row.squares
    return found


def _accuracy(
    gold: Mapping[str, OnGold], names: list[str], quality: Quality
) -> tuple[Learnt, Mapping[str, Proficiency]]:
    answered = {
        name: Answered(right=gold[name].right, answers=gold[name].answered)
        if name in gold
        else Answered(right=0, answers=0)
        for name in names
    }
    configured = Prior(mean=quality.prior_mean, strength=quality.prior_strength)
    prior = learn(answered, configured=configured)
    return prior, proficiencies(answered, prior=prior.prior, target=quality.target)


def _ratings(ballots: list[Ballot]) -> Mapping[object, Mapping[str, object]]:
    found: dict[object, dict[str, object]] = defaultdict(dict)
    for each in ballots:
        found[each.case].setdefault(each.reviewer, each.label)
    return found


def _together(machine: Mapping[str, votes.Beside]) -> votes.Beside:
    """What all of them said, as if one."""
    shown, blind = ([each[side] for each in machine.values()] for side in (0, 1))
    return _sum(shown), _sum(blind)


def _sum(looked: list[Looked]) -> Looked:
    return Looked(
        alike=sum(each.alike for each in looked), votes=sum(each.votes for each in looked)
    )


def _anchored(shown: Looked, blind: Looked) -> Anchoring:
    return anchoring((shown.alike, shown.votes), (blind.alike, blind.votes))


def _figures(name: str, known: _Known) -> ReviewerFigures:
    spent = known.spent.get(name, Time())
    beside = known.beside.get(name) or beside_panels([_NOBODY])[""]
    alone = known.alone.get(name)
    gold = known.gold.get(name)
    accuracy = known.accuracy[name]
    return ReviewerFigures(
        reviewer=name,
        simulated=is_simulated(name),
        votes=spent.votes,
        hours=round(spent.seconds / HOUR, 3),
        per_hour=cases_per_hour([spent]),
        gold=Gold(
            shown=gold.shown if gold else 0,
            answered=gold.answered if gold else 0,
            right=gold.right if gold else 0,
            accuracy=accuracy,
            alert=accuracy.alert,
        ),
        beside=beside.accuracy,
        expected=beside.expected,
        split=beside.split if name in known.beside else 0,
        alone=alone.alone if alone else None,
        alone_by_chance=alone.expected if alone else None,
        stands_out=alone is not None and alone.stands_out,
        erring=known.erring.get(name) or Erring.none(State.INSUFFICIENT_DATA, 0, ENOUGH),
        anchoring=_anchored(*known.machine.get(name, (Looked(), Looked()))),
        exposure=known.exposed[name],
    )


#: Somebody who looked at nothing with others.
_NOBODY: Final = Ballot(case="", reviewer="", label="")
