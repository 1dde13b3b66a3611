"""`python -m tests.benchmarks.active`: what active selection saves, on real comments, as Markdown.

Comments are labelled in batches, chosen at random or by a strategy; after each batch a classifier
is trained and judged on the same hold-out. Learning acceleration is the number of labels a random
order takes to a macro-F1, by the number that a strategy takes.
"""

import argparse
import gzip
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from threadpoolctl import threadpool_limits

from engine.classify.corpus import corpus, features, select
from engine.classify.recipe import Limits
from engine.learning.curves import Fitted, best_f1, fitted, gain, needed
from engine.learning.selection import Candidates, Strategy, of_chance, suggest

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

DATA: Final = Path(__file__).parents[2].parent / "shared" / "data" / "hatexplain_train.jsonl.gz"
#: Share of toxic comments in the pool: as they are in the data, and as they are in most traffic.
WORLDS: Final = {"as collected (59 % toxic)": None, "rare (5 % toxic)": 0.05}
POOL, HELD_OUT, BUDGET = 4_000, 3_000, 3_000
#: Of the macro-F1 that all labels of the pool reach.
TARGETS: Final = (0.95, 0.98)
MEMBERS: Final = 3
_LEAST_LABELS: Final = 100
#: With two classes the first three rank alike.
ARMS: Final = {
    Strategy.MARGIN: "entropy, least confident, margin",
    Strategy.DIVERSITY: "diversity",
    Strategy.COMMITTEE: "committee",
    Strategy.ADAPTIVE: "adaptive",
}


@dataclass(frozen=True, slots=True)
class Comments:
    """All comments, taken apart once."""

    terms: sparse.csr_matrix
    points: Floats
    """The same in fifty columns."""
    toxic: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class World:
    """What is labelled, and what is judged by."""

    pool: Places
    held_out: Places
    weights: Floats
    """1/π of what is held out: toxic comments count as many as there are in the pool."""


def read(path: Path) -> Comments:
    """The comments. Terms are chosen without labels, so that nothing of them is given away."""
    with gzip.open(path) as lines:
        items: list[Any] = [orjson.loads(line) for line in lines]
    limits = Limits(words=4_000, pairs=1_000, ngrams=3_000)
    known = corpus([each["text"] for each in items], limits)
    terms = features(known, select(known, np.arange(len(items)), limits))
    points = TruncatedSVD(50, random_state=0).fit_transform(terms)
    toxic = np.array([each["labels"]["toxic"] for each in items], np.bool_)
    return Comments(terms, points, toxic)


def world(comments: Comments, share: float | None, dice: np.random.Generator) -> World:
    """A pool and a hold-out without a comment in common."""
    shuffled = dice.permutation(len(comments.toxic))
    if share is None:
        pool, held = shuffled[:POOL], shuffled[POOL : POOL + HELD_OUT]
        return World(pool, held, np.ones(len(held)))
    sides = [shuffled[comments.toxic[shuffled] == side] for side in (True, False)]
    sizes = (int(share * POOL), POOL - int(share * POOL))
    pool = np.concatenate([side[:size] for side, size in zip(sides, sizes, strict=True)])
    kept = [side[size:][: HELD_OUT // 2] for side, size in zip(sides, sizes, strict=True)]
    weights = [np.full(len(its), part / len(its)) for its, part in zip(kept, sizes, strict=True)]
    return World(dice.permutation(pool), np.concatenate(kept), np.concatenate(weights))


def schedule() -> list[int]:
    """Labels after each batch."""
    return [*range(_LEAST_LABELS, 1_000, 100), *range(1_000, BUDGET + 1, 200)]


def curve(
    comments: Comments, it: World, strategy: Strategy | None, seed: int
) -> tuple[list[int], list[float]]:
    """Labels given, and macro-F1 on the hold-out; None: in random order, to the end of the pool."""
    steps = [*schedule(), *([len(it.pool)] if strategy is None else [])]
    labelled, reached = it.pool[: steps[0]], []
    for size, following in zip(steps, [*steps[1:], 0], strict=True):
        fitted = _fitted(comments, labelled)
        truth = comments.toxic[it.held_out]
        reached.append(best_f1(fitted(comments.terms[it.held_out]), truth, it.weights))
        if strategy is None:
            labelled = it.pool[:following]
        elif following:
            candidates = _candidates(comments, it, labelled, fitted, strategy)
            found = suggest(candidates, strategy, following - size, seed=seed)
            labelled = np.concatenate((labelled, [int(each.id) for each in found]))
    return steps, reached


def _candidates(
    comments: Comments, it: World, labelled: Places, fitted: Fitted, strategy: Strategy
) -> Candidates:
    """What is not labelled yet, with all that a strategy may ask for."""
    rest = np.setdiff1d(it.pool, labelled)
    committee = None
    if strategy is Strategy.COMMITTEE:
        dice = np.random.default_rng(len(labelled))
        samples = [dice.choice(labelled, len(labelled)) for _ in range(MEMBERS)]
        members = [_fitted(comments, each)(comments.terms[rest]) for each in samples]
        committee = of_chance(np.stack(members))
    return Candidates(
        ids=tuple(map(str, rest)),
        chances=of_chance(fitted(comments.terms[rest])),
        features=comments.points[rest],
        committee=committee,
    )


def _fitted(comments: Comments, labelled: Places) -> Fitted:
    """A classifier of the labelled comments, made as those of the engine are."""
    return fitted(comments.terms[labelled], comments.toxic[labelled])


def needs(comments: Comments, share: float | None, seed: int) -> dict[str, list[float | None]]:
    """Labels needed by strategy, for each target, in one world; a random order is among them."""
    it = world(comments, share, np.random.default_rng(seed))
    steps, reached = curve(comments, it, None, seed)
    targets = [part * reached[-1] for part in TARGETS]
    found = {"random": [needed(steps, reached, each) for each in targets]}
    for strategy, name in ARMS.items():
        curves = curve(comments, it, strategy, seed)
        found[name] = [needed(*curves, each) for each in targets]
    sys.stderr.write(f"{share or 'as collected'}: seed {seed}\n")
    return found


def rows(worlds: Sequence[Mapping[str, Sequence[float | None]]]) -> Iterator[str]:
    """A line for each strategy."""
    for name in worlds[0]:
        by_seed = [found[name] for found in worlds]
        cells = []
        for place in range(len(TARGETS)):
            random, active = (
                np.array([BUDGET if each[place] is None else each[place] for each in its], float)
                for its in ([found["random"] for found in worlds], by_seed)
            )
            value, low, high = gain(random, active)
            missed = sum(each[place] is None for each in by_seed)
            mean = f"{active.mean():,.0f}" + (f" ({missed} did not)" if missed else "")
            times = f"{value:.2f} ({low:.2f} to {high:.2f})"
            cells += [mean, "1" if name == "random" else times]
        yield f"| {name} | " + " | ".join(cells) + " |"


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.active")
    parser.add_argument("--seeds", type=int, default=20, help="pools that are drawn")
    wanted = parser.parse_args()
    if not DATA.exists():
        sys.stderr.write("no real comments beside the checkout\n")
        return 2
    comments = read(DATA)
    with threadpool_limits(1):
        for name, share in WORLDS.items():
            worlds = [needs(comments, share, seed) for seed in range(wanted.seeds)]
            head = " | ".join(f"labels to {part:.0%} | acceleration" for part in TARGETS)
            lines = [f"{name}, {wanted.seeds} pools of {POOL:,}:", "", f"| strategy | {head} |"]
            lines += ["|---" * (1 + 2 * len(TARGETS)) + "|", *rows(worlds), ""]
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
