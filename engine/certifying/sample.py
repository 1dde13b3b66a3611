"""Labels that a certificate rests on: drawn alike inside the zone, and used for nothing before."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from engine.certifying.strata import Direction
from engine.errors import CannotCertify, ReusedLabels


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Items that were decided blind, one place each; checked when made.

    They have to be drawn with equal chance inside the loosest zone, and duplicates left out: that
    cannot be seen here.
    """

    ids: tuple[str, ...]
    scores: NDArray[np.float64]
    """In the same order; not looked at for a rule."""
    wrong: NDArray[np.bool_]
    """Whether people decided otherwise than the machine would in this direction."""

    def __post_init__(self) -> None:
        """Refuse what is not one label for each item.

        Raises:
            CannotCertify: Lengths differ, an item comes twice, or a score is no number.
        """
        if not len(self.ids) == len(self.scores) == len(self.wrong):
            reason = f"{len(self.ids)} ids, {len(self.scores)} scores, {len(self.wrong)} labels"
            raise CannotCertify(reason, "give one of each for every item")
        if len(set(self.ids)) < len(self.ids):
            repeated = len(self.ids) - len(set(self.ids))
            reason = f"{repeated} ids come more than once"
            raise CannotCertify(reason, "give each item once, and no duplicates")
        if not np.isfinite(self.scores).all():
            reason = "a score is no number"
            raise CannotCertify(reason, "leave out items that were not scored")

    @classmethod
    def of(cls, rows: Iterable[tuple[str, float, bool]], direction: Direction) -> "Sample":
        """From (id, score, whether it breaks a rule by the judgement of people).

        Raises:
            CannotCertify: As on making it.
        """
        known = list(rows)
        breaks = np.array([row[2] for row in known], dtype=np.bool_)
        return cls(
            ids=tuple(row[0] for row in known),
            scores=np.array([row[1] for row in known], dtype=np.float64),
            wrong=breaks if direction is Direction.ALLOW else ~breaks,
        )


def refuse_reused(sample: Sample, **used: Collection[str]) -> None:
    """Refuse labels that the classifier has seen: it is better on them than on others.

    Args:
        sample: What is to be certified with.
        used: Ids by what they were used for, such as `training=` and `calibration=`.

    Raises:
        ReusedLabels: With how many, and the first of them in order.
    """
    for purpose, ids in used.items():
        if again := sorted(set(sample.ids) & set(ids)):
            raise ReusedLabels(purpose, again)


def digest(ids: Iterable[str]) -> str:
    """SHA-256 of ids in order, hexadecimal; whatever order they come in."""
    found = sha256()
    for each in sorted(ids):
        raw = each.encode("utf-8", "surrogatepass")
        found.update(len(raw).to_bytes(8, "big") + raw)
    return found.hexdigest()
