"""All measurements of the engine, one after another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from os import cpu_count
from pathlib import Path
from typing import Final

from engine.bench.evaluation import (
    batches,
    growth,
    lengths,
    one_at_a_time,
    ready,
    while_loading,
)
from engine.bench.figures import Figure
from engine.bench.lifecycle import lint, semantic_diff, storage
from engine.bench.policies import policy_of
from engine.bench.processes import two_against_one
from engine.bench.scoring import TRAINED_ON, classifier, classifier_of, together
from engine.bench.stock import Frequencies, frequencies
from engine.bench.workload import Recipe, descriptions, items_of
from engine.item import Item
from engine.rules.model import Policy

SIZES: Final = (1_000, 10_000)
#: The file with the classifier.
MODEL: Final = "bench.model"
FEWEST: Final = 10
#: The size that everything is measured on which depends little on the number of rules.
_USUAL: Final = 1_000
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Ground:
    """What is measured on: texts, items with these texts, and what rules are made of."""

    texts: Sequence[str]
    items: Sequence[Item]
    counted: Frequencies
    seed: int

    @classmethod
    def of(cls, texts: Sequence[str], seed: int) -> "Ground":
        """Take texts."""
        return cls(texts, items_of(texts, seed), frequencies(texts), seed)

    def policy(self, rules: int, *, matching: bool = True) -> Policy:
        """So many rules."""
        recipe = Recipe(seed=self.seed, matching=matching)
        return policy_of(descriptions(self.counted, rules, recipe))


def figures(ground: Ground, sizes: Sequence[int], folder: Path) -> Iterator[Figure]:
    """Everything but what needs the command line; files are written into the folder."""
    parts: list[Callable[[], Iterator[Figure]]] = [
        lambda: _costs(ground, sizes),
        lambda: _growth_without_matches(ground, sizes),
        lambda: lengths(ready(ground.policy(_USUAL), ground.items), ground.texts, ground.seed),
        lambda: _stored(ground, max(sizes), folder),
        lambda: _classified(ground, folder),
    ]
    return chain.from_iterable(part() for part in parts)


def _costs(ground: Ground, sizes: Sequence[int]) -> Iterator[Figure]:
    """One item at a time and in batches; no release sees a text twice."""
    half = len(ground.items) // 2
    ones: dict[int, Figure] = {}
    for size in sorted({FEWEST, *sizes}):
        release = ready(ground.policy(size), ground.items)
        ones[size] = one_at_a_time(release, ground.items[:half])
        yield ones[size]
        yield batches(release, ground.items[half:])
    if _MOST in ones:
        yield growth(ones[FEWEST], ones[_MOST], matching=True)


def _growth_without_matches(ground: Ground, sizes: Sequence[int]) -> Iterator[Figure]:
    if _MOST not in sizes:
        return
    half = len(ground.items) // 2
    few, many = (
        one_at_a_time(ready(ground.policy(size, matching=False), ground.items), ground.items[:half])
        for size in (FEWEST, _MOST)
    )
    yield growth(few, many, matching=False)


def _stored(ground: Ground, size: int, folder: Path) -> Iterator[Figure]:
    path = folder / "bench.release"
    yield from storage(ground.policy(size), path)
    yield from while_loading(path, ground.items)
    if (cpu_count() or 1) > 1:
        yield two_against_one(path, ground.items)
    rules = descriptions(ground.counted, size, Recipe(seed=ground.seed))
    written = folder / "rules"
    written.mkdir()
    yield lint(rules, written)
    edited = folder / "edited"
    edited.mkdir()
    yield semantic_diff(rules, written, edited)


def _classified(ground: Ground, folder: Path) -> Iterator[Figure]:
    first = int(len(ground.texts) * TRAINED_ON)
    scorer = classifier_of(ground.texts[:first], folder / MODEL)
    unseen = ground.items[first:]
    half = len(unseen) // 2
    yield from classifier(scorer, [str(item.fields["text"]) for item in unseen[:half]])
    yield together(scorer, ready(ground.policy(_USUAL), unseen), unseen[half:])
