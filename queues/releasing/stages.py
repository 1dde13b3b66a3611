"""Where a release is on its way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, any_, literal, select

from queues.releasing.gate import eyes
from queues.releasing.steps import Step, Stepped, steps_of
from queues.store import activations, trials
from queues.store.activations import Kind
from queues.store.tables.policies import activations as brought
from queues.store.tables.policies import releases
from queues.store.trials import Trial, TrialKind


class Stage(StrEnum):
    """How far it is."""

    #: It compiles, and is stored whole.
    CHECKED = "checked"
    #: Tests of it fail.
    FAILING = "failing"
    #: Its tests pass.
    TESTED = "tested"
    #: As many stand behind it as it takes.
    APPROVED = "approved"
    #: It judges what is judged, without effect.
    SHADOW = "shadow"
    #: It decides a share of the items.
    CANARY = "canary"
    #: It is in force.
    ACTIVE = "active"
    #: It was in force.
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A release and how it came so far."""

    name: str
    message: str
    published_by: str
    published_at: datetime
    stage: Stage
    approvals: int
    """How many beside its author stand behind it."""
    needed: int
    """How many have to, whoever brings it into force being one of them."""
    steps: list[Stepped]
    canary: Trial | None
    """The last time that it was tried on a share of the traffic."""
    shadow: Trial | None


def shown(connection: Connection, name: str, needed: int) -> Shown | None:
    """A release; None: nobody published it."""
    columns = (releases.c.message, releases.c.published_by, releases.c.published_at)
    question = select(*columns).where(releases.c.name == name)
    row = connection.execute(question).mappings().one_or_none()
    if row is None:
        return None
    steps = steps_of(connection, name)
    canary, shadow = (trials.last_of(connection, name, kind) for kind in TrialKind)
    seen = len(eyes(steps, row["published_by"], None))
    return Shown(
        **row,
        name=name,
        stage=_tried(canary, shadow) or _in_force(connection, name) or _stage(steps, seen, needed),
        approvals=seen,
        needed=needed,
        steps=steps,
        canary=canary,
        shadow=shadow,
    )


def _in_force(connection: Connection, name: str) -> Stage | None:
    if activations.in_force(connection, Kind.RELEASE) == (name,):
        return Stage.ACTIVE
    question = select(brought.c.id).where(
        brought.c.kind == Kind.RELEASE,
        literal(name) == any_(brought.c.names),
    )
    return Stage.SUPERSEDED if connection.execute(question.limit(1)).first() else None


def _tried(canary: Trial | None, shadow: Trial | None) -> Stage | None:
    if canary is not None and canary.ended_at is None:
        return Stage.CANARY
    return Stage.SHADOW if shadow is not None and shadow.ended_at is None else None


def _stage(steps: list[Stepped], seen: int, needed: int) -> Stage:
    tests = [each.details or {} for each in steps if each.step is Step.TESTED]
    if tests and tests[-1]["failed"]:
        return Stage.FAILING
    if seen and seen >= needed:
        return Stage.APPROVED
    return Stage.TESTED if tests else Stage.CHECKED
