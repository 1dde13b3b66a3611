"""How long it takes until what people decide is in a model that decides: feedback latency.

A training looks at all that people decided up to a moment it notes, so a decision is in the first
promoted model whose training noted a later one. It is live when that training ended: a promotion
is one transaction. Decisions that no promoted model contains count as long as they have waited
(Kaplan-Meier), so a loop that stands still shows.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, text

from engine.quality import Measure, quantiles
from queues.measurement.measures import waited
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import span_of
from queues.people import is_simulated
from queues.store.session import Store

_USUAL: Final = timedelta(days=90)
#: Decisions are told apart to this: a latency is hours or days.
_STEP: Final = timedelta(minutes=5)
_HALF: Final = _STEP / 2

# Gold and calibrations are for one person alone, and teach nothing.
_LABELS: Final = text("""
SELECT date_bin(CAST(:step AS interval), closed_at, 'epoch') AS given, count(*) AS labels
FROM cases WHERE state = 'decided' AND only_for IS NULL AND closed_at >= :since
GROUP BY 1 ORDER BY 1
""")
_TRAINED: Final = text("""
SELECT DISTINCT name FROM training_runs ORDER BY name
""")
_LIVE: Final = text("""
SELECT name, until, ended_at FROM training_runs
WHERE state = 'promoted' AND until >= :since ORDER BY name, until
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Of one model."""

    name: str
    labels: int
    """Decisions of people in the window."""
    live: int
    """Of these, what a promoted model contains."""
    p50: Measure
    """Seconds from a decision to the first model in force that contains it, of half of all."""
    p90: Measure
    """Of nine tenths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """Of each model that was ever trained here, by name."""

    since: datetime
    until: datetime
    simulated: bool
    """Whether simulated reviewers voted."""
    models: tuple[Feedback, ...]


def latencies(store: Store, *, since: datetime | None) -> Latencies:
    """How long decisions took until a model in force contained them.

    Args:
        store: Where it all stands.
        since: Decisions from this moment on; None: of the last 90 days.
    """
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        begin = now - _USUAL if since is None else min(since, now)
        labels = connection.execute(_LABELS, {"since": begin, "step": _STEP}).all()
        names = connection.execute(_TRAINED).scalars().all()
        rows = connection.execute(_LIVE, {"since": begin}).all()
        voted = reading.voted(connection, span_of(connection, begin))
    live = {name: list(its) for name, its in groupby(rows, key=lambda row: row.name)}
    return Latencies(
        since=begin,
        until=now,
        simulated=any(is_simulated(reviewer) for _, reviewer in voted),
        models=tuple(_feedback(name, labels, live, now) for name in names),
    )


def _feedback(
    name: str,
    labels: Sequence[Row[Any]],
    live: Mapping[str, Sequence[Row[Any]]],
    now: datetime,
) -> Feedback:
    promoted = live.get(name, ())
    seen = [row.until for row in promoted]
    over: dict[float, int] = {}
    waiting: dict[float, int] = {}
    for row in labels:
        given = min(row.given + _HALF, now)
        place = bisect_left(seen, given)
        kept, end = (over, promoted[place].ended_at) if place < len(seen) else (waiting, now)
        seconds = max(0.0, (end - given).total_seconds())
        kept[seconds] = kept.get(seconds, 0) + row.labels
    moments = sorted(over.keys() | waiting.keys())
    p50, p90 = quantiles(
        moments,
        [over.get(each, 0) for each in moments],
        [waiting.get(each, 0) for each in moments],
        (0.5, 0.9),
    )
    return Feedback(
        name=name,
        labels=sum(row.labels for row in labels),
        live=sum(over.values()),
        p50=waited(p50),
        p90=waited(p90),
    )
