"""Folds, calibration and the figures a classifier is judged by. Needs scikit-learn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from engine.classify.model import Estimate, Quality

BINS: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrator:
    """Platt's sigmoid: the chance of a score is `1 / (1 + exp(-(slope * score + offset)))`."""

    slope: float
    offset: float

    def chances(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The calibrated chance of each score."""
        logits = np.clip(self.slope * scores + self.offset, -700.0, 700.0)
        chances: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-logits))
        return chances


def fold_numbers(
    groups: NDArray[np.int64], strata: Sequence[object], folds: int, seed: int
) -> NDArray[np.int64]:
    """Which fold each row is held out in. Duplicates share a fold, strata are spread evenly."""
    _, first, group_of = np.unique(groups, return_index=True, return_inverse=True)
    shuffled = np.random.default_rng(seed).permutation(len(first))
    names = sorted({repr(stratum) for stratum in strata})
    ranks = np.array([names.index(repr(strata[row])) for row in first], np.int64)
    dealt = shuffled[np.argsort(ranks[shuffled], kind="stable")]
    fold_of = np.empty(len(first), np.int64)
    fold_of[dealt] = np.arange(len(dealt)) % folds
    numbers: NDArray[np.int64] = fold_of[group_of]
    return numbers


def calibrate(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> Calibrator:
    """The sigmoid that fits held-out scores, its targets smoothed in Platt's way."""
    positives = int(labels.sum())
    high = (positives + 1) / (positives + 2)
    low = 1 / (len(labels) - positives + 2)
    targets = np.where(labels, high, low)
    spread = float(scores.std()) or 1.0
    doubled = np.tile(scores / spread, 2).reshape(-1, 1)
    outcomes = np.repeat((True, False), len(scores))
    fitted = LogisticRegression(C=1e6, max_iter=1_000).fit(
        doubled, outcomes, sample_weight=np.concatenate((targets, 1 - targets))
    )
    return Calibrator(slope=float(fitted.coef_[0, 0]) / spread, offset=float(fitted.intercept_[0]))


def calibration_error(chances: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """Expected calibration error over 15 bins of equal mass."""
    bins = np.array_split(np.argsort(chances, kind="stable"), min(BINS, len(chances)))
    gaps = (len(rows) * abs(chances[rows].mean() - labels[rows].mean()) for rows in bins)
    return float(sum(gaps)) / len(chances)


def quality(
    scores: NDArray[np.float64], labels: NDArray[np.bool_], fold_of: NDArray[np.int64]
) -> Quality:
    """The figures fold by fold, from held-out scores.

    The calibrator of a fold is fitted on the held-out scores of the others.
    """
    figures = np.array(list(_figures(scores, labels, fold_of))).T
    accuracy, macro_f1, auroc, error = (
        Estimate(mean=float(values.mean()), deviation=float(values.std(ddof=1)))
        for values in figures
    )
    return Quality(
        rows=len(labels),
        positives=int(labels.sum()),
        accuracy=accuracy,
        macro_f1=macro_f1,
        auroc=auroc,
        calibration_error=error,
    )


def _figures(
    scores: NDArray[np.float64], labels: NDArray[np.bool_], fold_of: NDArray[np.int64]
) -> Iterator[tuple[float, ...]]:
    for fold in np.unique(fold_of):
        held = fold_of == fold
        chances = calibrate(scores[~held], labels[~held]).chances(scores[held])
        truth, answer = labels[held], chances >= 0.5  # noqa: PLR2004 - more likely than not
        yield (
            float(accuracy_score(truth, answer)),
            float(f1_score(truth, answer, average="macro", zero_division=0.0)),
            float(roc_auc_score(truth, chances)),
            calibration_error(chances, truth),
        )
