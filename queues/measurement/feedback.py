"""How long it takes until what people decide is in a model that decides: feedback latency.

A promoted model contains what it was trained on, not all that its training looked at: the newest
decisions are held out to judge it by, and come in with a later one. A decision is live when the
training ended that was the first to contain it: a promotion is one transaction. Decisions that no
promoted model contains count as long as they have waited (Kaplan-Meier), so a loop that stands
still shows. What nothing may be learnt from (gold, certificates, what was erased) does not wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, text

from engine.quality import Measure, quantiles
from queues.measurement.feigned import simulated_since
from queues.measurement.measures import waited
from queues.store.labels import TEACHES
from queues.store.session import Store

_USUAL: Final = timedelta(days=90)
#: Decisions are told apart to this: a latency is hours or days.
_STEP: Final = timedelta(minutes=5)
_HALF: Final = _STEP / 2

# Gold, calibrations and second looks have no decision, and teach nothing.
_LABELS: Final = text(f"""
SELECT date_bin(CAST(:step AS interval), closed_at, 'epoch') AS given, training_runs.ended_at,
    count(*) AS labels
FROM cases JOIN items ON items.id = cases.item_id
LEFT JOIN learnt_labels
    ON learnt_labels.decision_id = cases.decision_id AND learnt_labels.name = :name
LEFT JOIN training_runs ON training_runs.id = learnt_labels.training_id
WHERE cases.state = 'decided' AND cases.only_for IS NULL AND closed_at >= :since
    AND cases.decision_id IS NOT NULL AND {TEACHES}
GROUP BY 1, 2
""")  # noqa: S608 - made of constants
_TRAINED: Final = text("""
SELECT DISTINCT name FROM training_runs ORDER BY name
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Of one model."""

    name: str
    labels: int
    """Decisions of people in the window that can be learnt from."""
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
        given = {"since": begin, "step": _STEP}
        models = tuple(
            _feedback(name, connection.execute(_LABELS, {**given, "name": name}), now)
            for name in connection.execute(_TRAINED).scalars().all()
        )
        feigned = simulated_since(connection, begin)
    return Latencies(
        since=begin,
        until=now,
        simulated=feigned,
        models=models,
    )


def _feedback(name: str, labels: Iterable[Row[Any]], now: datetime) -> Feedback:
    over: dict[float, int] = {}
    waiting: dict[float, int] = {}
    for row in labels:
        given = min(row.given + _HALF, now)
        kept, end = (waiting, now) if row.ended_at is None else (over, row.ended_at)
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
        labels=sum(over.values()) + sum(waiting.values()),
        live=sum(over.values()),
        p50=waited(p50),
        p90=waited(p90),
    )
