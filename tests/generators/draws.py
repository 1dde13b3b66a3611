"""Choices, made by a seed or by hypothesis, so that one generator serves both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

_MASK = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Draws:
    """A source of choices."""

    below: Callable[[int], int]
    """A whole number from 0 up to, but not including, the one given."""

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices; a shrinking source prefers the first."""
        return choices[self.below(len(choices))]

    def chance(self, percent: int) -> bool:
        """True in that many cases of a hundred; a shrinking source prefers False."""
        return self.below(100) >= 100 - percent

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + self.below(high - low + 1)

    def some(self, choices: Sequence[T], most: int, least: int = 1) -> tuple[T, ...]:
        """Some of the choices, in any order, none twice."""
        left = list(choices)
        number = min(self.between(least, most), len(left))
        return tuple(left.pop(self.below(len(left))) for _ in range(number))


def seeded(*seed: int) -> Draws:
    """The same choices for the same seed, on every machine (SplitMix64)."""
    state = 0
    for part in seed:
        state = (state * 0x9E3779B97F4A7C15 + part + 1) & _MASK

    def below(limit: int) -> int:
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return (mixed ^ (mixed >> 31)) % limit

    return Draws(below)


@st.composite
def built(draw: st.DrawFn, make: Callable[[Draws], T]) -> T:
    """What `make` makes of choices that hypothesis takes, and shrinks."""
    return make(Draws(lambda limit: draw(st.integers(0, limit - 1))))
