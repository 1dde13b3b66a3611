"""Trains a text classifier: logistic regression over words, pairs and letter groups.

Each term is weighted by its rarity and by how unevenly the two classes use it (the square root of
the absolute log ratio of naive Bayes), then regressed on the label. Needs scikit-learn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import sklearn
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from engine.classify.corpus import (
    Corpus,
    corpus,
    features,
    novelty,
    select,
    terms,
    word_sums,
)
from engine.classify.dataset import Dataset
from engine.classify.evaluation import calibrate, fold_numbers, quality
from engine.classify.model import Head, Model, Novelty, Origin
from engine.classify.recipe import Recipe
from engine.errors import CannotTrain

#: Inverse strength of the penalty on large weights.
PENALTY: Final = 3.0
#: Distinct texts that each side of a label needs, in each fold.
LEAST_PER_FOLD: Final = 2


@dataclass(frozen=True, slots=True)
class _Labelled:
    """The texts taken apart, and what is known about each."""

    texts: Corpus
    answers: NDArray[np.int8]
    """One row a text, one column a label: 1, 0, or -1 for no label."""
    fold_of: NDArray[np.int64]
    weights: NDArray[np.float64] | None
    """How much each row counts in training."""
    sample: NDArray[np.float64] | None
    """How many items each row stands for; 0 where it is no part of the sample."""

    def sampled(self, label: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The rows that calibration and figures of a label rest on, and their answers."""
        rows, truth = self.of(label)
        if self.sample is None:
            return rows, truth
        inside = self.sample[rows] > 0
        return rows[inside], truth[inside]

    def of(self, label: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The rows that have a label, and their answers."""
        rows = np.flatnonzero(self.answers[:, label] >= 0)
        return rows, self.answers[rows, label] == 1


@dataclass(frozen=True, slots=True)
class _Fit:
    weights: NDArray[np.float64]
    bias: float


def train(dataset: Dataset, recipe: Recipe, progress: Callable[[str], None]) -> Model:
    """The model of these rows. The same rows and recipe give the same model.

    Raises:
        CannotTrain: there are too few rows, a label has one side only, or weights are none.
    """
    if not dataset.texts:
        reason = "no row has both a text and a label"
        raise CannotTrain(reason, "look at the paths of both")
    progress(f"reading the words of {len(dataset.texts)} texts")
    texts = corpus(dataset.texts, recipe.limits)
    answers = np.array(
        [[-1 if answer is None else answer for answer in row] for row in dataset.answers], np.int8
    )
    fold_of = fold_numbers(texts.groups, dataset.answers, recipe.folds, recipe.seed)
    weights = _column(dataset.weights, len(answers), least=np.finfo(np.float64).tiny)
    sample = _column(dataset.sample, len(answers), least=0.0)
    labelled = _Labelled(texts, answers, fold_of, weights, sample)
    for place, label in enumerate(dataset.labels):
        _check(labelled, place, str(label), recipe.folds)
    with threadpool_limits(1):  # how sums are split among threads would show in the last digits
        held_out, new = _held_out(labelled, recipe, progress)
        progress("training on all rows")
        return _model(labelled, dataset, recipe, held_out, new)


def _column(
    weights: tuple[float, ...] | None, rows: int, *, least: float
) -> NDArray[np.float64] | None:
    """Weights as numbers that can be calculated with."""
    if weights is None:
        return None
    known = np.array(weights, np.float64)
    if len(known) != rows:
        reason = f"there are {len(known)} weights for {rows} rows"
        raise CannotTrain(reason, "give one for each row")
    if not (np.isfinite(known).all() and (known >= least).all()):
        reason = "a weight is no number, or too small"
        raise CannotTrain(reason, "rows that do not count in training are left out")
    return known


def _check(labelled: _Labelled, place: int, label: str, folds: int) -> None:
    """Refuse a label that some fold could not be trained or judged on."""
    rows, truth = labelled.of(place)
    sides = [np.unique(labelled.texts.groups[rows[truth == side]]) for side in (True, False)]
    yes, no = map(len, sides)
    needed = LEAST_PER_FOLD * folds
    if not yes or not no:
        reason = f"`{label}` is {'yes' if yes else 'no'} in all {len(rows)} rows"
        raise CannotTrain(reason, "a classifier needs rows of both kinds")
    if min(yes, no) < needed:
        reason = f"`{label}` has {yes} distinct texts that say yes and {no} that say no"
        raise CannotTrain(reason, f"{folds} folds need {needed} of each")
    for among, (its, said) in {"": (rows, truth), "sampled ": labelled.sampled(place)}.items():
        kinds = [len(np.unique(said[labelled.fold_of[its] == fold])) for fold in range(folds)]
        if min(kinds) < len(sides):
            few = f"too few {among}rows of one kind to have both in each of {folds} folds"
            reason = f"`{label}` has {few}"
            raise CannotTrain(reason, "add rows, or take fewer folds")


def _held_out(
    labelled: _Labelled, recipe: Recipe, progress: Callable[[str], None]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores (a column a label) and novelty of each row, by a model that has not seen its fold."""
    scores = np.zeros((len(labelled.answers), len(recipe.signals)))
    new = np.zeros(len(scores))
    for fold in range(recipe.folds):
        progress(f"fold {fold + 1} of {recipe.folds}")
        held = np.flatnonzero(labelled.fold_of == fold)
        selection = select(labelled.texts, np.flatnonzero(labelled.fold_of != fold), recipe.limits)
        matrix = features(labelled.texts, selection)
        new[held] = novelty(labelled.texts, selection, held)
        for place in range(len(recipe.signals)):
            rows, truth = labelled.of(place)
            seen = labelled.fold_of[rows] != fold
            fit = _fit(matrix[rows[seen]], truth[seen], _of(labelled.weights, rows[seen]))
            scores[held, place] = matrix[held] @ fit.weights + fit.bias
    return scores, new


def _model(
    labelled: _Labelled,
    dataset: Dataset,
    recipe: Recipe,
    held_out: NDArray[np.float64],
    new: NDArray[np.float64],
) -> Model:
    """Train on all rows, and calibrate on the held-out scores."""
    selection = select(labelled.texts, np.arange(len(new)), recipe.limits)
    matrix = features(labelled.texts, selection)
    weights = np.zeros((matrix.shape[1], len(recipe.signals)))
    heads: list[Head] = []
    for place, (signal, label) in enumerate(zip(recipe.signals, dataset.labels, strict=True)):
        rows, truth = labelled.of(place)
        fit = _fit(matrix[rows], truth, _of(labelled.weights, rows))
        weights[:, place] = fit.weights
        rows, truth = labelled.sampled(place)
        items = _of(labelled.sample, rows)
        heads.append(
            Head(
                signal=signal,
                label=str(label),
                bias=fit.bias,
                calibrator=calibrate(held_out[rows, place], truth, items),
                quality=quality(held_out[rows, place], truth, labelled.fold_of[rows], items),
            )
        )
    known = terms(labelled.texts, selection)
    weights *= np.sqrt(known.lengths)[:, None]
    return Model(
        origin=_origin(dataset, recipe),
        terms=known,
        heads=tuple(heads),
        novelty=Novelty(
            signal=recipe.novelty,
            median=float(np.median(new)),
            percentile_95=float(np.percentile(new, 95)),
        ),
        weights=weights,
        sums=word_sums(labelled.texts, selection, np.column_stack((weights, known.lengths))),
    )


def _of(weights: NDArray[np.float64] | None, rows: NDArray[np.int64]) -> NDArray[np.float64] | None:
    return None if weights is None else weights[rows]


def _fit(
    matrix: sparse.csr_matrix, truth: NDArray[np.bool_], weights: NDArray[np.float64] | None
) -> _Fit:
    """Logistic regression on terms that are weighted by how unevenly the classes use them.

    Weights are taken in proportion, so the penalty keeps its strength.
    """
    if not matrix.shape[1]:
        reason = "no word is in more than one text"
        raise CannotTrain(reason, "look at the path of the text")
    uneven = np.sqrt(np.abs(log_ratio(matrix, truth)))
    scaled = matrix.copy()
    scaled.data *= uneven[scaled.indices]
    each = None if weights is None else weights / weights.mean()
    fitted = LogisticRegression(C=PENALTY, max_iter=2_000).fit(scaled, truth, sample_weight=each)
    return _Fit(fitted.coef_[0] * uneven, float(fitted.intercept_[0]))


def log_ratio(matrix: sparse.csr_matrix, truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How much likelier a positive text has each term than a negative one, in logarithms."""
    logs = []
    for side in (truth, ~truth):
        texts = np.bincount(matrix[side].indices, minlength=matrix.shape[1])
        logs.append(np.log((texts + 1) / (int(side.sum()) + 2)))
    ratio: NDArray[np.float64] = logs[0] - logs[1]
    return ratio


def _origin(dataset: Dataset, recipe: Recipe) -> Origin:
    return Origin(
        name=recipe.name,
        dataset=dataset.digest,
        rows=len(dataset.texts),
        folds=recipe.folds,
        seed=recipe.seed,
        scikit_learn=sklearn.__version__,
        created=recipe.created,
    )
