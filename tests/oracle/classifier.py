"""A text classifier made of scikit-learn's own parts, with the terms and weights of a model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer

from engine.classify.model import Model
from engine.classify.tokens import tokenise


def reference_scores(model: Model, texts: Sequence[str]) -> NDArray[np.float64]:
    """The scores of texts: a row a signal, without novelty."""
    scores = []
    for place, head in enumerate(model.heads):
        logits = pipeline(model, place).decision_function(texts)
        curve = head.calibrator
        above, below = np.logaddexp(0, logits), np.logaddexp(0, -logits)
        scores.append(expit(curve.upper_slope * above - curve.lower_slope * below + curve.offset))
    return np.array(scores)


def pipeline(model: Model, head: int) -> Pipeline:
    """Counts of terms, weighted and divided by length, and a logistic regression."""
    classifier = LogisticRegression()
    classifier.classes_ = np.array([False, True])
    classifier.coef_ = (model.weights[:, head] / np.sqrt(model.terms.lengths)).reshape(1, -1)
    classifier.intercept_ = np.array([model.heads[head].bias])
    return Pipeline([("features", features(model)), ("classifier", classifier)])


def features(model: Model) -> Pipeline:
    """Words and pairs once a text, letter groups once a distinct token; then rarity and length."""
    terms = model.terms
    words = CountVectorizer(
        preprocessor=_spaced,
        tokenizer=str.split,
        token_pattern=None,
        ngram_range=(1, 2),
        binary=True,
        vocabulary=[*terms.words, *terms.pairs],
    )
    characters = CountVectorizer(
        preprocessor=_distinct,
        analyzer="char_wb",
        ngram_range=(3, 5),
        vocabulary=list(terms.ngrams),
    )
    return Pipeline(
        [
            ("counts", FeatureUnion([("words", words), ("characters", characters)])),
            ("lengths", FunctionTransformer(_normalised, kw_args={"squares": terms.lengths})),
        ]
    )


def _normalised(counts: sparse.csr_matrix, squares: NDArray[np.float64]) -> sparse.csr_matrix:
    lengths = np.sqrt(counts @ squares)
    lengths[lengths == 0] = 1
    return sparse.diags(1 / lengths) @ counts @ sparse.diags(np.sqrt(squares))


def _spaced(text: str) -> str:
    return " ".join(tokenise(text))


def _distinct(text: str) -> str:
    return " ".join(dict.fromkeys(tokenise(text)))
