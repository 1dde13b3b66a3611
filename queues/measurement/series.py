"""Figures over time: by hour or day, and by policy, queue, language or tier."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from engine.quality import Measure
from engine.quality.proportions import share
from queues.errors import Refused
from queues.measurement.false_positives import of_machine
from queues.measurement.looks import Look, share_of
from queues.measurement.measures import waited
from queues.measurement.paying import Hourly, hourly
from queues.measurement.rollups import reading
from queues.measurement.rollups.flow import Flow
from queues.measurement.rollups.reading import Grouping, Key
from queues.measurement.rollups.spans import Span, hour_of, span_of
from queues.people import is_simulated
from queues.sections import Rates, Wellness
from queues.store.session import Store

_FROM: Final = "from"
_TO: Final = "to"
#: There are no older rows, and ids have no room for them.
_OLDEST: Final = timedelta(days=365 * 25)
_PEOPLE: Final = "tier <> 'auto'"
_CHANGED: Final = text("""
SELECT count(DISTINCT hour) FROM rollup_marks WHERE hour >= :first AND hour < :last
""")


class By(StrEnum):
    """How long a point is."""

    HOUR = "hour"
    DAY = "day"


class Group(StrEnum):
    """What points are told apart by."""

    POLICY = "policy"
    QUEUE = "queue"
    LANGUAGE = "language"
    TIER = "tier"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    length: timedelta
    most: int
    """Points at the most."""
    usual: int
    bucket: str


_STEPS: Final[Mapping[By, _Step]] = {
    By.HOUR: _Step(length=timedelta(hours=1), most=31 * 24, usual=24, bucket="hour"),
    By.DAY: _Step(
        length=timedelta(days=1),
        most=732,
        usual=30,
        # Cheaper than `date_trunc`, which looks the time zone up for every row.
        bucket="date_bin('1 day', hour, '2000-01-01 00:00:00+00')",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """An hour or a day of a group."""

    at: datetime
    """When it begins; days are those of UTC."""
    name: str
    """The policy, queue, language or tier; empty: there is none, or nothing is told apart."""
    items: int
    """That came then: to the machine alone, and cases that decide something."""
    decided: int
    """Of these, by now."""
    open: int
    automation: Measure
    """Final decisions that no person touched, of all; exact duplicates count once an hour."""
    p50: Measure
    """Seconds until half of what came was decided, open ones counted in: cases of people, or by
    tier that tier's."""
    p90: Measure
    """Until nine tenths were."""
    on_time: Measure
    """Of the deadlines that fell then, those that were kept."""
    votes: int
    seconds: float
    """Active seconds of these votes."""
    cost: float
    """What these seconds cost, of all votes on cases that came then."""
    per_decision: float | None
    """Of people's time, without the platform. None: nothing was decided."""
    per_human_decision: float | None
    """By what people decided."""
    appeals: int
    """Filed then."""
    overturned: Measure
    """Of the appeals that are answered."""
    overturned_by_panels: Measure
    """Of what one reviewer decided and a panel, too: how often the panel decided otherwise."""
    wrong: Measure
    """Of what the machine decided alone, how much people would have decided otherwise (blind, by
    the quality sample), over all items."""
    wrong_as_seen: Measure
    """The same of the items that people saw, as if they were all."""
    false_discovery_rate: Measure
    """Of what the machine acted on alone, how much people would have let stand, weighted."""
    false_positive_rate: Measure
    """Of what people would have let stand, how much the machine acted on alone, weighted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Points in order, then by name; hours and days in which nothing came are left out."""

    begin: datetime
    end: datetime | None
    """None: up to now."""
    simulated: bool
    """Whether simulated reviewers voted."""
    by: By
    group: Group | None
    changed_hours: int
    """Hours in which something changed that is not in these figures yet: about a minute's."""
    points: tuple[Point, ...]


@dataclass(slots=True, kw_only=True)
class _Sums:
    """What a point is told from."""

    flow: Flow = field(default_factory=Flow)
    due: int = 0
    on_time: int = 0
    votes: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    appeals: Row[Any] | None = None
    panels: Row[Any] | None = None
    looks: list[Look] = field(default_factory=list)


