"""What champion and challenger say of texts that neither has learnt from, and what is true."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.classify.protocol import Classifier
from engine.errors import InvalidFigure
from engine.learning.splits import Split

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """One label: a place for each row of the hold-out with a known π that has an answer to it."""

    label: str
    truth: NDArray[np.bool_]
    weights: Floats
    """1/π: how many items each stands for."""
    units: tuple[str, ...]
    """Duplicates share one."""
    challenger: Floats
    """Chances, from 0 to 1."""
    champion: Floats | None
    """None: there is none, or it does not know the label."""
    left_out: int = 0
    """Rows of which π is not known, or that the champion has learnt from."""

    def __post_init__(self) -> None:
        """Refuse what cannot be compared.

        Raises:
            InvalidFigure: Lengths differ, a chance or a weight is none, or there are no rows.
        """
        columns = [self.challenger, *([] if self.champion is None else [self.champion])]
        sizes = {len(self.truth), len(self.weights), len(self.units), *map(len, columns)}
        what = f"hold-out of {self.label}"
        if len(sizes) > 1 or not len(self.truth):
            raise InvalidFigure(what, f"{min(sizes)} to {max(sizes)} values, expected one a row")
        if not all(((each >= 0) & (each <= 1)).all() for each in columns):
            raise InvalidFigure(what, "a chance is missing, or not from 0 to 1")
        if not (np.isfinite(self.weights).all() and (self.weights > 0).all()):
            raise InvalidFigure(what, "a weight is no 1/π")


def held_out(
    parts: Split,
    signals: Mapping[str, str],
    *,
    challenger: Classifier,
    champion: Classifier | None,
    seen: Collection[str] = (),
) -> tuple[HeldOut, ...]:
    """What both say of the hold-out, label by label.

    Args:
        parts: Of the challenger.
        signals: Label → the signal that tells its chance.
        challenger: Scores the texts.
        champion: Scores them, too; None where there is none yet.
        seen: Ids that the champion was trained on. Their duplicates are left out with them.

    Raises:
        InvalidFigure: A classifier gives no chance for a text, or nothing is left to judge by.
    """
    known = frozenset(seen)
    told = {unit for row, unit in zip(parts.held_out, parts.units, strict=True) if row.id in known}
    texts = [row.text for row in parts.held_out]
    ours = challenger.score(texts)
    theirs = {} if champion is None else champion.score(texts)
    found = []
    for label, signal in signals.items():
        asked = [place for place, row in enumerate(parts.held_out) if label in row.answers]
        rows = [
            place
            for place in asked
            if parts.held_out[place].inclusion is not None and parts.units[place] not in told
        ]
        held = [parts.held_out[place] for place in rows]
        found.append(
            HeldOut(
                label=label,
                truth=np.array([row.answers[label] for row in held], np.bool_),
                weights=np.array([1 / (row.inclusion or 1.0) for row in held], np.float64),
                units=tuple(parts.units[place] for place in rows),
                challenger=np.asarray(ours[signal])[rows],
                champion=np.asarray(theirs[signal])[rows] if signal in theirs else None,
                left_out=len(asked) - len(rows),
            )
        )
    return tuple(found)
