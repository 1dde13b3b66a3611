"""What a model was made from: ids, a hash of their rows, and the recipe.

The same manifest and rows make the same model, to the byte, with the same version of scikit-learn.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from engine.classify.recipe import Limits, Recipe
from engine.errors import InvalidManifest
from engine.learning.rows import Feedback, TrainingRow
from engine.learning.weights import Weighing

FORMAT: Final = "tierwise-manifest 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that a model rests on, but for the texts."""

    labels: tuple[str, ...]
    """One a signal of the recipe, in its order."""
    training: tuple[str, ...]
    """Ids, in the order in which they were trained on."""
    calibration: tuple[str, ...]
    """Those of the training rows on whose held-out scores calibrators rest, each counting 1/π.
    Empty: on all of them, each counting once, as too few were drawn at random."""
    held_out: tuple[str, ...]
    """Ids that were judged by, and not learnt from."""
    training_hash: str
    """Of all that is used of the rows."""
    held_out_hash: str
    recipe: Recipe
    weighing: Weighing

    @property
    def digest(self) -> str:
        """SHA-256 of all of it, hexadecimal."""
        return sha256(write(self).encode()).hexdigest()


def digest_of(rows: Iterable[TrainingRow]) -> str:
    """SHA-256 of all that is used of rows, in their order."""
    found = sha256()
    for row in rows:
        answers = sorted(row.answers.items())
        used = (row.id, row.text, answers, row.at, row.group)
        more = (row.feedback, row.uncertainty, row.inclusion)
        found.update(json.dumps((*used, *more)).encode() + b"\n")
    return found.hexdigest()


def write(manifest: Manifest) -> str:
    """As JSON, in one line; equal manifests are written alike."""
    return json.dumps({"format": FORMAT, **asdict(manifest)}, sort_keys=True, allow_nan=False)


def read(written: str) -> Manifest:
    """What `write` wrote.

    Raises:
        InvalidManifest: It is none, or of another version.
    """
    try:
        raw = json.loads(written)
        if raw["format"] != FORMAT:
            reason = f"it is of another version, this one reads `{FORMAT}`"
            raise InvalidManifest(reason)
        return _manifest(raw)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as failure:
        reason = f"it cannot be read ({type(failure).__name__})"
        raise InvalidManifest(reason) from failure


def training_of(manifest: Manifest, rows: Iterable[TrainingRow]) -> tuple[TrainingRow, ...]:
    """The rows it was trained on.

    Args:
        manifest: Of a model.
        rows: As they are stored now; those it does not name are not looked at.

    Raises:
        InvalidManifest: Rows are not there any more, or are not what they were.
    """
    return _found(rows, manifest.training, manifest.training_hash, "training")


def held_out_of(manifest: Manifest, rows: Iterable[TrainingRow]) -> tuple[TrainingRow, ...]:
    """The rows it was judged by; arguments and errors as in `training_of`."""
    return _found(rows, manifest.held_out, manifest.held_out_hash, "hold-out")


def _found(
    rows: Iterable[TrainingRow], ids: Sequence[str], digest: str, part: str
) -> tuple[TrainingRow, ...]:
    wanted = frozenset(ids)
    known = {row.id: row for row in rows if row.id in wanted}
    if missing := [each for each in ids if each not in known]:
        reason = f"rows of the {part} are not there any more, as after an erasure"
        raise InvalidManifest(reason, missing)
    found = tuple(known[each] for each in ids)
    if digest_of(found) != digest:
        reason = f"the rows of the {part} do not have the hash it names: some were changed"
        raise InvalidManifest(reason)
    return found


def _manifest(raw: Mapping[str, Any]) -> Manifest:
    lists = {
        name: tuple(map(str, raw[name]))
        for name in ("labels", "training", "calibration", "held_out")
    }
    recipe, weighing = dict(raw["recipe"]), dict(raw["weighing"])
    recipe["signals"] = tuple(map(str, recipe["signals"]))
    recipe["limits"] = Limits(**recipe["limits"])
    weighing["feedback"] = {Feedback(name): each for name, each in weighing["feedback"].items()}
    return Manifest(
        **lists,
        training_hash=str(raw["training_hash"]),
        held_out_hash=str(raw["held_out_hash"]),
        recipe=Recipe(**recipe),
        weighing=Weighing(**weighing),
    )
