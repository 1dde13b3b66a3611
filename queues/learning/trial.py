"""One trial: what people decided, a challenger of it, and what the gate says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.classify.recipe import Recipe
from engine.classify.scorer import TextClassifier
from engine.learning import (
    Certification,
    Challenged,
    Challenger,
    Earned,
    Gate,
    Judgement,
    Plan,
    Rows,
    Sizes,
    Split,
    Suite,
    collect,
    held_out,
    judge,
    run,
    train_challenger,
)
from engine.learning.replaying import Acceleration, Replays, acceleration
from engine.learning.selection import Strategy
from queues.errors import Conflict
from queues.learning.labels import count_new, last_seen, recent_ones
from queues.learning.rows import Labelled, labelled, standing
from queues.learning.suites import suites_for
from queues.learning.targets import Target
from queues.learning_settings import Learning
from queues.policies.artefacts import stored_ensemble
from queues.store import activations
from queues.store.activations import Kind
from queues.store.session import Store

_NOVELTY: Final = "score.novelty"
_CHAMPION: Final = "champion"
#: Certificates are checked where they are used: in a service without any, none is asked for.
_NO_CERTIFICATES: Final = Certification(earned=Earned.OFF)

_TRAINED_ON: Final = text("""
SELECT json_array_elements_text(manifest -> 'training') AS id FROM (
    SELECT manifest FROM training_runs
    WHERE challenger = :version AND manifest IS NOT NULL ORDER BY id DESC LIMIT 1
) AS made
""")
_ITEMS: Final = text("""
SELECT DISTINCT item_id FROM decisions WHERE id = ANY(CAST(:ids AS uuid[]))
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a training begins with, of one state of the database."""

    target: Target
    labelled: Labelled
    until: datetime
    recent: tuple[UUID, ...]
    new: int
    """Decisions that no training of this model has seen."""
    champion: TextClassifier | None
    novelty: str
    """The field that tells how new a text is: the champion's, or one that is free."""
    seen: frozenset[str] = field(default=frozenset(), repr=False)
    """Rows about items that the champion has learnt from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A challenger, and what is thought of it."""

    material: Material
    rows: Rows
    challenger: Challenger
    judgement: Judgement
    accelerations: Mapping[str, Acceleration]
    """Score → how many labels the strategy of the settings saves."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What did not decide, in words."""
        return tuple(_remarks(self))

    @property
    def figures(self) -> dict[str, Any]:
        """What the gate rests on, as JSON has it."""
        judged = self.judgement
        return {
            "comparisons": [asdict(each) for each in judged.comparisons],
            "calibrations": [asdict(each) for each in judged.calibrations],
            "challenges": {
                suite: [asdict(change) for change in its] for suite, its in judged.changes.items()
            },
            "accelerations": {score: asdict(each) for score, each in self.accelerations.items()},
        }


def gathered(store: Store, target: Target, learning: Learning) -> Material:
    """All that is needed from the database, in one look.

    Raises:
        Conflict: The champion fills scores that would be lost.
        InvalidModel: It cannot be read.
    """
    if target.unnamed:
        lost = ", ".join(f"`{score}`" for score in target.unnamed)
        why = f"`{target.name}` fills {lost} too; name what it learns from in `[learning] scores`"
        raise Conflict(_CHAMPION, why)
    with store.read() as connection:
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        since = now - timedelta(days=learning.days)
        found = standing(connection, since, now, learning.most)
        rows = labelled(connection, found, target.scores)
        champion, novelty = _champion(connection, target)
        return Material(
            target=target,
            labelled=rows,
            until=now,
            recent=tuple(recent_ones(connection, now)),
            new=count_new(connection, last_seen(connection, target.name), since),
            champion=champion,
            novelty=novelty,
            seen=_seen(connection, rows, champion),
        )


