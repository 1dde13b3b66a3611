"""How well a classifier tells texts of two windows apart. Needs scikit-learn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from engine.classify.evaluation import fold_numbers


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
    areas, sizes = [], []
    for fold in range(folds):
        held = fold_of == fold
        if len(set(is_now[held])) == 2:  # noqa: PLR2004 - texts of both windows
            areas.append(_area(words, is_now, held, seed))
            sizes.append(int(held.sum()))
    return float(np.average(areas, weights=sizes))


def _area(
    words: Sequence[Sequence[str]], is_now: NDArray[np.bool_], held: NDArray[np.bool_], seed: int
) -> float:
    weighing = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=1)
    learnt = weighing.fit_transform(
        [each for each, out in zip(words, held, strict=True) if not out]
    )
    asked = weighing.transform([each for each, out in zip(words, held, strict=True) if out])
    classifier = LogisticRegression(
        solver="liblinear", class_weight="balanced", random_state=seed
    ).fit(learnt, is_now[~held])
    return float(roc_auc_score(is_now[held], classifier.decision_function(asked)))
