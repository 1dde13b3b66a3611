"""How far two distributions over the same bins or categories are apart.

- PSI, population stability index = Σ (a - b) · ln(a / b), shares floored at 1e-6, natural
  logarithm. It is Jeffreys' divergence (Jeffreys, *Proc. R. Soc. A* 186 (1946), 453-461).
- Jensen-Shannon **distance, base 2** = √(H((a + b)/2) - (H(a) + H(b))/2), 0 to 1 (Lin, *IEEE Trans.
  Inf. Theory* 37 (1991), 145-151; Endres and Schindelin, ibid. 49 (2003), 1858-1860). With the
  natural logarithm it is √(ln 2) times that.
- Hellinger = √(Σ (√a - √b)² / 2), 0 to 1 (Hellinger, *J. reine angew. Math.* 136 (1909), 210-271).
- Total variation = Σ |a - b| / 2, 0 to 1: so much of one would have to move to make the other.
- L∞ (Chebyshev) = max |a - b|, 0 to 1: how far the one share has moved that moved furthest.

All are 0 for the same shares, and the same in both directions.
"""

from math import sqrt
from typing import Final

import numpy as np
from scipy.special import xlogy

from engine.drift.reading import Column

#: An empty bin counts as so much, or PSI would have no end.
FLOOR: Final = 1e-6


def psi(reference: Column, current: Column) -> float:
    """Population stability index of two columns of shares."""
    a, b = np.maximum(reference, FLOOR), np.maximum(current, FLOOR)
    return float(((b - a) * np.log(b / a)).sum())


def jensen_shannon(reference: Column, current: Column) -> float:
    """Jensen-Shannon distance, base 2, of two columns of shares: 0 to 1."""
    middle = (reference + current) / 2
    filled = np.where(middle > 0, middle, 1.0)
    nats = (xlogy(reference, reference / filled) + xlogy(current, current / filled)).sum() / 2
    return sqrt(min(1.0, max(0.0, float(nats) / np.log(2.0))))


def hellinger(reference: Column, current: Column) -> float:
    """Hellinger distance of two columns of shares: 0 to 1."""
    return sqrt(min(1.0, float(((np.sqrt(reference) - np.sqrt(current)) ** 2).sum()) / 2))


def l_infinity(reference: Column, current: Column) -> float:
    """L∞ (Chebyshev) distance of two columns of shares: 0 to 1."""
    return float(np.abs(reference - current).max(initial=0.0))


def total_variation(reference: Column, current: Column) -> float:
    """Total variation distance of two columns of shares: 0 to 1."""
    return float(np.abs(reference - current).sum()) / 2
