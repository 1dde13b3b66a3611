"""Folds, calibration and the figures a classifier is judged by. Needs scikit-learn."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from engine.classify.model import Calibrator, Estimate, Quality

BINS: Final = 15


#: Keeps a calibrator finite where scores part the classes without an error.
_PENALTY: Final = 1e6


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


def calibrate(
    scores: NDArray[np.float64],
    labels: NDArray[np.bool_],
    weights: NDArray[np.float64] | None = None,
) -> Calibrator:
    """The curve that fits held-out scores, its targets smoothed in Platt's way.

    Args:
        scores: Of texts that were not trained on.
        labels: Whether each is positive.
        weights: How many items each stands for, above 0. They are taken in proportion, as if there
            were no more items than were seen, so that few of them do not pass for many.
    """
    each = np.ones(len(labels)) if weights is None else weights * (len(labels) / weights.sum())
    positives = float(each[labels].sum())
    high = (positives + 1) / (positives + 2)
    low = 1 / (len(labels) - positives + 2)
    targets = np.where(labels, high, low)
    halves = np.column_stack((-np.logaddexp(0.0, -scores), np.logaddexp(0.0, scores)))
    slopes, offset = _logistic(halves, targets, each)
    if slopes.min() < 0.0:
        # The curve would fall somewhere: one slope for both sides, which is Platt's sigmoid.
        slopes, offset = _logistic(scores.reshape(-1, 1), targets, each)
    return Calibrator(
        lower_slope=float(slopes[0]), upper_slope=float(slopes[-1]), offset=float(offset)
    )


def chances(calibrator: Calibrator, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The calibrated chance of each score."""
    logits = (
        calibrator.upper_slope * np.logaddexp(0.0, scores)
        - calibrator.lower_slope * np.logaddexp(0.0, -scores)
        + calibrator.offset
    )
    shares: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.maximum(logits, -700.0)))
    return shares


def _logistic(
    matrix: NDArray[np.float64], targets: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Slopes and offset of a logistic regression on chances."""
    spread = matrix.std(axis=0)
    spread[spread == 0.0] = 1.0
    fitted = LogisticRegression(C=_PENALTY, max_iter=5_000, tol=1e-6).fit(
        np.tile(matrix / spread, (2, 1)),
        np.repeat((True, False), len(matrix)),
        sample_weight=np.concatenate((targets * weights, (1 - targets) * weights)),
    )
    return fitted.coef_[0] / spread, float(fitted.intercept_[0])


def calibration_error(
    shares: NDArray[np.float64],
    labels: NDArray[np.bool_],
    weights: NDArray[np.float64] | None = None,
) -> float:
    """Expected calibration error over 15 bins, each with as many rows as the next."""
    bins = np.array_split(np.argsort(shares, kind="stable"), min(BINS, len(shares)))
    if weights is None:
        gaps = (len(rows) * abs(shares[rows].mean() - labels[rows].mean()) for rows in bins)
        return float(sum(gaps)) / len(shares)
    excess = weights * (shares - labels)
    return float(sum(abs(excess[rows].sum()) for rows in bins) / weights.sum())


def quality(
    scores: NDArray[np.float64],
    labels: NDArray[np.bool_],
    fold_of: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
) -> Quality:
    """The figures fold by fold, from held-out scores.

    The calibrator of a fold is fitted on the held-out scores of the others. With weights (how many
    items each row stands for) the figures are about all items; rows and positives are counted.
    """
    figures = np.array(list(_figures(scores, labels, fold_of, weights))).T
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
    scores: NDArray[np.float64],
    labels: NDArray[np.bool_],
    fold_of: NDArray[np.int64],
    weights: NDArray[np.float64] | None,
) -> Iterator[tuple[float, ...]]:
    for fold in np.unique(fold_of):
        held = fold_of == fold
        others, here = (None, None) if weights is None else (weights[~held], weights[held])
        shares = chances(calibrate(scores[~held], labels[~held], others), scores[held])
        truth, answer = labels[held], shares >= 0.5  # noqa: PLR2004 - more likely than not
        macro_f1 = f1_score(truth, answer, average="macro", zero_division=0.0, sample_weight=here)
        yield (
            float(accuracy_score(truth, answer, sample_weight=here)),
            float(macro_f1),
            float(roc_auc_score(truth, shares, sample_weight=here)),
            calibration_error(shares, truth, here),
        )