def tried(
    material: Material, learning: Learning, rules: Path | None, progress: Callable[[str], None]
) -> Trial:
    """Train a challenger, and ask the gate.

    Raises:
        CannotTrain: There are too few decisions, or one kind of them only.
        InvalidFigure: Nothing is left to judge by.
        InvalidSuite: A challenge suite has mistakes.
    """
    scores = tuple(material.target.scores)
    # A suite with mistakes is told before the work, not after it.
    suites = suites_for(scores, learning, rules)
    rows = collect(material.labelled.rows, scores, now=material.until.timestamp())
    challenger, parts = train_challenger(rows, _plan(material, learning), progress)
    progress("asking the gate")
    classifier = challenger.classifier
    held = held_out(
        parts,
        {score: score for score in scores},
        challenger=classifier,
        champion=material.champion,
        seen=material.seen,
    )
    gate = Gate(margin=learning.margin, calibration=learning.calibration, fall=learning.fall)
    return Trial(
        material=material,
        rows=rows,
        challenger=challenger,
        judgement=judge(
            held, _challenged(suites, classifier, material.champion), _NO_CERTIFICATES, gate
        ),
        accelerations=_accelerations(parts, learning, progress),
    )


def _accelerations(
    parts: Split, learning: Learning, progress: Callable[[str], None]
) -> dict[str, Acceleration]:
    """Told of the labels there are, in random and in chosen order."""
    progress("giving the labels once more")
    strategy, replays = Strategy(learning.strategy), Replays(times=learning.replays)
    return {
        score: acceleration(parts.training, parts.held_out, score, strategy, replays)
        for score in parts.labels
    }


def _plan(material: Material, learning: Learning) -> Plan:
    return Plan(
        recipe=Recipe(
            signals=tuple(material.target.scores),
            name=material.target.name,
            novelty=material.novelty,
            folds=learning.folds,
        ),
        sizes=Sizes(share=learning.held_out, least=learning.least),
        sample=learning.least,
    )


def _challenged(
    suites: Mapping[str, Sequence[Suite]],
    challenger: TextClassifier,
    champion: TextClassifier | None,
) -> list[Challenged]:
    """How both do on the suites of each score."""
    return [
        Challenged(
            challenger=run(suite, challenger, score),
            champion=None if champion is None else run(suite, champion, score),
        )
        for score, its in suites.items()
        for suite in its
    ]


def _champion(connection: Connection, target: Target) -> tuple[TextClassifier | None, str]:
    """The champion, and the field of novelty that its successor fills."""
    versions = activations.in_force(connection, Kind.MODELS) or ()
    ensemble = stored_ensemble(connection, versions)
    models = () if ensemble is None else ensemble.classifiers
    for model in models:
        if model.version == target.champion and isinstance(model, TextClassifier):
            return model, model.model.novelty.signal
    taken = {signal for model in models for signal in model.signals}
    return None, _NOVELTY if _NOVELTY not in taken else f"{next(iter(target.scores))}.novelty"


def _seen(
    connection: Connection, rows: Labelled, champion: TextClassifier | None
) -> frozenset[str]:
    """Rows about items that the champion was trained on, whatever was decided since."""
    if champion is None:
        return frozenset()
    ids = list(connection.execute(_TRAINED_ON, {"version": champion.version}).scalars())
    items = frozenset(connection.execute(_ITEMS, {"ids": ids}).scalars())
    return frozenset(row for row, item in rows.items.items() if item in items)


def _remarks(trial: Trial) -> Iterator[str]:
    yield from trial.judgement.remarks
    yield from trial.challenger.notes
    yield from left_out(trial.rows, trial.material.labelled.untaught)


def left_out(rows: Rows, untaught: Mapping[str, int]) -> Iterator[str]:
    """What was not learnt from, and what was learnt as a no though people acted, in words."""
    for problem, count in sorted(rows.problems.items()):
        yield f"{count} decisions are left out: {problem}"
    for policy, count in untaught.items():
        yield f"{count} decisions acted under `{policy}`, from which it does not learn: they say no"
