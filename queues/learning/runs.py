"""The rows of trainings: asked for, running, and what came of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, RowMapping, select, text

from queues.errors import Conflict, NotFound
from queues.ids import new_id
from queues.learning.targets import Target
from queues.store.ledger import AuditEvent, record
from queues.store.locks import Lock
from queues.store.outbox import Task, send
from queues.store.session import Store
from queues.store.tables.learning import training_runs

#: Of the lane of trainings, which holds nothing else.
_PRIORITY: Final = 6
_TRAINING: Final = "training"
_BUSY: Final = "another one is under way"
_DIED: Final = "its process ended before the training did"

_ASK: Final = text("""
INSERT INTO training_runs (id, name, scores, state, trigger, asked_by, champion)
VALUES (:id, :name, CAST(:scores AS jsonb), 'asked', :trigger, :by, :champion)
ON CONFLICT (name) WHERE state IN ('asked', 'running') DO NOTHING RETURNING asked_at
""")
_OPEN: Final = text("""
SELECT id FROM training_runs WHERE name = :name AND state = 'asked'
""")
# Asked for in a process that never began, as another one trained or it ended: nothing is sent for
# it, and nobody else may ask. Whoever is about to begin gets a minute.
_STRANDED: Final = text("""
SELECT id FROM training_runs WHERE state = 'asked' AND asked_at < now() - interval '1 minute'
    AND NOT EXISTS (SELECT FROM outbox WHERE task = :task AND subject = training_runs.id)
ORDER BY id FOR UPDATE SKIP LOCKED
""")
_BEGIN: Final = text("""
UPDATE training_runs SET state = 'running', started_at = now() WHERE id = :id AND state = 'asked'
RETURNING name, scores
""")
_ABANDON: Final = text("""
UPDATE training_runs SET state = 'abandoned', ended_at = now(), reasons = :reasons
WHERE state = 'running' RETURNING id, name, ended_at
""")


class Trigger(StrEnum):
    """Why a training is started."""

    #: There were enough new decisions.
    COUNT = "count"
    #: It was time.
    SCHEDULE = "schedule"
    #: Somebody asked.
    HAND = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A training, as lists show it."""

    id: UUID
    name: str
    """Of the model."""
    scores: Mapping[str, Any]
    """Score → the policies it learns from."""
    state: str
    """`asked`, `running`, `promoted`, `refused`, `failed` or `abandoned`."""
    trigger: str
    """`count`, `schedule` or `hand`."""
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    labels: int | None
    """Decisions that were new to it."""
    rows: int | None
    """That could be learnt from."""
    champion: str | None
    """The version it was compared with."""
    challenger: str | None
    """The version that came of it."""
    reasons: tuple[str, ...]
    """Why it ended as it did, in words."""
    remarks: tuple[str, ...]
    """What did not decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A training that this process runs."""

    id: UUID
    name: str
    scores: Mapping[str, tuple[str, ...]]


_COLUMNS: Final = tuple(training_runs.c[name] for name in Training.__dataclass_fields__)


def ask(connection: Connection, target: Target, trigger: Trigger, by: str) -> UUID | None:
    """Write down that a model is to be trained; None: that is so already, or it is under way."""
    run = new_id()
    given = {
        "id": run,
        "name": target.name,
        "scores": orjson.dumps(target.scores).decode(),
        "trigger": trigger,
        "by": by,
        "champion": target.champion,
    }
    at = connection.execute(_ASK, given).scalar()
    if at is None:
        return None
    details = {"name": target.name, "trigger": trigger}
    record(connection, [event_of(run, "training.asked", at, by, details)])
    return run


def send_to_worker(connection: Connection, run: UUID) -> None:
    """Have a worker of the lane of trainings run it."""
    send(connection, Task.TRAIN, [(run, _PRIORITY)])


def send_stranded(connection: Connection) -> int:
    """Send what is asked for, and no message asks a worker for; says how many."""
    found = connection.execute(_STRANDED, {"task": Task.TRAIN.value}).scalars().all()
    for run in found:
        send_to_worker(connection, run)
    return len(found)


def asked_for(connection: Connection, name: str) -> UUID | None:
    """The training of a model that waits for a process."""
    found: UUID | None = connection.execute(_OPEN, {"name": name}).scalar()
    return found


def any_running(connection: Connection) -> bool:
    """Whether any training runs, by the book."""
    question = select(training_runs.c.id).where(training_runs.c.state == "running").limit(1)
    return connection.execute(question).first() is not None


def begin(connection: Connection, run: UUID) -> Begun | None:
    """Take a training for this process; None: somebody has."""
    row = connection.execute(_BEGIN, {"id": run}).one_or_none()
    if row is None:
        return None
    scores = {score: tuple(policies) for score, policies in row.scores.items()}
    return Begun(id=run, name=row.name, scores=scores)


def listed(store: Store, most: int) -> list[Training]:
    """The last one first."""
    question = select(*_COLUMNS).order_by(training_runs.c.id.desc()).limit(most)
    with store.read() as connection:
        return [_training(row) for row in connection.execute(question).mappings()]


def shown(connection: Connection, run: UUID) -> Training:
    """One of them; raises NotFound."""
    question = select(*_COLUMNS).where(training_runs.c.id == run)
    row = connection.execute(question).mappings().one_or_none()
    if row is None:
        raise NotFound(_TRAINING, str(run))
    return _training(row)


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Train while nobody else does; what a process left that died is closed as abandoned.

    Raises:
        Conflict: another process trains.
    """
    # A connection of its own: the lock goes with it, however the process ends.
    with store.listener() as guard:
        held = guard.execute("SELECT pg_try_advisory_lock(%s)", (Lock.TRAINING.value,)).fetchone()
        if held != (True,):
            raise Conflict(_TRAINING, _BUSY)
        with store.transaction() as connection:
            for row in connection.execute(_ABANDON, {"reasons": [_DIED]}).all():
                details = {"name": row.name}
                event = event_of(row.id, "training.abandoned", row.ended_at, "machine", details)
                record(connection, [event])
        yield


def event_of(
    run: UUID, kind: str, at: datetime, by: str, details: Mapping[str, object]
) -> AuditEvent:
    """What the audit is told of a training."""
    return AuditEvent(at=at, actor=by, kind=kind, subject=str(run), details=details)


def _training(row: RowMapping) -> Training:
    told = {"reasons": tuple(row["reasons"]), "remarks": tuple(row["remarks"])}
    return Training(**{**row, **told})
