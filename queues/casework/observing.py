"""What is seen of all queues at one moment: what waits in each, and what was decided lately.

A panel's case counts as decided when its decision is made. Cases that leave a queue otherwise,
escalated or withdrawn, are no decisions: waits are rather told too long for them than too short.
Cases that measure one person alone wait for nobody else, and are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor, sqrt
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    cast,
    func,
    literal,
    select,
    text,
)

from engine.urgency import Weights
from engine.waiting import Handling
from queues.ids import id_floor
from queues.people import PREFIX
from queues.store.ranking import allowance_of, rank_of
from queues.store.tables.cases import cases

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
#: Ranks are told apart, and kinds of cases by how long they can wait, to these parts of a period
#: of ageing.
RANKS: Final = 48
KINDS: Final = 4
#: Seconds, so that what is rounded does not part the many that can wait for full hours.
_MARGIN: Final = 1.0
#: Bins of the last hour, and of the last day, whose first is that hour.
BIN: Final = HOUR / 12
_BINS: Final = HOUR // BIN
_HOURS: Final = DAY // HOUR

NOW: Final = text("SELECT now()")
# Seats that are taken are as many as people have in hand.
CLAIMED: Final = text("""
SELECT tier, queue, count(DISTINCT cases.id) AS claimed
FROM holds JOIN cases ON cases.id = holds.case_id
WHERE holds.lease_until >= now() AND cases.only_for IS NULL GROUP BY 1, 2
""")
# Logarithms of `double precision`: those of `numeric` take several times as long.
DECIDED: Final = text("""
SELECT tier, queue,
    CASE WHEN age < 3600 THEN floor(age / 300) ELSE 11 + floor(age / 3600) END AS bin,
    count(*) AS decided, count(work) AS n, sum(work) AS total, sum(work * work) AS squares
FROM (
    SELECT tier, queue, extract(epoch FROM now() - closed_at)::double precision AS age,
        ln(greatest(extract(epoch FROM closed_at - taken_at)::double precision, 1)) AS work
    FROM cases WHERE state = 'decided' AND only_for IS NULL
        AND closed_at > now() - interval '1 day'
) AS lately
WHERE age >= 0 GROUP BY 1, 2, 3
""")

_SIMULATED: Final = text(
    "SELECT EXISTS (SELECT FROM votes WHERE id >= :floor AND starts_with(reviewer, :prefix))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """How many cases of one priority and kind came in."""

    priority: int
    """0 urgent, 3 high, 6 normal, 9 low."""
    kind: int
    """By how long they can wait beside others: see `kind_of`."""
    allowance: float
    """How long they can wait, in the mean; seconds."""
    hour: int
    day: int


@dataclass(slots=True, kw_only=True)
class Load:
    """What was seen of one queue."""

    ranks: dict[int, int] = field(default_factory=dict)
    """How many cases wait, by their rank; those in people's hands are among them. Cases of about
    the same rank are counted together: see `place_of`."""
    oldest: datetime | None = None
    """When the one that waits longest came in."""
    due_next: datetime | None = None
    """The first deadline that has not passed."""
    overdue: int = 0
    due_soon: int = 0
    """Deadlines that pass within an hour."""
    claimed: int = 0
    """Cases in people's hands."""
    arrived: list[Arrived] = field(default_factory=list)
    hour: list[int] = field(default_factory=lambda: [0] * _BINS)
    """Decisions of the last hour in bins of `BIN`, the latest first."""
    day: list[int] = field(default_factory=lambda: [0] * _HOURS)
    """Decisions of the last day by the hour, the latest first."""
    handling: Handling | None = None
    """From the first claim to the decision; None where fewer than two were decided."""


Loads = Mapping[tuple[str, str], Load]
"""By tier and queue."""


def place_of(rank: int, weights: Weights) -> int:
    """Ranks that are about the same, as one number."""
    return floor(rank / (weights.ageing / RANKS))


def kind_of(allowance: float, weights: Weights) -> int:
    """Cases that can wait about as long as each other, in parts of a period of ageing."""
    return floor((allowance + _MARGIN) / (weights.ageing / KINDS))


