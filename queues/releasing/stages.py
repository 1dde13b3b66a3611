"""Where a release is on its way."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, any_, func, literal, select

from queues.policies.releases import Listed, active_in
from queues.presence import troubled
from queues.releasing.bases import moved
from queues.releasing.gate import eyes
from queues.releasing.steps import Step, Stepped, steps_of, steps_of_all
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
class Placed(Listed):
    """A release as lists show it, and how far it is."""

    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """How a release came into force."""

    by: str
    note: str | None
    at: datetime
    back: bool
    """Whether another one was taken back for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A release and how it came so far."""

    name: str
    message: str
    published_by: str
    published_at: datetime
    stage: Stage
    base: str | None
    """The release that it was made from; None: nothing was in force then."""
    moved: str | None
    """What it was not made from and would take the place of; None: nothing."""
    trouble: list[str]
    """Why processes cannot use it, although they should."""
    approvals: int
    """How many beside its author stand behind it."""
    needed: int
    """How many have to, whoever brings it into force being one of them."""
    steps: list[Stepped]
    canary: Trial | None
    """The last time that it was tried on a share of the traffic."""
    shadow: Trial | None
    brought: list[Brought]
    """When it came into force, the first time first."""


def placed(connection: Connection, listed: Sequence[Listed], needed: int) -> list[Placed]:
    """How far each of some releases is."""
    names = [each.name for each in listed]
    steps: dict[str, list[Stepped]] = {name: [] for name in names}
    for release, step in steps_of_all(connection, names):
        steps[release].append(step)
    tried = {
        each.release: Stage(kind.value)
        for kind in (TrialKind.SHADOW, TrialKind.CANARY)
        if (each := trials.running(connection, kind)) is not None
    }
    question = select(func.unnest(brought.c.names)).where(brought.c.kind == Kind.RELEASE)
    ever = set(connection.execute(question.distinct()).scalars())

    def stage(each: Listed) -> Stage:
        if each.name in tried:
            return tried[each.name]
        if each.active:
            return Stage.ACTIVE
        if each.name in ever:
            return Stage.SUPERSEDED
        seen = len(eyes(steps[each.name], each.published_by, None))
        return _stage(steps[each.name], seen, needed)

    return [Placed(**asdict(each), stage=stage(each)) for each in listed]


def shown(connection: Connection, name: str, needed: int) -> Shown | None:
    """A release; None: nobody published it."""
    columns = (
        releases.c.message,
        releases.c.published_by,
        releases.c.published_at,
        releases.c.base,
    )
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
        moved=moved(connection, name, active_in(connection)),
        trouble=troubled(connection, name),
        approvals=seen,
        needed=needed,
        steps=steps,
        canary=canary,
        shadow=shadow,
        brought=_brought(connection, name),
    )


def _brought(connection: Connection, name: str) -> list[Brought]:
    question = (
        select(
            brought.c.by, brought.c.note, brought.c.at, brought.c.undoes.is_not(None).label("back")
        )
        .where(brought.c.kind == Kind.RELEASE, literal(name) == any_(brought.c.names))
        .order_by(brought.c.id)
    )
    return [Brought(**row) for row in connection.execute(question).mappings()]


def _in_force(connection: Connection, name: str) -> Stage | None:
    if activations.in_force(connection, Kind.RELEASE) == (name,):
        return Stage.ACTIVE
    return Stage.SUPERSEDED if activations.ever(connection, Kind.RELEASE, name) else None


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