def over_time(  # noqa: PLR0913 - each is one thing to choose
    store: Store,
    *,
    begin: datetime | None,
    end: datetime | None,
    by: By,
    group: Group | None,
    rates: Rates,
    wellness: Wellness,
) -> Series:
    """Figures by hour or day.

    Args:
        store: Where it all stands.
        begin: Whole hours or days from here on; None: 24 hours, or 30 days, before the end.
        end: The last hour or day is that of this moment; None: now.
        by: How long a point is.
        group: What points are told apart by; None: nothing.
        rates: What an hour costs, where a person has no rate of their own.
        wellness: Of the settings.

    Raises:
        Refused: there would be no point, or too many.
    """
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        first, last = _window(begin, end, now, by)
        span = span_of(connection, first, last)
        grouping = Grouping(
            bucket=_STEPS[by].bucket,
            name="''" if group is None else group.value,
            hourly=by is By.HOUR,
        )
        sums = _summed(connection, span, grouping, group)
        voted = reading.voted(connection, span)
        paid = hourly(connection, voted, rates, wellness)
        _add_costs(connection, span, grouping, sums, paid)
        given = {"first": span.first, "last": span.last}
        changed = connection.execute(_CHANGED, given).scalar_one()
    points = (_point(key, sums[key]) for key in sorted(sums, key=_order))
    return Series(
        begin=first,
        end=last,
        simulated=any(is_simulated(reviewer) for _, reviewer in voted),
        by=by,
        group=group,
        changed_hours=changed,
        points=tuple(points),
    )


def _window(
    begin: datetime | None, end: datetime | None, now: datetime, by: By
) -> tuple[datetime, datetime | None]:
    step = _STEPS[by]
    for name, moment in ((_FROM, begin), (_TO, end)):
        if moment is not None and moment < now - _OLDEST:
            raise Refused(name, "is too early: nothing is that old")
    until = _floor(min(end or now, now), by) + step.length
    if begin is not None and begin >= until:
        raise Refused(_FROM, "has to lie before `to`, and before now")
    first = until - step.usual * step.length if begin is None else _floor(begin, by)
    if (until - first) / step.length > step.most:
        raise Refused(_FROM, f"is too early: there are {step.most:,} points at the most")
    return first, None if end is None or end >= now else until


def _floor(moment: datetime, by: By) -> datetime:
    hour = hour_of(moment.astimezone(UTC))
    return hour if by is By.HOUR else hour.replace(hour=0)


def _order(key: Key) -> tuple[float, str]:
    return (0.0 if key[0] is None else key[0].timestamp(), key[1])


def _summed(
    connection: Connection, span: Span, by: Grouping, group: Group | None
) -> defaultdict[Key, _Sums]:
    sums: defaultdict[Key, _Sums] = defaultdict(_Sums)
    waits_of = "true" if group is Group.TIER else _PEOPLE
    for key, flow in reading.flows(connection, span, by, waits_of=waits_of).items():
        sums[key].flow = flow
    for row in reading.deadlines(connection, span, by):
        sums[row.bucket, row.name].due = row.due
        sums[row.bucket, row.name].on_time = row.on_time
    for row in reading.appeals(connection, span, by):
        sums[row.bucket, row.name].appeals = row
    for row in reading.panels(connection, span, by):
        sums[row.bucket, row.name].panels = row
    for row in reading.looks(connection, span, by):
        if row.sampled:
            sums[row.bucket, row.name].looks.append(Look.of(row))
    return sums


def _add_costs(
    connection: Connection,
    span: Span,
    by: Grouping,
    sums: defaultdict[Key, _Sums],
    paid: Hourly,
) -> None:
    for row in reading.costs(connection, span, by, paid):
        found = sums[row.bucket, row.name]
        found.votes, found.seconds, found.cost = row.votes, row.seconds, row.cost


def _point(key: Key, sums: _Sums) -> Point:
    at, name = key
    assert at is not None  # noqa: S101 - points have a beginning
    flow, appeals, panels = sums.flow, sums.appeals, sums.panels
    flagged = of_machine(sums.looks)
    decided, alone = flow.decided, flow.alone
    p50, p90 = flow.waits.quantiles(0.5, 0.9)
    filed, upheld, overturned = (
        (appeals.filed, appeals.upheld, appeals.overturned) if appeals is not None else (0, 0, 0)
    )
    return Point(
        at=at,
        name=name,
        items=flow.items,
        decided=decided,
        open=flow.open,
        automation=share(flow.distinct_alone, flow.distinct),
        p50=waited(p50),
        p90=waited(p90),
        on_time=share(sums.on_time, sums.due),
        votes=sums.votes,
        seconds=round(sums.seconds, 1),
        cost=round(sums.cost, 4),
        per_decision=_each(sums.cost, decided),
        per_human_decision=_each(sums.cost, decided - alone),
        appeals=filed,
        overturned=share(overturned, upheld + overturned),
        overturned_by_panels=share(panels.overturned, panels.looked) if panels else share(0, 0),
        wrong=share_of(sums.looks, lambda look: not look.alike),
        wrong_as_seen=_as_seen(sums.looks),
        false_discovery_rate=flagged.fdr,
        false_positive_rate=flagged.fpr,
    )


def _each(amount: float, decisions: int) -> float | None:
    return round(amount / decisions, 4) if decisions else None


def _as_seen(looks: Iterable[Look]) -> Measure:
    seen = list(looks)
    return share(
        sum(look.times for look in seen if not look.alike), sum(look.times for look in seen)
    )
