"""Decisions that somebody appealed against, and how many were wrong: where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from engine.quality import Measure
from engine.quality.proportions import share
from queues.measurement.feigned import simulated_since
from queues.measurement.rollups import reading
from queues.measurement.rollups.reading import Grouping
from queues.measurement.rollups.spans import Span, span_of
from queues.measurement.series import Group
from queues.measurement.summary import beginning
from queues.store.session import Store

_GROUPS: Final = (Group.POLICY, Group.TIER, Group.QUEUE, Group.LANGUAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """Appeals about one policy, tier, queue or language: of the decision that is appealed."""

    name: str
    """Empty: it has none, as the machine has no queue."""
    filed: int
    open: int
    upheld: int
    overturned: int
    overturn_rate: Measure
    """Of the appeals that are answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contests:
    """Appeals that were filed in a window."""

    since: datetime
    until: datetime
    simulated: bool
    """Whether simulated reviewers voted."""
    all: Contested
    by: Mapping[Group, tuple[Contested, ...]]
    """The same by policy, tier, queue and language; the most overturned first."""


def contested(store: Store, *, since: datetime | None) -> Contests:
    """Appeals of a window, from sums by hour.

    Args:
        store: Where it all stands.
        since: When the window begins; None: seven days ago.
    """
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        span = span_of(connection, beginning(since, now))
        (together,) = _of(connection, span, reading.TOGETHER) or (_contested("", 0, 0, 0, 0),)
        by = {group: _of(connection, span, Grouping(name=group.value)) for group in _GROUPS}
        feigned = simulated_since(connection, span.begin)
    return Contests(
        since=span.begin,
        until=now,
        simulated=feigned,
        all=together,
        by=by,
    )


def _of(connection: Connection, span: Span, by: Grouping) -> tuple[Contested, ...]:
    found = (
        _contested(row.name, row.filed, row.open, row.upheld, row.overturned)
        for row in reading.appeals(connection, span, by)
    )
    return tuple(sorted(found, key=lambda each: (-each.overturned, -each.filed, each.name)))


def _contested(name: str, filed: int, still: int, upheld: int, overturned: int) -> Contested:
    return Contested(
        name=name,
        filed=filed,
        open=still,
        upheld=upheld,
        overturned=overturned,
        overturn_rate=share(overturned, upheld + overturned),
    )
