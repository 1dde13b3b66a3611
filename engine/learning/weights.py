"""How much each row counts in training, and in calibration.

Training weights say from which rows most can be learnt; they are capped, and serve training alone.
What holds for all items is told by 1/π: calibration and every judgement take these instead.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import Final

from engine.errors import CannotTrain
from engine.learning.rows import Feedback, TrainingRow

#: A correction tells more than a confirmation, and what people said blind is between them.
USUAL: Final[Mapping[Feedback, float]] = MappingProxyType(
    {Feedback.CONFIRMED: 1.0, Feedback.LABELLED: 1.5, Feedback.CORRECTED: 2.0}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What training weights are made of: feedback · (1 + uncertain · uncertainty), capped."""

    feedback: Mapping[Feedback, float] = field(default_factory=lambda: dict(USUAL))
    """Each above 0; 1 where a kind is not named."""
    uncertain: float = 1.0
    """What full uncertainty adds; 0: it adds nothing."""
    cap: float = 3.0
    """No row counts more than so many of weight 1; 1 or more."""

    def __post_init__(self) -> None:
        """Refuse weights that would let rows vanish or rule.

        Raises:
            CannotTrain: A weight is not above 0, or the cap is below 1.
        """
        numbers = (*self.feedback.values(), self.cap, self.uncertain)
        if not all(map(isfinite, numbers)) or min(self.feedback.values(), default=1.0) <= 0:
            reason = "a weight of feedback is not above 0"
            raise CannotTrain(reason, "leave out rows that are not to be learnt from")
        if self.cap < 1 or self.uncertain < 0:
            reason = f"training weights with cap {self.cap:g} and uncertainty {self.uncertain:g}"
            raise CannotTrain(reason, "the cap is 1 or more, uncertainty adds 0 or more")


def training_weights(rows: Sequence[TrainingRow], weighing: Weighing) -> tuple[float, ...]:
    """How much each row counts in training. Uncertainty that is not known adds nothing."""
    return tuple(
        min(
            weighing.cap,
            weighing.feedback.get(row.feedback, 1.0)
            * (1 + weighing.uncertain * (row.uncertainty or 0.0)),
        )
        for row in rows
    )


def sample_weights(
    rows: Sequence[TrainingRow], labels: Sequence[str], *, least: int
) -> tuple[float, ...] | None:
    """How many items each row stands for: 1/π, 0 outside the random sample.

    Args:
        rows: Of training.
        labels: What is to be calibrated.
        least: Rows with each answer to each label that a calibrator takes.

    Returns:
        None where the sample has fewer: nothing can be said about all items then.
    """
    sampled = [row for row in rows if row.inclusion is not None]
    counts = Counter(pair for row in sampled for pair in row.answers.items())
    if any(counts[label, side] < least for label in labels for side in (True, False)):
        return None
    return tuple(0.0 if row.inclusion is None else 1 / row.inclusion for row in rows)
