"""What came, what became of it, and how long it took."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from engine.quality import Quantile, quantiles

#: What bin 1 begins with, in seconds, and how much longer each is than the one before.
_SHORTEST: Final = 0.01
_STEP: Final = 1.02


@dataclass(slots=True, kw_only=True)
class Waits:
    """How long things took or take, by bins of 2 %: a wait counts as the middle of its bin."""

    over: Counter[int] = field(default_factory=Counter)
    """How many were decided, by bin."""
    gone: Counter[int] = field(default_factory=Counter)
    """How many went elsewhere, or still wait."""

    def quantiles(self, *shares: float) -> list[Quantile]:
        """When these shares of all are decided."""
        bins = sorted(self.over.keys() | self.gone.keys())
        return quantiles(
            [seconds_of(each) for each in bins],
            [self.over[each] for each in bins],
            [self.gone[each] for each in bins],
            shares,
        )

    def count(self, *, over: bool, bins: Mapping[int, int]) -> None:
        """So many more in each bin."""
        (self.over if over else self.gone).update(bins)

    def add(self, other: "Waits") -> None:
        """Count others too."""
        self.over.update(other.over)
        self.gone.update(other.gone)


@dataclass(slots=True, kw_only=True)
class Flow:
    """What came, and what became of it."""

    items: int = 0
    decided: int = 0
    open: int = 0
    alone: int = 0
    """Decided by the machine alone."""
    distinct: int = 0
    """Decided, of exact duplicates that came within an hour to the same tier one."""
    distinct_alone: int = 0
    """Of these, by the machine alone."""
    odd: int = 0
    """That ended before they came, by their dates: they count as having taken no time."""
    waits: Waits = field(default_factory=Waits)


@cache
def seconds_of(number: int) -> float:
    """The geometric middle of a bin of waits; of the first, 0."""
    return _SHORTEST * float(_STEP ** (number - 0.5)) if number else 0.0
