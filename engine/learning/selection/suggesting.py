"""Which items people should label next, so that most is learnt from few labels."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from engine.errors import InvalidCandidates
from engine.learning.selection.candidates import (
    Candidates,
    Floats,
    Places,
    chances_of,
    committee_of,
    draws,
    features_of,
    reordered,
)
from engine.learning.selection.diversity import spread
from engine.learning.selection.uncertainty import dispute, entropy, least_confident, margin

#: Of so many times as many unsure items as are wanted, the adaptive strategy takes different ones.
BREADTH: Final = 10


class Strategy(StrEnum):
    """How items are chosen."""

    ENTROPY = "entropy"
    LEAST_CONFIDENT = "least_confident"
    MARGIN = "margin"
    DIVERSITY = "diversity"
    #: Query by committee.
    COMMITTEE = "committee"
    #: The unsure among them that differ from one another.
    ADAPTIVE = "adaptive"


_CLUSTERED: Final = frozenset({Strategy.DIVERSITY, Strategy.ADAPTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An item that is worth a label."""

    id: str
    strategy: Strategy
    score: float
    """What it was chosen by, from 0 to 1: how unsure or disputed it is, or for diversity and the
    adaptive strategy the share that its cluster has of all, by how unsure they are (0: it is like
    one that was chosen before, as too few items differ)."""
    priority: int
    """1 is to be labelled first."""


def suggest(
    candidates: Candidates, strategy: Strategy, wanted: int, *, seed: int = 0
) -> tuple[Suggestion, ...]:
    """The items to label next, best first; fewer where there are fewer.

    The same items, strategy and seed suggest the same, whatever order items come in. Of items that
    are worth the same the seed decides, so constant chances make it a random sample.

    Args:
        candidates: What to choose from.
        strategy: How.
        wanted: How many, 1 or more.
        seed: Breaks ties, and begins clusters.

    Raises:
        InvalidCandidates: The strategy lacks what it ranks by, or nothing is wanted.
    """
    if wanted < 1:
        what = "wanted"
        raise InvalidCandidates(what, f"{wanted} items; ask for 1 or more")
    if not candidates.ids:
        return ()
    # In an order of its own: how items come has no say, and the first of equal ones is any of them.
    shuffled = reordered(candidates, np.argsort(draws(candidates, seed), kind="stable"))
    if strategy in _CLUSTERED:
        chosen, scores = _different(shuffled, strategy, wanted, seed)
    else:
        chosen, scores = _highest(_worth(shuffled, strategy), wanted)
    return tuple(
        Suggestion(id=shuffled.ids[place], strategy=strategy, score=float(score), priority=rank)
        for rank, (place, score) in enumerate(zip(chosen, scores, strict=True), start=1)
    )


def _worth(candidates: Candidates, strategy: Strategy) -> Floats:
    """What each item is worth by itself."""
    match strategy:
        case Strategy.ENTROPY:
            return entropy(chances_of(candidates))
        case Strategy.LEAST_CONFIDENT:
            return least_confident(chances_of(candidates))
        case Strategy.COMMITTEE:
            return dispute(committee_of(candidates))
        case _:
            return margin(chances_of(candidates))


def _highest(scores: Floats, wanted: int) -> tuple[Places, Floats]:
    best = np.argsort(-scores, kind="stable")[:wanted]
    return best, scores[best]


def _different(
    candidates: Candidates, strategy: Strategy, wanted: int, seed: int
) -> tuple[Places, Floats]:
    """One item of each cluster; where too few items differ, those that are worth most besides."""
    features = features_of(candidates)
    weights, pool = np.ones(len(candidates.ids)), np.arange(len(candidates.ids))
    if strategy is Strategy.ADAPTIVE:
        weights = margin(chances_of(candidates))
        pool = np.sort(_highest(weights, BREADTH * wanted)[0])
    found = spread(features[pool], wanted, weights=weights[pool], seed=seed)
    chosen = pool[found.chosen]
    rest = np.setdiff1d(pool, chosen)
    more = rest[_highest(weights[rest], wanted - len(chosen))[0]]
    scores = np.concatenate((found.scores, np.zeros(len(more))))
    return np.concatenate((chosen, more)), scores
