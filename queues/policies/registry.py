"""What is known of classifiers: which is in force, how each does, and why it was let in or not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, select, text

from engine.classify.scorer import TextClassifier
from queues.errors import NotFound
from queues.policies.aliases import aliases_of
from queues.store import activations
from queues.store.activations import Kind
from queues.store.session import Store
from queues.store.tables.policies import models

_MODEL: Final = "model"

# The last training that made each.
_TRAINED: Final = text("""
SELECT DISTINCT ON (challenger) challenger, id, state, reasons, remarks, figures, champion, rows,
    scores
FROM training_runs WHERE challenger = ANY(:versions) ORDER BY challenger, id DESC
""")
_MANIFEST: Final = text("SELECT manifest FROM training_runs WHERE id = :training")


class ModelState(StrEnum):
    """Where a classifier stands."""

    IN_FORCE = "in_force"
    #: It was promoted, and is not in force any more.
    REPLACED = "replaced"
    #: The gate did not let it in.
    REFUSED = "refused"
    #: Somebody published it; it is not in force.
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """A classifier as lists show it."""

    version: str
    name: str
    published_by: str
    published_at: datetime
    active: bool
    state: ModelState
    aliases: tuple[str, ...]
    """`champion`: in force under its name; `challenger`: the last to try, and not in force."""
    figures: Mapping[str, Any] | None
    """Score → how it did on texts it was not trained on; None: it was published by an older
    version of this program."""
    training: str | None
    """Id of the training that made it; None: it came as a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """The training that made a classifier."""

    state: str
    reasons: tuple[str, ...]
    """Why it was promoted or refused, in words."""
    remarks: tuple[str, ...]
    judged: Mapping[str, Any]
    """Figures of the gate."""
    champion: str | None
    """It was compared with this version."""
    rows: int
    scores: Mapping[str, Any]
    """Score → policies it learns from."""
    manifest: Mapping[str, Any]
    """Hashes, recipe, and how many rows each part has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownModel:
    """A classifier with all that is known of it."""

    model: ListedModel
    learnt: Learnt | None
    """None: it came as a file."""


def figures_of(classifier: TextClassifier) -> dict[str, Any]:
    """Score → rows, positives and estimates with their deviations, from held-out texts."""
    return {head.signal: asdict(head.quality) for head in classifier.model.heads}


def listed_models(store: Store, most: int = 100) -> list[ListedModel]:
    """The classifiers, the last published first."""
    question = _question().order_by(models.c.published_at.desc(), models.c.version)
    with store.read() as connection:
        return _listed(connection, connection.execute(question.limit(most)).all())


def shown_model(store: Store, begun: str) -> ShownModel:
    """All that is known of the classifier whose version begins so.

    Raises:
        NotFound: there is none, or several.
    """
    question = _question().where(models.c.version.startswith(begun, autoescape=True)).limit(2)
    with store.read() as connection:
        rows = connection.execute(question).all()
        if len(rows) != 1:
            raise NotFound(_MODEL, begun)
        (model,) = _listed(connection, rows)
        return ShownModel(model=model, learnt=_learnt(connection, model))


def _question() -> Any:  # noqa: ANN401 - of SQLAlchemy, whose types differ by column
    c = models.c
    return select(c.version, c.name, c.published_by, c.published_at, c.figures)


def _listed(connection: Connection, rows: Any) -> list[ListedModel]:  # noqa: ANN401 - as above
    active = activations.in_force(connection, Kind.MODELS) or ()
    aliases = aliases_of(connection)
    trained = _trained(connection, [row.version for row in rows])
    return [
        ListedModel(
            version=row.version,
            name=row.name,
            published_by=row.published_by,
            published_at=row.published_at,
            figures=row.figures,
            active=row.version in active,
            state=_state(row.version in active, trained.get(row.version)),
            aliases=aliases.get(row.version, ()),
            training=str(trained[row.version].id) if row.version in trained else None,
        )
        for row in rows
    ]


def _trained(connection: Connection, versions: list[str]) -> dict[str, Row[Any]]:
    found = connection.execute(_TRAINED, {"versions": versions})
    return {row.challenger: row for row in found}


def _state(active: bool, trained: Row[Any] | None) -> ModelState:  # noqa: FBT001 - the one fact
    if active:
        return ModelState.IN_FORCE
    match None if trained is None else trained.state:
        case "promoted":
            return ModelState.REPLACED
        case "refused":
            return ModelState.REFUSED
        case _:
            return ModelState.PUBLISHED


def _learnt(connection: Connection, model: ListedModel) -> Learnt | None:
    row = _trained(connection, [model.version]).get(model.version)
    if row is None:
        return None
    manifest = connection.execute(_MANIFEST, {"training": row.id}).scalar_one()
    return Learnt(
        state=row.state,
        reasons=tuple(row.reasons),
        remarks=tuple(row.remarks),
        judged=row.figures,
        champion=row.champion,
        rows=row.rows,
        scores=row.scores,
        manifest={key: len(its) if isinstance(its, list) else its for key, its in manifest.items()}
        | {"labels": manifest["labels"]},
    )
