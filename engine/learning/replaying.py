"""Learning acceleration: labels that a random order needs, by those that a chosen order needs.

Labels that are there are given once more: in an order as items come, and in one that a strategy
chooses. After each batch a classifier is trained and judged on the same hold-out. Items stand for
1/π others, so the pool is drawn in proportion to it, and what is reached is weighted by it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from engine.classify.corpus import corpus, features, select
from engine.classify.recipe import Limits
from engine.learning.curves import Fitted, Flags, Floats, best_f1, fitted, gain, needed
from engine.learning.rows import TrainingRow
from engine.learning.selection import Candidates, Strategy, of_chance, suggest

Places = NDArray[np.intp]

#: Enough to tell texts apart, and few enough to train hundreds of times.
TERMS: Final = Limits(words=4_000, pairs=1_000, ngrams=3_000)
#: Of the macro-F1 that all labels of a pool reach.
TARGET: Final = 0.95
MEMBERS: Final = 3
_STEP: Final = 1.25
_FIRST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Replays:
    """How often labels are given again, and how many it takes."""

    times: int = 20
    """Pools that are drawn."""
    most: int = 2_000
    """Labels of a pool, and rows of the hold-out."""
    least: int = 500
    """Labels with a known π that it takes."""
    each: int = 50
    """Of them, and of the hold-out, with each answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceleration:
    """How many labels a chosen order saves."""

    strategy: str
    labels: int
    """With a known π, of which pools are drawn; of the rarer answer, where that has too few."""
    needs: int
    """So many it takes."""
    replays: int = 0
    value: float | None = None
    """Labels in random order by labels in chosen order; None: there are too few to tell."""
    low: float | None = None
    """With `high`, 95 % over pools."""
    high: float | None = None
    random: float | None = None
    """Labels that the random order took on average, to 95 % of what all of them reach."""
    chosen: float | None = None
    """Those that the chosen order took."""


@dataclass(frozen=True, slots=True)
class _World:
    """What is labelled, and what is judged by: places in the matrix of terms."""

    terms: sparse.csr_matrix
    truth: Flags
    pool: Places
    held_out: Places
    weights: Floats
    """1/π of the hold-out."""


def acceleration(
    training: Sequence[TrainingRow],
    held_out: Sequence[TrainingRow],
    label: str,
    strategy: Strategy,
    replays: Replays,
) -> Acceleration:
    """How many labels a strategy saves on these rows.

    Args:
        training: Rows to learn from; those of which π is not known were chosen, and are left out.
        held_out: Later rows, to judge by.
        label: What is learnt.
        strategy: How labels are chosen.
        replays: How often.

    Returns:
        Without a value where there are too few labels, or too few with either answer.
    """
    pool, judged = (_usable(rows, label) for rows in (training, held_out))
    rare = min(_rarer(pool, label), _rarer(judged, label))
    if rare < replays.each <= len(pool):
        return Acceleration(strategy=strategy.value, labels=rare, needs=replays.each)
    told = Acceleration(strategy=strategy.value, labels=len(pool), needs=replays.least)
    if len(pool) < replays.least or not replays.times:
        return told
    with threadpool_limits(1):  # how sums are split among threads would show in the last digits
        found = [
            _needs(world, strategy, seed)
            for seed, world in enumerate(_worlds(pool, judged, label, replays))
        ]
    return _summed_up(told, np.array(found, np.float64))


def _usable(rows: Sequence[TrainingRow], label: str) -> list[TrainingRow]:
    return [row for row in rows if label in row.answers and row.inclusion is not None]


def _rarer(rows: Sequence[TrainingRow], label: str) -> int:
    """How many rows give the rarer answer."""
    yes = sum(row.answers[label] for row in rows)
    return min(yes, len(rows) - yes)


def _worlds(
    pool: Sequence[TrainingRow], judged: Sequence[TrainingRow], label: str, replays: Replays
) -> Iterator[_World]:
    """A pool for each replay, in the order of a random sample of all items."""
    judged = judged[-replays.most :]
    rows = (*pool, *judged)
    # Terms are chosen without labels, so that nothing of them is given away.
    known = corpus([row.text for row in rows], TERMS)
    terms = features(known, select(known, np.arange(len(rows)), TERMS))
    truth = np.array([row.answers[label] for row in rows], np.bool_)
    counts = np.array([1 / (row.inclusion or 1.0) for row in rows])
    held = np.arange(len(pool), len(rows))
    for seed in range(replays.times):
        # The largest of u^(1/w) are a sample drawn one by one in proportion to w (Efraimidis and
        # Spirakis, *Information Processing Letters* 97 (2006), 181-185).
        draws = np.random.default_rng(seed).random(len(pool)) ** (1 / counts[: len(pool)])
        drawn = np.argsort(-draws, kind="stable")[: replays.most]
        yield _World(terms, truth, drawn, held, counts[held])


def _needs(it: _World, strategy: Strategy, seed: int) -> tuple[float, float]:
    """Labels that the random and the chosen order take in one world."""
    steps = _schedule(len(it.pool))
    by_chance = [_reached(it, _at(it, it.pool[:size])) for size in steps]
    target = TARGET * by_chance[-1]
    chosen = _curve(it, strategy, steps, seed)
    most = float(len(it.pool))
    taken = (needed(steps, curve, target) for curve in (by_chance, chosen))
    random, active = (most if each is None else each for each in taken)
    return random, active


def _schedule(pool: int) -> list[int]:
    """Labels after each batch."""
    steps = [_FIRST]
    while steps[-1] * _STEP < pool:
        steps.append(int(steps[-1] * _STEP))
    return [*steps, pool]


def _curve(it: _World, strategy: Strategy, steps: Sequence[int], seed: int) -> list[float]:
    """What is reached after each batch, the first of which is random."""
    labelled, reached = it.pool[: steps[0]], []
    for size, following in zip(steps, [*steps[1:], 0], strict=True):
        model = _at(it, labelled)
        reached.append(_reached(it, model))
        if following:
            rest = np.setdiff1d(it.pool, labelled)
            given = _candidates(it, labelled, rest, model, strategy)
            found = suggest(given, strategy, following - size, seed=seed)
            labelled = np.concatenate((labelled, [int(each.id) for each in found]))
    return reached


def _candidates(
    it: _World, labelled: Places, rest: Places, model: Fitted, strategy: Strategy
) -> Candidates:
    """What is not labelled yet, with what the strategy asks for."""
    committee = None
    if strategy is Strategy.COMMITTEE:
        dice = np.random.default_rng(len(labelled))
        samples = [dice.choice(labelled, len(labelled)) for _ in range(MEMBERS)]
        committee = of_chance(np.stack([_at(it, each)(it.terms[rest]) for each in samples]))
    return Candidates(
        ids=tuple(map(str, rest)),
        chances=of_chance(model(it.terms[rest])),
        features=it.terms[rest],
        committee=committee,
    )


def _at(it: _World, labelled: Places) -> Fitted:
    return fitted(it.terms[labelled], it.truth[labelled])


def _reached(it: _World, model: Fitted) -> float:
    return best_f1(model(it.terms[it.held_out]), it.truth[it.held_out], it.weights)


def _summed_up(told: Acceleration, found: Floats) -> Acceleration:
    random, active = found.T
    value, low, high = gain(random, active)
    return Acceleration(
        strategy=told.strategy,
        labels=told.labels,
        needs=told.needs,
        replays=len(found),
        value=value,
        low=low,
        high=high,
        random=float(random.mean()),
        chosen=float(active.mean()),
    )
