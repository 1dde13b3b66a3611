"""How well a classifier tells texts of two windows apart. Needs scikit-learn."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.stats import rankdata
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression

from engine.classify.evaluation import fold_numbers

#: The area where nothing tells one from the other.
_UNTOLD: Final = 0.5


def auc_of(
    texts: Sequence[str],
    words: Sequence[Sequence[str]],
    first_now: int,
    *,
    folds: int,
    seed: int,
) -> float:
    """The area under the ROC curve; the mean over folds, weighted by their texts of both windows.

    Args:
        texts: Of both windows, those of the reference first; none twice in a window.
        words: Of each text.
        first_now: So many are of the reference.
        folds: Parts that are held out in turn. A text of both windows is in one.
        seed: Of folds and classifier.
    """
    is_now = np.arange(len(texts)) >= first_now
    _, groups = np.unique(np.array(texts, dtype=object), return_inverse=True)
    fold_of = fold_numbers(groups.astype(np.int64), is_now.tolist(), folds, seed)
    counts = CountVectorizer(analyzer=list).fit_transform(words)
    areas, sizes = [], []
    for fold in range(folds):
        held = fold_of == fold
        if len(set(is_now[held])) == 2:  # noqa: PLR2004 - texts of both windows
            areas.append(_area(counts, is_now, held, seed))
            sizes.append(int(held.sum()))
    return float(np.average(areas, weights=sizes))


def _area(
    counts: csr_matrix, is_now: NDArray[np.bool_], held: NDArray[np.bool_], seed: int
) -> float:
    """Of the texts that are held out, by a classifier that knows the words of the others alone."""
    learnt, asked = counts[~held], counts[held]
    known = np.flatnonzero(learnt.getnnz(axis=0))
    if not len(known):
        return _UNTOLD
    weighing = TfidfTransformer(sublinear_tf=True)
    classifier = LogisticRegression(
        solver="liblinear", class_weight="balanced", random_state=seed
    ).fit(weighing.fit_transform(learnt[:, known]), is_now[~held])
    told = classifier.decision_function(weighing.transform(asked[:, known]))
    return _under_curve(told, is_now[held])


def _under_curve(told: NDArray[np.float64], is_now: NDArray[np.bool_]) -> float:
    """The area under the ROC curve, from ranks (Mann-Whitney); equal ones count one half."""
    now = int(is_now.sum())
    above = rankdata(told)[is_now].sum() - now * (now + 1) / 2
    return float(above / (now * (len(told) - now)))
