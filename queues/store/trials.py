"""Releases that are tried beside the one in force: a share of the traffic, or without effect."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from queues.ids import new_id
from queues.store.tables.releasing import trials


class TrialKind(StrEnum):
    """How a release is tried."""

    #: It decides a share of the items.
    CANARY = "canary"
    #: It judges what was judged, and nothing comes of it.
    SHADOW = "shadow"


class Unit(StrEnum):
    """What falls to a canary as a whole."""

    ITEM = "item"
    #: All items of an author: nobody meets both rules.
    AUTHOR = "author"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A release that is, or was, tried."""

    id: UUID
    kind: TrialKind
    release: str
    against: str
    """What was in force when it began."""
    share: float | None
    """Of the traffic that a canary decides."""
    unit: Unit | None
    started_by: str
    started_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    why: str | None
    """Why it ended."""
    seen: UUID | None
    """The last verdict that a shadow has looked at; None: none of that moment."""
    seen_at: datetime | None
    """It has looked at all verdicts before."""
    judged: int
    """Verdicts that a shadow has looked at."""
    unreadable: int
    """Items that its vocabulary could not read."""


_RUNNING: Final = trials.c.ended_at.is_(None)


def running(connection: Connection, kind: TrialKind) -> Trial | None:
    """The trial of a kind that goes on."""
    found = connection.execute(select(trials).where(_RUNNING, trials.c.kind == kind)).mappings()
    row = found.one_or_none()
    return None if row is None else _trial(dict(row))


def last_of(connection: Connection, release: str, kind: TrialKind) -> Trial | None:
    """The last trial of a release."""
    question = select(trials).where(trials.c.release == release, trials.c.kind == kind)
    row = connection.execute(question.order_by(trials.c.id.desc()).limit(1)).mappings().first()
    return None if row is None else _trial(dict(row))


def begin(connection: Connection, **values: object) -> Trial:
    """Begin a trial, under the lock of what is in force."""
    row = insert(trials).values(id=new_id(), **values).returning(*trials.c)
    return _trial(dict(connection.execute(row).mappings().one()))


def end(connection: Connection, *, by: str, why: str, kind: TrialKind | None = None) -> list[str]:
    """End what is tried, of one kind or all; the releases."""
    change = update(trials).where(_RUNNING).values(ended_by=by, ended_at=func.now(), why=why)
    if kind is not None:
        change = change.where(trials.c.kind == kind)
    return list(connection.execute(change.returning(trials.c.release)).scalars())


def looked_at(
    connection: Connection,
    trial: UUID,
    *,
    seen: UUID | None,
    seen_at: datetime,
    judged: int,
    bad: int,
) -> None:
    """A shadow has looked at verdicts, up to this one; None: at all before the moment."""
    connection.execute(
        update(trials)
        .where(trials.c.id == trial)
        .values(
            seen=seen,
            seen_at=seen_at,
            judged=trials.c.judged + judged,
            unreadable=trials.c.unreadable + bad,
        )
    )


def _trial(row: dict[str, Any]) -> Trial:
    unit = row.pop("unit")
    kind = TrialKind(row.pop("kind"))
    return Trial(**row, kind=kind, unit=None if unit is None else Unit(unit))
