"""Which of some items a model learns most from, by a strategy. Needs scikit-learn."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import numpy as np
from scipy import sparse

from engine.classify.corpus import corpus, features, select
from engine.classify.recipe import Limits
from engine.classify.scorer import TextClassifier
from engine.learning.selection import Candidates, Strategy, Suggestion, of_chance, suggest
from queues.learning.candidates import Candidate, texts_of

_CLUSTERED: Final = frozenset({Strategy.DIVERSITY, Strategy.ADAPTIVE})
_COMMITTEE: Final = 2
#: Enough to tell texts apart.
_TERMS: Final = Limits(words=4_000, pairs=1_000, ngrams=3_000)


def chosen(
    found: Sequence[Candidate],
    score: str,
    models: Sequence[TextClassifier],
    strategy: Strategy,
    wanted: int,
) -> list[tuple[Candidate, Suggestion]]:
    """The items to label next, best first; fewer where there are fewer.

    Args:
        found: To choose from.
        score: What is to be learnt.
        models: The one in force that fills the score, then those before it: its committee. Where
            there is but one, the strategy is `margin`, and every suggestion says so.
        strategy: How.
        wanted: How many, 1 or more.
    """
    members = [model for model in models if score in model.signals]
    if strategy is Strategy.COMMITTEE and len(members) < _COMMITTEE:
        strategy = Strategy.MARGIN
    asked = members if strategy is Strategy.COMMITTEE else members[:1]
    texts = texts_of(found)
    told = np.array([model.score(texts)[score] for model in asked])
    known = np.flatnonzero(np.isfinite(told).all(axis=0))
    kept = [found[place] for place in known.tolist()]
    if not kept:
        return []
    given = Candidates(
        ids=tuple(str(each.item_id) for each in kept),
        chances=of_chance(told[0, known]),
        features=_features(texts_of(kept)) if strategy in _CLUSTERED else None,
        committee=of_chance(told[:, known]) if strategy is Strategy.COMMITTEE else None,
    )
    by_id = {each.item_id: each for each in kept}
    return [(by_id[UUID(each.id)], each) for each in suggest(given, strategy, wanted)]


def _features(texts: Sequence[str]) -> sparse.csr_matrix:
    """Where texts lie among each other: their weighted terms."""
    known = corpus(texts, _TERMS)
    return features(known, select(known, np.arange(len(texts)), _TERMS))
