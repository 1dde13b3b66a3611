"""How long it takes until a challenger of many decisions is trained and judged."""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from time import perf_counter
from typing import Final

from engine.bench.figures import Figure
from engine.classify.recipe import Recipe
from engine.learning import (
    Certification,
    Earned,
    Feedback,
    Gate,
    Plan,
    TrainingRow,
    collect,
    held_out,
    judge,
    train_challenger,
)
from engine.sampling import fraction

Tell = Callable[[str], None]

ITEMS: Final = 100_000
_SECONDS: Final = 180.0
_LABEL: Final = "score.harm"
#: Of words say that a text breaks a rule, and of answers are wrong.
_TELLING: Final = 0.01
_WRONG: Final = 0.05
_SEED: Final = 7
_HOUR: Final = 3_600.0

ABOUT: Final = (
    "Rows of decisions as the service hands them to training, without a database: texts are made "
    "of the halves of two of those that the engine is measured with, answers follow from some of "
    f"their words, and {_WRONG:.0%} are wrong. Timed are parting, training in five folds, and the "
    "gate without a champion."
)


def figures(tell: Tell, texts: Sequence[str], items: int = ITEMS) -> Iterator[Figure]:
    """Measure a whole retraining.

    Args:
        tell: Told what is done.
        texts: Two or more different ones.
        items: How many decisions there are.
    """
    tell(f"retraining on {items:,} decisions")
    records = list(rows(texts, items))
    begun = perf_counter()
    found = collect(records, (_LABEL,), now=items * _HOUR)
    plan = Plan(recipe=Recipe(signals=(_LABEL,), name="bench", folds=5))
    challenger, parts = train_challenger(found, plan, tell)
    trained = perf_counter() - begun
    classifier = challenger.classifier
    held = held_out(parts, {_LABEL: _LABEL}, challenger=classifier, champion=None)
    judged = judge(held, [], Certification(earned=Earned.OFF), Gate())
    whole = perf_counter() - begun
    where = f"{items:,} decisions"
    limit = _SECONDS if items >= ITEMS else None
    yield Figure(name=f"{where}: retrained and judged", value=whole, unit="s", at_most=limit)
    yield Figure(name=f"{where}: of which parting and training", value=trained, unit="s")
    (held_of,) = judged.comparisons
    yield Figure(name="rows that it was judged by", value=float(held_of.rows), unit="rows")


def rows(texts: Sequence[str], count: int) -> Iterator[TrainingRow]:
    """Decisions about so many different texts, one an hour."""
    dice = random.Random(_SEED)
    halves = [(each[: len(each) // 2], each[len(each) // 2 :]) for each in map(str.split, texts)]
    seen = set[str]()
    while len(seen) < count:
        dice.shuffle(halves)
        for (first, _), (_, second) in pairwise(halves):
            written = " ".join((*first, *second))
            if written in seen or len(seen) == count:
                continue
            seen.add(written)
            harmful = any(fraction("telling", word) < _TELLING for word in (*first, *second))
            yield TrainingRow(
                id=str(len(seen)),
                text=written,
                answers={_LABEL: harmful != (dice.random() < _WRONG)},
                at=len(seen) * _HOUR,
                feedback=dice.choice(tuple(Feedback)),
                uncertainty=dice.random(),
                inclusion=dice.choice((0.02, 1.0)),
            )
