"""Trains a challenger: a classifier that may replace the one in force."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from engine.classify.artefact import encode
from engine.classify.dataset import Dataset, Label
from engine.classify.model import Model
from engine.classify.recipe import Recipe
from engine.classify.scorer import TextClassifier
from engine.classify.training import train
from engine.errors import CannotTrain
from engine.learning.manifest import Manifest, digest_of, training_of
from engine.learning.rows import Rows, TrainingRow
from engine.learning.splits import Sizes, Split, split
from engine.learning.weights import Weighing, sample_weights, training_weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How challengers are made."""

    recipe: Recipe
    """One signal for each label of the rows, in their order."""
    sizes: Sizes = field(default_factory=Sizes)
    weighing: Weighing = field(default_factory=Weighing)
    sample: int = 50
    """Rows of the random sample with each answer to each label that a weighted calibrator takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenger:
    """A trained classifier that nobody uses yet."""

    model: Model
    file: bytes = field(repr=False)
    """Of the model, as `engine.classify.artefact` writes it."""
    manifest: Manifest = field(repr=False)

    @property
    def version(self) -> str:
        """SHA-256 in the first line of the file, hexadecimal."""
        return self.file.partition(b"\n")[0].decode("ascii").rpartition(" ")[2]

    @property
    def classifier(self) -> TextClassifier:
        """Ready to score. It is made anew each time, so whoever needs it twice keeps it."""
        return TextClassifier(self.model, self.version)

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever reads its figures should know, in words."""
        if self.manifest.calibration:
            return ()
        note = (
            "too few rows were drawn at random: it is calibrated on the rows it was trained on as "
            "they are, not on what holds for all items"
        )
        return (note,)


def _silent(_: str) -> None:
    """Progress that nobody looks at."""


def train_challenger(
    rows: Rows, plan: Plan, progress: Callable[[str], None] = _silent
) -> tuple[Challenger, Split]:
    """A challenger of all but the newest rows, and the rows it has not seen.

    Raises:
        CannotTrain: There are too few rows to train on, or to judge by.
    """
    parts = split(rows, plan.sizes)
    if len(plan.recipe.signals) != len(rows.labels):
        reason = f"{len(plan.recipe.signals)} signals for {len(rows.labels)} labels"
        raise CannotTrain(reason, "give one for each")
    weights = sample_weights(parts.training, rows.labels, least=plan.sample)
    sampled = zip(parts.training, weights or (), strict=bool(weights))
    manifest = Manifest(
        labels=rows.labels,
        training=tuple(row.id for row in parts.training),
        calibration=tuple(row.id for row, weight in sampled if weight),
        held_out=tuple(row.id for row in parts.held_out),
        training_hash=digest_of(parts.training),
        held_out_hash=digest_of(parts.held_out),
        recipe=plan.recipe,
        weighing=plan.weighing,
    )
    return train_again(manifest, parts.training, progress), parts


def train_again(
    manifest: Manifest, rows: Sequence[TrainingRow], progress: Callable[[str], None] = _silent
) -> Challenger:
    """The challenger of a manifest, the same to the byte.

    Raises:
        InvalidManifest: The rows are not those it names.
        CannotTrain: There are too few.
    """
    training = training_of(manifest, rows)
    model = train(_dataset(manifest, training), manifest.recipe, progress)
    return Challenger(model=model, file=encode(model), manifest=manifest)


def _dataset(manifest: Manifest, rows: Sequence[TrainingRow]) -> Dataset:
    """The rows as training takes them."""
    drawn = frozenset(manifest.calibration)
    sample = tuple(1 / (row.inclusion or 1.0) if row.id in drawn else 0.0 for row in rows)
    weights = training_weights(rows, manifest.weighing)
    said = json.dumps((manifest.training_hash, manifest.labels, weights, sample if drawn else None))
    return Dataset(
        labels=tuple(Label(path=label) for label in manifest.labels),
        texts=tuple(row.text for row in rows),
        answers=tuple(tuple(row.answers.get(label) for label in manifest.labels) for row in rows),
        unlabelled=0,
        bad=0,
        bad_rows=(),
        digest=sha256(said.encode()).hexdigest(),
        weights=weights,
        sample=sample if drawn else None,
    )
