"""What queues of people have to carry: how old their cases are, what came, and who worked on it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from engine.quality import Measure
from engine.quality.proportions import share
from queues.ids import SKEW, id_floor
from queues.measurement.rollups import reading
from queues.measurement.rollups.reading import Grouping
from queues.measurement.rollups.spans import HOUR, hour_of, span_of
from queues.people.simulated import PREFIX
from queues.store.session import Store

#: Where bands of ages end: 15 and 30 minutes, 1, 2, 4 and 8 hours, 1 and 3 days.
BANDS: Final = (900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 28_800.0, 86_400.0, 259_200.0)

# Cases that measure one person alone wait for nobody else.
_AGES: Final = text("""
SELECT tier, queue, width_bucket(
        extract(epoch FROM now() - enqueued_at)::float8, CAST(:bands AS float8[])) AS band,
    count(*) AS cases, count(*) FILTER (WHERE due_at < now()) AS overdue
FROM cases WHERE state IN ('waiting', 'open') AND only_for IS NULL GROUP BY 1, 2, 3
""")
# Of many rows: hours are cut by `date_bin`, and intervals added before they become seconds, as
# `date_trunc` with a time zone and `numeric` take several times as long.
_ARRIVED: Final = text("""
SELECT date_bin('1 hour', uuid_extract_timestamp(id), 'epoch') AS at, tier, queue,
    count(*) AS arrived, extract(epoch FROM
        sum(greatest(due_at - enqueued_at, interval '0')))::float8 AS allowed
FROM cases WHERE id >= :floor AND only_for IS NULL GROUP BY 1, 2, 3
""")
_DECIDED: Final = text("""
SELECT date_bin('1 hour', closed_at, 'epoch') AS at, tier, queue, count(*) AS decided
FROM cases WHERE state = 'decided' AND only_for IS NULL AND closed_at >= :begin GROUP BY 1, 2, 3
""")
# A vote is by the clock of Postgres, its id by that of a machine. Whoever worked on two queues in
# an hour is one person of the tier.
_VOTED: Final = text("""
SELECT date_bin('1 hour', quarter, 'epoch') AS at, tier, queue, sum(votes)::bigint AS votes,
    sum(timed)::bigint AS timed, coalesce(sum(seconds), 0)::float8 AS seconds,
    coalesce(sum(squares), 0)::float8 AS squares, count(DISTINCT reviewer) AS people,
    count(DISTINCT (reviewer, quarter)) AS quarters,
    bool_or(starts_with(reviewer, :prefix)) AS simulated
FROM (
    SELECT date_bin('15 minutes', votes.at, 'epoch') AS quarter, tier, queue, reviewer,
        count(*) AS votes, count(active_seconds) AS timed, sum(active_seconds) AS seconds,
        sum(active_seconds * active_seconds) AS squares
    FROM votes JOIN cases ON cases.id = votes.case_id
    WHERE votes.id >= :floor AND votes.at >= :begin AND only_for IS NULL GROUP BY 1, 2, 3, 4
) AS its GROUP BY GROUPING SETS ((1, 2, 3), (1, 2))
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLoad:
    """One queue: what waits now, and what went through it."""

    tier: str
    queue: str
    ages: tuple[int, ...]
    """How many cases wait, by bands of age; one more than there are bounds."""
    waiting: int
    overdue: int
    arrived: int
    decided: int
    votes: int
    timed: int
    """Votes that tell their active seconds."""
    handling: float | None
    """Mean active seconds of a vote; None: no vote tells."""
    deviation: float | None
    """Standard deviation of the same; None: fewer than two tell."""
    allowed: float | None
    """Mean seconds from when a case came in to its deadline; None: none came."""
    due: int
    """Deadlines that fell in the window."""
    kept: int
    """Of these, how many were."""
    on_time: Measure
    """The same as a share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadHour:
    """What came and was done in an hour."""

    at: datetime
    tier: str
    queue: str | None
    """None: all queues of the tier together, so that people who worked on several are one."""
    arrived: int
    decided: int
    votes: int
    people: int
    """Who voted."""
    present: float
    """Hours of people: quarters of an hour in which somebody voted, added up over all who did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """All queues that have cases, or had some in the window."""

    since: datetime
    """A full hour."""
    until: datetime
    bands: tuple[float, ...]
    """Seconds of age at which one band ends and the next begins."""
    simulated: bool
    """Whether simulated reviewers voted."""
    queues: tuple[QueueLoad, ...]
    hours: tuple[LoadHour, ...]
    """The last one is not over yet; hours in which nothing happened are left out."""


@dataclass(slots=True)
class _Sums:
    ages: list[int] = field(default_factory=lambda: [0] * (len(BANDS) + 1))
    overdue: int = 0
    arrived: int = 0
    allowed: float = 0.0
    decided: int = 0
    votes: int = 0
    timed: int = 0
    seconds: float = 0.0
    squares: float = 0.0
    people: int = 0
    quarters: int = 0


