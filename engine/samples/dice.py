"""Chance that is the same on every machine and in every version, because it comes from a hash."""

from collections.abc import Mapping, Sequence
from math import log
from typing import TypeVar

from engine.sampling import fraction

T = TypeVar("T")


class Dice:
    """A row of draws, named by a seed and a purpose, so that no purpose disturbs another."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._key = f"sample/{seed}/{purpose}"
        self._drawn = 0

    def share(self) -> float:
        """The next number in [0, 1)."""
        self._drawn += 1
        return fraction(self._key, str(self._drawn))

    def happens(self, chance: float) -> bool:
        """Whether something of this chance happens."""
        return self.share() < chance

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int((high - low + 1) * self.share())

    def waiting(self, mean: float) -> float:
        """A waiting time of this mean, as between arrivals that know nothing of each other."""
        return -mean * log(1.0 - self.share())

    def pick(self, choices: Sequence[T]) -> T:
        """One of several, all alike likely."""
        return choices[int(len(choices) * self.share())]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of several, by weight."""
        left = self.share() * sum(weights.values())
        for choice, weight in weights.items():
            left -= weight
            if left < 0:
                return choice
        return tuple(weights)[-1]
