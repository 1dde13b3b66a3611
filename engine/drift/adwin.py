"""A hint that a rate has changed, and where: an adaptive window over a stream (ADWIN2).

Bifet and Gavaldà, "Learning from Time-Changing Data with Adaptive Windowing", SIAM International
Conference on Data Mining (2007): the window grows until, at some cut, the means of its two parts
differ by more than chance would have them, and then drops its older part. Parts n₀ and n₁ with
1/m = 1/n₀ + 1/n₁ and δ' = δ / ln n differ where |μ₀ - μ₁| is above

    √(2/m · σ² · ln(2/δ')) + 2/(3m) · ln(2/δ').

Buckets of 1, 2, 4, … values, at most five of a size, hold n values in O(log n). The bound with σ²
is approximate, so this is a hint and no alarm; and it sees no weights, so the stream has to be the
uniform sample.
"""

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.drift.reading import Column, numbers
from engine.drift.states import Insufficient, too_few
from engine.errors import InvalidWindow

#: Buckets of a size that are kept before two of them become one of the next.
_BUCKETS: Final = 5
#: Values after which cuts are looked for again, and those that each part needs.
_CLOCK: Final = 32
_PART: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What the stream looks like at its end."""

    n: int
    """Values of the stream."""
    changes: tuple[int, ...]
    """After how many values a change was noticed, each time."""
    width: int
    """The last so many values look alike."""
    mean: float
    """Of these."""


def changes(stream: ArrayLike, *, delta: float = 0.002, least: int = 100) -> Hint | Insufficient:
    """Where a rate seems to have changed.

    Args:
        stream: Values within 0..1 in the order of time, such as errors of the quality sample.
        delta: About the chance of a hint without a change; above 0, below 1.
        least: The stream needs so many values.

    Raises:
        InvalidWindow: A value is not within 0..1, or delta not between 0 and 1.
    """
    values = numbers("stream", stream, (0.0, 1.0))
    if not 0 < delta < 1:
        what = "delta"
        raise InvalidWindow(what, f"{delta:g} is not between 0 and 1")
    few = too_few(max(1, least), stream=len(values))
    if few is not None:
        return few
    window = _Window(delta)
    noticed = tuple(row for row, value in enumerate(values, start=1) if window.add(float(value)))
    return Hint(n=len(values), changes=noticed, width=window.width, mean=window.mean)


class _Window:
    """The last values that look alike, in buckets from the newest to the oldest."""

    def __init__(self, delta: float) -> None:
        self._delta = delta
        self._sizes: list[int] = []
        self._sums: list[float] = []
        self._squares: list[float] = []
        self._seen = 0

    @property
    def width(self) -> int:
        return sum(self._sizes)

    @property
    def mean(self) -> float:
        return sum(self._sums) / self.width

    def add(self, value: float) -> bool:
        """Takes a value in; whether a change was noticed."""
        self._sizes.insert(0, 1)
        self._sums.insert(0, value)
        self._squares.insert(0, value * value)
        self._compress()
        self._seen += 1
        if self._seen % _CLOCK:
            return False
        noticed = False
        while self._differs():
            noticed = True
            self._sizes.pop()
            self._sums.pop()
            self._squares.pop()
        return noticed

    def _compress(self) -> None:
        """Joins the two oldest buckets of a size of which there are too many."""
        size = 1
        while (count := self._sizes.count(size)) > _BUCKETS:
            last = self._sizes.index(size) + count - 1
            self._sizes[last - 1 : last + 1] = [2 * size]
            for column in (self._sums, self._squares):
                column[last - 1 : last + 1] = [column[last - 1] + column[last]]
            size *= 2

    def _differs(self) -> bool:
        """Whether the parts of some cut between buckets differ by more than chance."""
        newer = np.cumsum(self._sizes)[:-1].astype(np.float64)
        width, total = self.width, sum(self._sums)
        cuts = (newer >= _PART) & (width - newer >= _PART)
        if not cuts.any():
            return False
        newer, sums = newer[cuts], np.cumsum(self._sums)[:-1][cuts]
        variance = max(0.0, sum(self._squares) / width - (total / width) ** 2)
        gaps: Column = np.abs(sums / newer - (total - sums) / (width - newer))
        share = 1 / newer + 1 / (width - newer)
        doubt = log(2 * log(width) / self._delta)
        return bool((gaps > np.sqrt(2 * share * variance * doubt) + 2 / 3 * share * doubt).any())
