"""How a training ends: promoted, refused or failed; each in one transaction, and only once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, text

from engine.learning.manifest import write
from queues.errors import Conflict
from queues.learning.runs import Begun, event_of
from queues.learning.targets import Target
from queues.learning.trial import Material, Trial
from queues.policies.aliases import challenge
from queues.policies.models import add_model, bring_models
from queues.store import activations
from queues.store.activations import Kind
from queues.store.events import EventKind, NewEvent, emit
from queues.store.ledger import record

BY: Final = "machine:training"
_TRAINING: Final = "training"
_TAKEN: Final = "it was closed as abandoned meanwhile, as nothing was heard of its process"

_NOTE: Final = text("""
UPDATE training_runs SET until = :until, recent = :recent, labels = :labels, champion = :champion,
    scores = CAST(:scores AS jsonb)
WHERE id = :id AND state = 'running'
""")
_END: Final = text("""
UPDATE training_runs SET state = :state, ended_at = now(), rows = :rows,
    manifest = CAST(:manifest AS json), figures = CAST(:figures AS jsonb), reasons = :reasons,
    remarks = :remarks, challenger = :challenger
WHERE id = :id AND state = 'running' RETURNING ended_at
""")
_LEARNT: Final = text("""
INSERT INTO learnt_labels (name, decision_id, training_id)
SELECT :name, label, :training FROM unnest(CAST(:labels AS uuid[])) AS label
ON CONFLICT DO NOTHING
""")
_FAIL: Final = text("""
UPDATE training_runs SET state = 'failed', ended_at = now(), reasons = :reasons,
    until = coalesce(until, now())
WHERE id = :id AND state = 'running' RETURNING ended_at
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What came of a training."""

    state: str
    reasons: tuple[str, ...]
    promoted: bool


def note(connection: Connection, begun: Begun, material: Material) -> None:
    """Write down what a training has seen: if it fails, it does not begin again with the same."""
    given = {
        "id": begun.id,
        "until": material.until,
        "recent": list(material.recent),
        "labels": material.new,
        "champion": material.target.champion,
        "scores": _json(material.target.scores),
    }
    if not connection.execute(_NOTE, given).rowcount:
        raise Conflict(_TRAINING, _TAKEN)


def conclude(connection: Connection, begun: Begun, trial: Trial) -> str:
    """Store the challenger, and bring it into force if the gate lets it in; says what became.

    All of it, or nothing: a model never stands half, and is never in force without its reasons.

    Raises:
        Conflict: the training was closed by another process.
    """
    activations.lock(connection)
    challenger, target = trial.challenger, trial.material.target
    outcome = _outcome(connection, trial)
    given = {
        "id": begun.id,
        "state": outcome.state,
        "rows": len(trial.rows.rows),
        "manifest": write(challenger.manifest),
        "figures": _json(trial.figures),
        "reasons": list(outcome.reasons),
        "remarks": list(trial.remarks),
        "challenger": challenger.version,
    }
    at = connection.execute(_END, given).scalar()
    if at is None:
        raise Conflict(_TRAINING, _TAKEN)
    add_model(connection, challenger.classifier, challenger.file, by=BY)
    if outcome.promoted:
        versions = _successors(connection, target, challenger.version)
        bring_models(connection, versions, by=BY, note="; ".join(outcome.reasons))
        labels = list(challenger.manifest.training)
        known = {"name": target.name, "training": begun.id, "labels": labels}
        connection.execute(_LEARNT, known)
    elif challenger.version not in (activations.in_force(connection, Kind.MODELS) or ()):
        challenge(connection, target.name, challenger.version)
    _tell(connection, begun, at, outcome, challenger.version)
    return outcome.state


def fail(connection: Connection, begun: Begun, why: str) -> None:
    """Write down that nothing came of a training, unless another process closed it."""
    at = connection.execute(_FAIL, {"id": begun.id, "reasons": [why]}).scalar()
    if at is not None:
        _tell(connection, begun, at, _Outcome(state="failed", reasons=(why,), promoted=False))


def _outcome(connection: Connection, trial: Trial) -> _Outcome:
    """What the gate said, if what it compared with is still in force."""
    judged, target = trial.judgement, trial.material.target
    in_force = activations.in_force(connection, Kind.MODELS) or ()
    if judged.promoted and trial.challenger.version in in_force:
        why = "it is the model in force, byte for byte: nothing new was learnt"
        return _Outcome(state="refused", reasons=(why,), promoted=False)
    if judged.promoted and target.champion is not None and target.champion not in in_force:
        why = f"`{target.champion[:12]}`, with which it was compared, is not in force any more"
        return _Outcome(state="refused", reasons=(why,), promoted=False)
    state = "promoted" if judged.promoted else "refused"
    return _Outcome(state=state, reasons=judged.reasons, promoted=judged.promoted)


def _successors(connection: Connection, target: Target, version: str) -> tuple[str, ...]:
    """What is in force, with the new one in the place of the old."""
    before = activations.in_force(connection, Kind.MODELS) or ()
    if target.champion is None:
        return (*before, version)
    return tuple(version if each == target.champion else each for each in before)


_KINDS: Final[Mapping[str, EventKind]] = {
    "promoted": EventKind.MODEL_PROMOTED,
    "refused": EventKind.MODEL_REFUSED,
    "failed": EventKind.TRAINING_FAILED,
}


def _tell(
    connection: Connection,
    begun: Begun,
    at: datetime,
    outcome: _Outcome,
    version: str | None = None,
) -> None:
    """The audit, and receivers outside."""
    kind = _KINDS[outcome.state]
    reasons: Sequence[str] = outcome.reasons
    told: dict[str, Any] = {"name": begun.name, "version": version, "reasons": reasons}
    record(connection, [event_of(begun.id, kind, at, BY, told)])
    payload = {"training_id": begun.id, **told, "scores": list(begun.scores), "at": at}
    emit(connection, [NewEvent(kind=kind, item_id=None, payload=payload)])


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
