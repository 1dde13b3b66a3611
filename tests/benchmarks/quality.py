"""Intervals of agreement, beside the library that does the same."""

import tracemalloc
from collections.abc import Callable, Hashable, Iterator, Mapping
from time import perf_counter
from typing import Any, Final

import krippendorff
import numpy as np
from numpy.typing import NDArray

from engine.bench.figures import Figure
from engine.quality import agreement, limits
from engine.quality.agreement import Ratings

Tell = Callable[[str], None]

_ITEMS: Final = 100_000
_VOTES: Final = 3
_KINDS: Final = 3
_RESAMPLES: Final = 2_000
#: Groups of duplicates: two and a half items in each, most of them alone or in twos.
_GROUPS: Final = 40_000
#: Resamples of the library that are timed; the rest is worked out from them.
_TIMED: Final = 20
#: With many votes items are of many kinds, which takes longest.
_MANY_VOTES: Final = 12
_MANY_KINDS: Final = 8
_SECONDS: Final = 5.0
_MIB: Final = 1_024.0
_SEED: Final = 53

ABOUT: Final = (
    f"Intervals of p_a, α, κ and AC1 at once: {_RESAMPLES:,} resamples of {_ITEMS:,} items with "
    f"{_VOTES} votes each, invented, from the table of votes on. `krippendorff` gives α alone, "
    f"from a table of counts; {_TIMED} resamples were timed, and what all would take is worked out."
)


class Disagreement(AssertionError):
    """What is timed beside ours says something else."""


def figures(tell: Tell) -> Iterator[Figure]:
    """Measure seconds and memory, and how much longer the library takes."""
    tell("intervals of agreement")
    table = _invented(_VOTES, _KINDS)
    ours = _seconds(table, None)
    yield Figure(name="intervals of agreement", value=ours, unit="s", at_most=_SECONDS)
    dice = np.random.default_rng(_SEED)
    groups = dict(enumerate(dice.integers(_GROUPS, size=_ITEMS).tolist()))
    clustered = _seconds(table, groups)
    yield Figure(
        name=f"the same, drawn in {_GROUPS:,} groups of duplicates",
        value=clustered,
        unit="s",
        at_most=_SECONDS,
    )
    for name, grouped in (("items", None), ("groups", groups)):
        memory = _memory(table, grouped)
        yield Figure(
            name=f"memory that it takes, by {name}", value=memory, unit="MiB", at_most=_MIB
        )
    yield Figure(
        name=f"with {_MANY_VOTES} votes and {_MANY_KINDS} categories: ten thousand kinds of items",
        value=_seconds(_invented(_MANY_VOTES, _MANY_KINDS), None),
        unit="s",
    )
    tell("  krippendorff")
    theirs = _of_library(table)
    yield Figure(name="`krippendorff`, α alone, worked out", value=theirs, unit="s")
    yield Figure(name="`krippendorff` over ours", value=theirs / ours, unit="times")


def _seconds(table: Ratings, groups: Mapping[Any, Hashable] | None) -> float:
    started = perf_counter()
    limits(table, seed=_SEED, resamples=_RESAMPLES, groups=groups)
    return perf_counter() - started


def _memory(table: Ratings, groups: Mapping[Any, Hashable] | None) -> float:
    """MiB at the most, besides the table."""
    tracemalloc.start()
    limits(table, seed=_SEED, resamples=_RESAMPLES, groups=groups)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def _of_library(table: Mapping[int, Mapping[int, int]]) -> float:
    """Seconds that it takes for as many resamples; what it says of all items is compared first."""
    counts = np.zeros((_ITEMS, _KINDS), dtype=np.int64)
    for item, given in table.items():
        for said in given.values():
            counts[item, said] += 1
    found, wanted = agreement(table).alpha, _alpha(counts)
    if not isinstance(found, float) or abs(found - wanted) > 1e-9:
        message = f"alpha is {found} here and {wanted} there"
        raise Disagreement(message)
    dice = np.random.default_rng(_SEED)
    started = perf_counter()
    for _ in range(_TIMED):
        _alpha(counts[dice.integers(_ITEMS, size=_ITEMS)])
    return (perf_counter() - started) * _RESAMPLES / _TIMED


def _alpha(counts: NDArray[np.int64]) -> float:
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def _invented(votes: int, kinds: int) -> Mapping[int, Mapping[int, int]]:
    """Votes that agree more often than not."""
    dice = np.random.default_rng(_SEED)
    right = dice.integers(kinds, size=(_ITEMS, 1))
    guessed = dice.integers(kinds, size=(_ITEMS, votes))
    said = np.where(dice.random((_ITEMS, votes)) < 0.7, right, guessed)
    return {item: dict(enumerate(row)) for item, row in enumerate(said.tolist())}
