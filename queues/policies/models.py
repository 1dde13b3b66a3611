"""Publishes classifiers, and brings sets of them into force."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from engine.classify.ensemble import Ensemble
from engine.classify.protocol import Classifier
from engine.classify.scorer import TextClassifier
from queues.errors import Conflict, NotFound, Refused
from queues.policies.aliases import crown
from queues.policies.artefacts import opened_model, stored_ensemble, stored_release
from queues.policies.registry import figures_of
from queues.store import activations
from queues.store.activations import Kind
from queues.store.ledger import AuditEvent, record
from queues.store.notices import Topic, notify
from queues.store.session import Store
from queues.store.tables.policies import models

#: Bytes of one classifier.
MOST_BYTES: Final = 512_000_000
#: Digits of a version that name it well enough where people type it.
SHORTEST: Final = 6

_MODEL: Final = "model"
_MODELS: Final = "models"
_ROLLING_BACK: Final = "rolling back"
_NOTHING_BEFORE: Final = "no other models were in force before"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedModel:
    """A classifier that is stored."""

    version: str
    """The SHA-256 of its content, as its file names it."""
    name: str
    signals: tuple[str, ...]
    new: bool
    """Whether it was not there before."""
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivatedModels:
    """What scores texts now."""

    versions: tuple[str, ...]
    before: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether something else was in force."""
        return self.versions != self.before


def publish_model(store: Store, artefact: bytes, *, by: str) -> PublishedModel:
    """Store a classifier, as `tierwise train` writes it.

    Raises:
        InvalidModel: the bytes are no classifier, or damaged.
        Refused: it is too large.
    """
    if len(artefact) > MOST_BYTES:
        raise Refused(_MODEL, f"a model has {MOST_BYTES:,} bytes at most")
    classifier = opened_model(_MODEL, artefact)
    with store.transaction() as connection:
        return add_model(connection, classifier, artefact, by=by)


def add_model(
    connection: Connection, classifier: TextClassifier, artefact: bytes, *, by: str
) -> PublishedModel:
    """As `publish_model`, within a transaction, of a classifier that was opened from them."""
    row = insert(models).values(
        version=classifier.version,
        name=classifier.name,
        artefact=artefact,
        published_by=by,
        figures=figures_of(classifier),
    )
    done = connection.execute(row.on_conflict_do_nothing().returning(models.c.published_at))
    at = done.scalar()
    if at is not None:
        event = AuditEvent(
            at=at,
            actor=by,
            kind="model.published",
            subject=classifier.version,
            details={"name": classifier.name, "signals": classifier.signals},
        )
        record(connection, [event])
    warnings = _undeclared(connection, [classifier])
    return PublishedModel(
        version=classifier.version,
        name=classifier.name,
        signals=classifier.signals,
        new=at is not None,
        warnings=warnings,
    )


def active_models(store: Store) -> tuple[str, ...]:
    """The versions in force."""
    with store.read() as connection:
        return activations.in_force(connection, Kind.MODELS) or ()


def activate_models(
    store: Store, versions: Sequence[str], *, by: str, note: str | None = None
) -> ActivatedModels:
    """Let these classifiers score texts from now on, and no others.

    Args:
        store: Where they are published.
        versions: Their versions, or the first digits of them; none: nothing scores texts.
        by: Who wants it, such as `cli:ana`.
        note: Why, for people.

    Raises:
        NotFound: nobody published such a model.
        Refused: they cannot work together: two have one name, or fill one field.
        InvalidModel: one cannot be read by this version of the program.
    """
    with store.transaction() as connection:
        activations.lock(connection)
        wanted = tuple(whole(connection, version) for version in versions)
        return bring_models(connection, wanted, by=by, note=note)


def bring_models(
    connection: Connection, wanted: tuple[str, ...], *, by: str, note: str | None = None
) -> ActivatedModels:
    """As `activate_models`, within a transaction that has the lock of activations."""
    warnings = _undeclared(connection, _together(connection, wanted).classifiers)
    before = activations.in_force(connection, Kind.MODELS) or ()
    activated = ActivatedModels(versions=wanted, before=before, warnings=warnings)
    if activated.changed:
        activations.bring(connection, Kind.MODELS, wanted, by=by, note=note)
        _tell(connection, "models.activated", activated, by)
    return activated


def roll_back_models(store: Store, *, by: str, note: str | None = None) -> ActivatedModels:
    """Bring the classifiers into force that were in force before these came.

    Raises:
        Conflict: there were none.
    """
    with store.transaction() as connection:
        activations.lock(connection)
        match activations.standing(connection, Kind.MODELS, 2):
            case [now, before]:
                activated = ActivatedModels(versions=before.names, before=now.names)
            case _:
                raise Conflict(_ROLLING_BACK, _NOTHING_BEFORE)
        activations.bring(connection, Kind.MODELS, before.names, by=by, note=note, undoes=now.id)
        _tell(connection, "models.rolled_back", activated, by)
    return activated


def whole(connection: Connection, begun: str) -> str:
    """The version that begins so; raises NotFound, and Refused where several do."""
    column = models.c.version
    question = select(column).where(column.startswith(begun, autoescape=True)).limit(2)
    found: Sequence[str] = connection.execute(question).scalars().all()
    if len(begun) < SHORTEST or not found:
        raise NotFound(_MODEL, begun)
    if len(found) > 1:
        raise Refused(_MODEL, f"several versions begin with `{begun}`")
    return found[0]


def _together(connection: Connection, versions: Sequence[str]) -> Ensemble:
    try:
        return stored_ensemble(connection, versions) or Ensemble([])
    except ValueError as problem:
        raise Refused(_MODELS, str(problem)) from problem


def _undeclared(connection: Connection, classifiers: Sequence[Classifier]) -> tuple[str, ...]:
    """Fields that these fill and no rule can look at, as the release does not declare them."""
    names = activations.in_force(connection, Kind.RELEASE)
    if not names:
        return ()
    fields = stored_release(connection, names[0]).policy.vocabulary.fields
    return tuple(
        f"no rule can look at `{signal}` of `{each.name}`, as the release does not declare it"
        for each in classifiers
        for signal in each.signals
        if signal not in fields
    )


def _tell(connection: Connection, kind: str, activated: ActivatedModels, by: str) -> None:
    at = connection.execute(select(func.now())).scalar_one()
    details = {"versions": activated.versions, "before": activated.before}
    record(connection, [AuditEvent(at=at, actor=by, kind=kind, details=details)])
    crown(connection, activated.versions)
    notify(connection, Topic.MODELS, ",".join(each[:12] for each in activated.versions))
