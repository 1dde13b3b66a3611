"""Chance that hangs on names alone: whoever comes first, the same person errs on the same item."""

from math import exp, log
from statistics import NormalDist
from typing import Final

from engine.sampling import fraction

_NORMAL: Final = NormalDist()
#: Half of the smallest step between two shares: a normal draw has no end at 0.
_HALF_STEP: Final = 2.0**-65
_ALMOST_ONE: Final = 1.0 - 2.0**-53


def share(seed: int, purpose: str, *names: str) -> float:
    """A number in [0, 1): uniform, and independent between seeds, purposes and names."""
    return fraction(f"simulation/{seed}/{purpose}", "\x00".join(names))


def normal(seed: int, purpose: str, *names: str) -> float:
    """A number of mean 0 and standard deviation 1."""
    drawn = share(seed, purpose, *names) + _HALF_STEP
    return _NORMAL.inv_cdf(min(drawn, _ALMOST_ONE))


def log_normal(median: float, deviation: float, seed: int, purpose: str, *names: str) -> float:
    """A positive number with this median; its logarithm has this standard deviation."""
    return exp(log(median) + deviation * normal(seed, purpose, *names))
