"""Whether there is enough to tell a figure from, and how many it takes: one notion for all figures.

Where items had different chances to be in a sample, it is worth fewer than it has: its effective
size. That is what has to be large enough. How many items it takes is told in items like those that
were seen, so whoever reads `n of needs` can see how far it is.
"""

from math import ceil
from typing import Final

#: So that weights alone keep nothing out by the last digit of their sums.
_NEARLY: Final = 1 - 1e-9


def is_enough(least: float, effective: float) -> bool:
    """Whether a sample that is worth so many is large enough; an empty one never is."""
    return effective > 0 and effective >= least * _NEARLY


def needed(least: int, n: int, effective: float) -> int:
    """How many items like those that were seen are worth `least`; 1 or more.

    Args:
        least: The effective size it takes.
        n: How many were seen.
        effective: What they are worth: so many drawn with equal chances.
    """
    return max(1, ceil(least * n / effective) if effective > 0 else least)
