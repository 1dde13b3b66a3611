"""How many decisions people made that no training has seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.ids import SKEW, id_floor

#: No transaction that decides something takes longer. A decision has the moment at which its
#: transaction began, so one that is dated before a training may come to be seen only after it.
_LATEST: Final = timedelta(minutes=2)

# What people decided in cases; rows of machines are no labels.
_COUNT: Final = text("""
SELECT count(*) FROM decisions
WHERE id >= :floor AND made_by <> 'machine' AND case_id IS NOT NULL AND at > :since
    AND id <> ALL(:recent)
""")
_RECENT: Final = text("""
SELECT id FROM decisions
WHERE id >= :floor AND made_by <> 'machine' AND case_id IS NOT NULL AND at > :since
    AND at <= :until
""")
# What was abandoned or never began has learnt nothing.
_LAST: Final = text("""
SELECT id, state, scores, until, recent, ended_at FROM training_runs
WHERE name = :name AND until IS NOT NULL AND state IN ('promoted', 'refused', 'failed')
ORDER BY until DESC LIMIT 1
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the last training of a model has seen."""

    training: UUID
    state: str
    scores: dict[str, list[str]]
    until: datetime
    recent: tuple[UUID, ...]
    """Of the last minutes before `until`: others from then came to be seen later."""
    ended_at: datetime


def last_seen(connection: Connection, name: str) -> Seen | None:
    """Of the model of this name; None: there was no training."""
    row = connection.execute(_LAST, {"name": name}).one_or_none()
    if row is None:
        return None
    return Seen(
        training=row.id,
        state=row.state,
        scores=row.scores,
        until=row.until,
        recent=tuple(row.recent),
        ended_at=row.ended_at,
    )


def count_new(connection: Connection, seen: Seen | None, beginning: datetime) -> int:
    """Decisions of people that are not among what was seen.

    Args:
        connection: Within a transaction.
        seen: By the training before.
        beginning: Older decisions are not learnt from in any case.
    """
    since = beginning if seen is None else max(beginning, seen.until - _LATEST)
    recent = () if seen is None else seen.recent
    given = {"floor": id_floor(since - SKEW), "since": since, "recent": list(recent)}
    found: int = connection.execute(_COUNT, given).scalar_one()
    return found


def recent_ones(connection: Connection, until: datetime) -> list[UUID]:
    """Those that can be seen now, of the last minutes before a moment."""
    since = until - _LATEST
    given = {"floor": id_floor(since - SKEW), "since": since, "until": until}
    return list(connection.execute(_RECENT, given).scalars())
