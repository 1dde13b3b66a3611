"""Finds many short rows of whole numbers among known ones at once, exactly."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.uint64]
Places = NDArray[np.int64]

#: Slots of the filter for each known row: of unknown rows at most one in so many passes it.
_SLOTS: Final = 8
_BITS: Final = 64
#: Odd, and without a pattern: two to the 64th, divided by the golden ratio.
_BASE: Final = 0x9E3779B97F4A7C15


class Lookup:
    """Where rows stand among known rows.

    A row is hashed, a filter drops most that are unknown, and what is left is looked for in the
    sorted hashes. What is found there is compared number by number, so that no row can pass for
    another, whoever made it up.
    """

    def __init__(self, known: NDArray[np.uint64]) -> None:
        """Prepare to find these rows, no two of them alike; zeros at the end shorten a row."""
        self._factors, hashes = _apart(list(known.T))
        self._order = np.argsort(hashes)
        self._hashes = hashes[self._order]
        self._columns = known[self._order].T.copy()
        bits = (len(known) * _SLOTS + 1).bit_length()
        self._shift = np.uint64(_BITS - bits)
        self._filter = np.zeros(1 << bits, np.bool_)
        self._filter[hashes >> self._shift] = True

    def find(self, columns: Sequence[Column]) -> tuple[Places, Places]:
        """Which of the rows in these columns are known, and where each stands among the known."""
        hashes = _hashed(columns, self._factors)
        passed = np.flatnonzero(self._filter[hashes >> self._shift])
        places = np.searchsorted(self._hashes, hashes[passed])
        same = places < len(self._hashes)
        # Behind the last there is nothing to compare with.
        places[~same] = 0
        for number, known in enumerate(self._columns):
            same &= known[places] == (columns[number][passed] if number < len(columns) else 0)
        return passed[same], self._order[places[same]]


def _apart(columns: Sequence[Column]) -> tuple[list[np.uint64], Column]:
    """Factors that give no two rows the same hash, and the hashes."""
    base = _BASE
    while True:
        powers = (pow(base, power, 1 << _BITS) for power in range(1, len(columns) + 1))
        factors = list(map(np.uint64, powers))
        hashes = _hashed(columns, factors)
        if len(np.unique(hashes)) == len(hashes):
            return factors, hashes
        base += 2


def _hashed(columns: Sequence[Column], factors: Sequence[np.uint64]) -> Column:
    """Sums that wrap around; a row that is shorter lacks the last of them."""
    hashes = columns[0] * factors[0]
    for column, factor in zip(columns[1:], factors[1:], strict=False):
        hashes += column * factor
    return hashes
