"""How well a classifier does with so many labels, and how many it takes until it does so well."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from engine.classify.training import PENALTY, log_ratio

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
#: Terms → chances.
Fitted = Callable[[sparse.csr_matrix], Floats]

_RESAMPLES: Final = 2_000


def fitted(terms: sparse.csr_matrix, truth: Flags) -> Fitted:
    """A classifier of labelled texts, made as those of `engine.classify`, but not calibrated.

    Args:
        terms: Weighted terms, a row a text; they are changed.
        truth: Of each, one or more. Where all say the same, so does the classifier.
    """
    if truth.all() or not truth.any():
        return lambda others: np.full(others.shape[0], float(truth[0]))
    uneven = np.sqrt(np.abs(log_ratio(terms, truth)))
    terms.data *= uneven[terms.indices]
    model = LogisticRegression(C=PENALTY, solver="liblinear").fit(terms, truth)
    weights, bias = model.coef_[0] * uneven, model.intercept_[0]
    return lambda others: 1 / (1 + np.exp(-(others @ weights + bias)))


def best_f1(chances: Floats, truth: Flags, weights: Floats) -> float:
    """Weighted macro-F1 at the threshold that is best: thresholds are set by what is rare."""
    order = np.argsort(-chances, kind="stable")
    hit, false = (np.cumsum(weights[order] * side) for side in (truth[order], ~truth[order]))
    missed, rightly_not = hit[-1] - hit, false[-1] - false
    wrong = false + missed
    both = 2 * hit / (2 * hit + wrong) + 2 * rightly_not / (2 * rightly_not + wrong + 1e-12)
    apart = np.append(np.diff(chances[order]) != 0, True)  # ties stay together
    return float(both[apart].max()) / 2


def needed(steps: Sequence[int], reached: Sequence[float], target: float) -> float | None:
    """Labels until a macro-F1 is reached, on the curve that never falls; None: it is not."""
    smooth = IsotonicRegression().fit_transform(steps, reached)
    if smooth[-1] < target:
        return None
    place = int(np.argmax(smooth >= target))
    if not place:
        return float(steps[0])
    part = (target - smooth[place - 1]) / (smooth[place] - smooth[place - 1])
    return float(steps[place - 1] + part * (steps[place] - steps[place - 1]))


def gain(random: Floats, active: Floats) -> tuple[float, float, float]:
    """Mean of the one by mean of the other, with 95 %: pools are drawn again, both arms together.

    Args:
        random: Labels that a random order took, one a pool.
        active: Those that a chosen order took, in the same pools.
    """
    drawn = np.random.default_rng(0).integers(len(active), size=(_RESAMPLES, len(active)))
    gains = random[drawn].mean(axis=1) / active[drawn].mean(axis=1)
    low, high = np.percentile(gains, (2.5, 97.5))
    return float(random.mean() / active.mean()), float(low), float(high)