def observe(connection: Connection, weights: Weights) -> tuple[datetime, Loads]:
    """The moment, and what is seen of each queue that has cases or had some within a day.

    Args:
        connection: All is read in its transaction.
        weights: By which cases are ranked.
    """
    at: datetime = connection.execute(NOW).scalar_one()
    loads: dict[tuple[str, str], Load] = defaultdict(Load)
    for row in connection.execute(waiting(weights)).mappings():
        _wait(loads[row["tier"], row["queue"]], row)
    for row in connection.execute(arrived(weights, at)).mappings():
        each = Arrived(
            **{name: row[name] for name in ("priority", "kind", "allowance", "hour", "day")}
        )
        loads[row["tier"], row["queue"]].arrived.append(each)
    for row in connection.execute(CLAIMED).mappings():
        loads[row["tier"], row["queue"]].claimed = row["claimed"]
    decided: dict[tuple[str, str], list[Mapping[Any, Any]]] = defaultdict(list)
    for row in connection.execute(DECIDED).mappings():
        decided[row["tier"], row["queue"]].append(row)
    for key, rows in decided.items():
        _decide(loads[key], rows)
    return at, dict(loads)


def simulated(connection: Connection, at: datetime) -> bool:
    """Whether simulated reviewers voted within a day before a moment."""
    given = {"floor": id_floor(at - DAY), "prefix": PREFIX}
    found: bool = connection.execute(_SIMULATED, given).scalar_one()
    return found


def arrived(weights: Weights, at: datetime) -> Any:  # noqa: ANN401 - as of `waiting`
    """The statement that counts what came in within a day of a moment; see `observe`.

    Cases of the last day are read by their ids.
    """
    key = (cases.c.tier, cases.c.queue, cases.c.priority)
    lately = cases.c.id >= id_floor(at - HOUR)
    came = (
        select(*key, lately.label("lately"), allowance_of(weights).label("allowance"))
        .where(cases.c.id >= id_floor(at - DAY), cases.c.only_for.is_(None))
        .offset(0)  # keeps Postgres from working the allowance out each time it is named
        .subquery()
    )
    kind = _whole(came.c.allowance + _MARGIN, weights.ageing / KINDS)
    return select(
        came.c.tier,
        came.c.queue,
        came.c.priority,
        kind.label("kind"),
        func.avg(came.c.allowance).label("allowance"),
        func.count().label("day"),
        func.count().filter(came.c.lately).label("hour"),
    ).group_by(came.c.tier, came.c.queue, came.c.priority, kind)


def waiting(weights: Weights) -> Any:  # noqa: ANN401 - a statement whose columns have many types
    """The statement that counts what waits; see `observe`.

    Ranks are worked out, as of cases that are not open yet they will be.
    """
    rank = _whole(rank_of(weights), weights.ageing / RANKS)
    late = cases.c.due_at < func.now()
    return (
        select(
            cases.c.tier,
            cases.c.queue,
            rank.label("rank"),
            func.count().label("cases"),
            func.min(cases.c.enqueued_at).label("oldest"),
            func.min(cases.c.due_at).filter(~late).label("due_next"),
            func.count().filter(late).label("overdue"),
            func.count().filter(~late, cases.c.due_at < func.now() + HOUR).label("due_soon"),
        )
        .where(text("state IN ('waiting', 'open') AND only_for IS NULL"))
        .group_by(cases.c.tier, cases.c.queue, rank)
    )


def _whole(value: ColumnElement[Any], width: float) -> ColumnElement[int]:
    """How many times a width goes into a value."""
    return cast(func.floor(cast(value, Double) / cast(literal(width), Double)), BigInteger)


def _wait(load: Load, row: Mapping[Any, Any]) -> None:
    load.ranks[row["rank"]] = row["cases"]
    load.overdue += row["overdue"]
    load.due_soon += row["due_soon"]
    load.oldest = _first(load.oldest, row["oldest"])
    load.due_next = _first(load.due_next, row["due_next"])


def _first(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _decide(load: Load, rows: Iterable[Mapping[Any, Any]]) -> None:
    """Fill in the bins, and how long people took."""
    n, total, squares = 0, 0.0, 0.0
    for row in rows:
        position = int(row["bin"])
        if position < _BINS:
            load.hour[position] = row["decided"]
        load.day[max(0, position - _BINS + 1)] += row["decided"]
        if row["n"]:
            n, total, squares = n + row["n"], total + row["total"], squares + row["squares"]
    if n > 1:
        variance = max(0.0, squares - total * total / n) / (n - 1)
        load.handling = Handling(log_mean=total / n, log_deviation=sqrt(variance))
