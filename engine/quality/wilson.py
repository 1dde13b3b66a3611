"""Limits of a share, by default of 95 %: Wilson's (*J. Am. Stat. Assoc.* 22 (1927), 209-212).

They stay within 0 and 1, and no error among few is not yet none.
"""

from math import sqrt
from typing import Final

#: Standard deviations about the mean that hold 95 % of a normal distribution.
WIDTH: Final = 1.959963984540054


def wilson(share: float, size: float, width: float = WIDTH) -> tuple[float, float]:
    """The limits of a share of so many, or of as many as its variance is worth; 0 and 1 of none.

    Args:
        share: 0 to 1.
        size: Of how many.
        width: Standard deviations about the mean; by default those of 95 %.
    """
    if size <= 0:
        return 0.0, 1.0
    square = width**2 / size
    centre = (share + square / 2) / (1 + square)
    reach = sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    low, high = max(0.0, centre - reach), min(1.0, centre + reach)
    return min(low, share), max(high, share)  # but for the last digit they hold it anyway
