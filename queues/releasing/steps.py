"""What was done about a release before it came into force: rows that are never changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select

from queues.store.ledger import AuditEvent, record
from queues.store.tables.releasing import release_steps


class Step(StrEnum):
    """What was done."""

    #: Its tests were run; the details say how they came out.
    TESTED = "tested"
    #: Somebody else than its author stands behind it.
    APPROVED = "approved"
    #: Something that speaks against it was set aside, with a reason.
    EXCEPTED = "excepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """One step."""

    step: Step
    by: str
    note: str | None
    details: Mapping[str, Any] | None
    at: datetime


def steps_of(connection: Connection, release: str) -> list[Stepped]:
    """All steps of a release, the first first."""
    return [step for _, step in steps_of_all(connection, [release])]


def steps_of_all(connection: Connection, names: Sequence[str]) -> Iterator[tuple[str, Stepped]]:
    """All steps of some releases, each with its release, the first first."""
    question = select(release_steps).where(release_steps.c.release.in_(names))
    for row in connection.execute(question.order_by(release_steps.c.id)):
        step = Stepped(
            step=Step(row.step), by=row.by, note=row.note, details=row.details, at=row.at
        )
        yield row.release, step


def add_step(
    connection: Connection,
    release: str,
    step: Step,
    *,
    by: str,
    note: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write a step, and the audit event of it."""
    connection.execute(
        insert(release_steps).values(
            release=release, step=step.value, by=by, note=note, details=details
        )
    )
    tell(connection, f"release.{step.value}", release, by, details or {})


def tell(
    connection: Connection, kind: str, release: str, by: str, details: Mapping[str, object]
) -> None:
    """The audit event of something that was done about a release."""
    at: datetime = connection.execute(select(func.now())).scalar_one()
    record(connection, [AuditEvent(at=at, actor=by, kind=kind, subject=release, details=details)])