_Queue = tuple[str, str | None]


def workload(store: Store, *, hours: int) -> Workload:
    """What waits, and what came, was decided and took how long.

    Args:
        store: Where it all stands.
        hours: Of the window, the running one among them; 1 or more.
    """
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        begin = hour_of(now) - (hours - 1) * HOUR
        by_hour, simulated = _by_hour(connection, begin)
        queues = _together(by_hour)
        _add_ages(connection, queues)
        deadlines = _deadlines(connection, begin)
    return Workload(
        since=begin,
        until=now,
        bands=BANDS,
        simulated=simulated,
        queues=tuple(
            _load(key, queues[key], deadlines.get(key[1] or ""))
            for key in sorted(queues, key=lambda each: (each[0], each[1] or ""))
        ),
        hours=tuple(
            _hour(at, key, by_hour[at, key])
            for at, key in sorted(by_hour, key=lambda each: (each[0], each[1][0], each[1][1] or ""))
        ),
    )


def _by_hour(
    connection: Connection, begin: datetime
) -> tuple[dict[tuple[datetime, _Queue], _Sums], bool]:
    found: dict[tuple[datetime, _Queue], _Sums] = defaultdict(_Sums)
    for row in connection.execute(_ARRIVED, {"floor": id_floor(begin)}):
        for key in _keys(row):
            found[key].arrived += row.arrived
            found[key].allowed += row.allowed
    for row in connection.execute(_DECIDED, {"begin": begin}):
        for key in _keys(row):
            found[key].decided += row.decided
    simulated = False
    given = {"floor": id_floor(begin - SKEW), "begin": begin, "prefix": PREFIX}
    for row in connection.execute(_VOTED, given):
        sums = found[row.at, (row.tier, row.queue)]
        sums.votes, sums.timed, sums.people = row.votes, row.timed, row.people
        sums.seconds, sums.squares, sums.quarters = row.seconds, row.squares, row.quarters
        simulated = simulated or row.simulated
    return found, simulated


def _keys(row: Row[Any]) -> tuple[tuple[datetime, _Queue], ...]:
    """A row counts for its queue, and for its tier."""
    return (row.at, (row.tier, row.queue)), (row.at, (row.tier, None))


def _together(by_hour: Mapping[tuple[datetime, _Queue], _Sums]) -> dict[_Queue, _Sums]:
    """Of all hours, by queue."""
    found: dict[_Queue, _Sums] = defaultdict(_Sums)
    for (_, key), hour in by_hour.items():
        if key[1] is not None:
            sums = found[key]
            sums.arrived += hour.arrived
            sums.allowed += hour.allowed
            sums.decided += hour.decided
            sums.votes += hour.votes
            sums.timed += hour.timed
            sums.seconds += hour.seconds
            sums.squares += hour.squares
    return found


def _add_ages(connection: Connection, queues: dict[_Queue, _Sums]) -> None:
    for row in connection.execute(_AGES, {"bands": list(BANDS)}):
        sums = queues[row.tier, row.queue]
        sums.ages[row.band] += row.cases
        sums.overdue += row.overdue


def _deadlines(connection: Connection, begin: datetime) -> dict[str, tuple[int, int]]:
    """Kept, and all that fell, by queue."""
    rows = reading.deadlines(connection, span_of(connection, begin), Grouping(name="queue"))
    return {row.name: (row.on_time, row.due) for row in rows}


def _load(key: _Queue, sums: _Sums, deadlines: tuple[int, int] | None) -> QueueLoad:
    tier, queue = key
    kept, due = deadlines or (0, 0)
    return QueueLoad(
        tier=tier,
        queue=queue or "",
        ages=tuple(sums.ages),
        waiting=sum(sums.ages),
        overdue=sums.overdue,
        arrived=sums.arrived,
        decided=sums.decided,
        votes=sums.votes,
        timed=sums.timed,
        handling=sums.seconds / sums.timed if sums.timed else None,
        deviation=_deviation(sums),
        allowed=sums.allowed / sums.arrived if sums.arrived else None,
        due=due,
        kept=kept,
        on_time=share(kept, due),
    )


def _deviation(sums: _Sums) -> float | None:
    n = sums.timed
    if n < 2:  # noqa: PLR2004 - one does not differ from itself
        return None
    return sqrt(max(0.0, sums.squares - sums.seconds**2 / n) / (n - 1))


def _hour(at: datetime, key: _Queue, sums: _Sums) -> LoadHour:
    tier, queue = key
    return LoadHour(
        at=at,
        tier=tier,
        queue=queue,
        arrived=sums.arrived,
        decided=sums.decided,
        votes=sums.votes,
        people=sums.people,
        present=sums.quarters / 4,
    )
