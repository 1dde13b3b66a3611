"""Trains a model once more from what was written down of it: the same manifest, the same bytes."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from engine.learning import train_again
from engine.learning.manifest import read
from queues.errors import NotFound
from queues.learning.rows import labelled
from queues.store.session import Store

_MODEL: Final = "training of a model"

# As text: what JSON is written as counts.
_MADE: Final = text("""
SELECT manifest::text AS manifest, scores, challenger FROM training_runs
WHERE manifest IS NOT NULL AND starts_with(challenger, :version) ORDER BY id DESC LIMIT 1
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A model that was trained once more."""

    version: str
    """As it was."""
    made: str
    """As it came out now."""

    @property
    def same(self) -> bool:
        """Whether every byte is the same."""
        return self.version == self.made


def again(store: Store, version: str) -> Again:
    """Train the model of a version once more; nothing is stored.

    Args:
        store: Where its training and the decisions are.
        version: Or its first digits.

    Raises:
        NotFound: No training made such a model.
        InvalidManifest: Its rows are not there any more, as after an erasure, or changed.
        CannotTrain: They are too few for this version of the program.
    """
    with store.read() as connection:
        made = connection.execute(_MADE, {"version": version}).one_or_none()
        if made is None:
            raise NotFound(_MODEL, version)
        manifest = read(made.manifest)
        rows = labelled(connection, map(UUID, manifest.training), made.scores)
    challenger = train_again(manifest, rows.rows)
    return Again(version=made.challenger, made=challenger.version)
