"""Samples of a time that are read slice by slice, and counts over all of it told from them.

Rows that are in the order of time (ids of version 7 are) can be read in slices of time, which are
drawn by a hash of their number: the same ones again and again, and a smaller sample lies within a
larger one. Each row has the same chance, whatever the traffic. Rows of one slice can be alike, so
that how far a count may be off is told from how it is spread over slices.

Limits are those of a count of Poisson (Garwood, *Biometrika* 28 (1936), 437-442), of as many
slices as the variance of the count is worth: 1/(sum of squared shares), as Kish has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.special import gammainccinv, gammaincinv

#: Slices of which a sample has about so many, or up to twice that.
MOST_SLICES: Final = 2_048
#: A billion rows come down to a thousand.
_FINEST: Final = 20
#: Slices that are numbered: their hashes take a tenth of a second.
_NUMBERED: Final = 1 << 22
_TAIL: Final = 0.025
_Numbers = np.ndarray[tuple[int], np.dtype[np.uint64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Which slices of a time are read."""

    begin: int
    """Milliseconds since 1970."""
    end: int
    """The first that is not in it."""
    halvings: int
    """How often all was halved; 0: all of it is read."""
    length: int
    """Milliseconds of a slice."""
    slices: tuple[tuple[int, int], ...] = field(repr=False)
    """Where each begins and ends."""

    @property
    def share(self) -> float:
        """The chance of each row."""
        return 2.0**-self.halvings

    @property
    def whole(self) -> bool:
        """Whether all of it is read."""
        return self.halvings == 0

    def number_of(self, moment: int) -> int:
        """The slice in which a moment lies; milliseconds since 1970."""
        return moment // self.length


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there are, told from those that were read."""

    value: float
    low: float
    """The interval of 95 %; where all was read, the value itself."""
    high: float
    seen: int
    """So many were read."""


def sample(begin: int, end: int, *, halvings: int) -> Sample:
    """A sample of a time, always the same one.

    Args:
        begin: Milliseconds since 1970.
        end: The same; before `begin`, there is nothing to read.
        halvings: How often all is halved: 3 reads an eighth.
    """
    halvings = max(0, min(halvings, _FINEST))
    span = max(0, end - begin)
    length = max(_floor(span >> halvings, MOST_SLICES), _floor(span, _NUMBERED))
    if halvings == 0:
        slices: tuple[tuple[int, int], ...] = ((begin, end),) if span else ()
        return Sample(begin=begin, end=end, halvings=0, length=length, slices=slices)
    numbers = np.arange(begin // length, -(-max(begin, end) // length), dtype=np.uint64)
    drawn = numbers[_mixed(numbers) >> np.uint64(64 - halvings) == 0] * np.uint64(length)
    slices = tuple((max(begin, each), min(end, each + length)) for each in drawn.tolist())
    return Sample(begin=begin, end=end, halvings=halvings, length=length, slices=slices)


def halvings_for(expected: int, most: int) -> int:
    """How often all of so many rows has to be halved to read no more than `most` of them."""
    found = 0
    while expected >> found > most:
        found += 1
    return found


def count(by_slice: Sequence[int], drawn: Sample) -> Count:
    """How many there are in the whole time.

    Args:
        by_slice: How many were read in each slice that has any.
        drawn: The slices.
    """
    seen = sum(by_slice)
    if drawn.whole:
        return Count(value=float(seen), low=float(seen), high=float(seen), seen=seen)
    worth = seen**2 / sum(each**2 for each in by_slice) if seen else 0.0
    low = float(gammaincinv(worth, _TAIL)) if worth else 0.0
    high = float(gammainccinv(worth + 1, _TAIL))
    each = seen / worth if worth else 1.0
    return Count(
        value=seen / drawn.share,
        low=max(float(seen), low * each / drawn.share),
        high=high * each / drawn.share,
        seen=seen,
    )


def _floor(span: int, parts: int) -> int:
    """The largest power of two of which so many parts lie in a span; 1 or more."""
    return 1 << max(0, span.bit_length() - parts.bit_length())


def _mixed(numbers: _Numbers) -> _Numbers:
    """The last step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): all bits depend on all."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
