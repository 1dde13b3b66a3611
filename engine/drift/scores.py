"""Whether scores lie where they lay: PSI over bins of the reference, and the Kolmogorov-Smirnov D.

Bins are fixed by the reference: edges are its quantiles (`numpy.quantile`), an edge belongs to the
bin above it, and the outer bins are open. Where many scores are equal, several edges are one, and
bins in which no reference score lies are joined with a neighbour: `bins` then says how many there
are of those `wanted`, and with one bin left PSI is `one bin`, not 0.

What is gated is how large the shift is. p-values trip at large n, of two random halves as well.
PSI is above 0 by chance, too: without drift its mean is about (B - 1)(1/n + 1/m) (Yurdakul and
Naranjo, *J. Risk Model Validation* 14 (2020)). Windows for which that is more than half of the
lower gate are too small to tell.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from engine.drift.distances import hellinger, jensen_shannon, psi
from engine.drift.reading import Column, numbers
from engine.drift.states import Figure, Insufficient, Undefined, too_few
from engine.errors import InvalidWindow

Range: TypeAlias = tuple[float, float]


class Size(StrEnum):
    """How large a shift is, by the gates."""

    SMALL = "small"
    MODERATE = "moderate"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """From which PSI on a shift is called so. The usual ones are conventions, no tests."""

    moderate: float = 0.1
    large: float = 0.25

    def __post_init__(self) -> None:
        if not 0 < self.moderate <= self.large:
            what = "gates"
            raise InvalidWindow(
                what, f"moderate ({self.moderate:g}) is above 0, large ({self.large:g}) no less"
            )

    def size(self, value: float) -> Size:
        """How large a shift of this PSI is."""
        if value >= self.large:
            return Size.LARGE
        return Size.MODERATE if value >= self.moderate else Size.SMALL


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDrift:
    """How far scores have moved."""

    n_reference: int
    n_current: int
    bins: int
    """In which scores of the reference lie."""
    wanted: int
    """Bins that were asked for; more than there are where many scores are equal."""
    psi: Figure
    """0 or more; natural logarithm."""
    null_mean: float
    """About what PSI would be without drift."""
    js_distance: Figure
    """Jensen-Shannon distance over the same bins, base 2: 0 to 1."""
    hellinger: Figure
    """Hellinger distance over the same bins: 0 to 1."""
    ks: float
    """Kolmogorov-Smirnov D: the largest gap between the shares below a score, 0 to 1."""
    wasserstein: float
    """Wasserstein (earth mover's) distance: how far a score has moved on average, in its unit."""
    size: Size | Undefined
    """PSI by the gates."""


def score_drift(
    reference: ArrayLike,
    current: ArrayLike,
    *,
    gates: Gates,
    bins: int = 10,
    least: int = 100,
    within: Range | None = (0.0, 1.0),
) -> ScoreDrift | Insufficient:
    """How far scores have moved from a fixed reference.

    Args:
        reference: Scores of the reference window.
        current: Scores of the window that is looked at.
        gates: From which PSI on a shift is moderate or large.
        bins: How many to make of the reference; 10 are deciles.
        least: Each window needs so many, or more where PSI needs more (see the module).
        within: What scores can be; None: any number, such as lengths of texts.

    Raises:
        InvalidWindow: A score is not finite or out of range, or fewer than two bins are asked for.
    """
    before = numbers("reference", reference, within)
    now = numbers("current", current, within)
    needs = max(1, least, ceil(4 * (bins - 1) / gates.moderate))
    few = too_few(needs, reference=len(before), current=len(now))
    if few is not None:
        return few
    edges = quantile_edges(before, bins)
    shares, shares_now = binned(before, edges), binned(now, edges)
    single = not len(edges)
    value = psi(shares, shares_now)
    return ScoreDrift(
        n_reference=len(before),
        n_current=len(now),
        bins=len(edges) + 1,
        wanted=bins,
        psi=Undefined.ONE_BIN if single else value,
        null_mean=len(edges) * (1 / len(before) + 1 / len(now)),
        js_distance=Undefined.ONE_BIN if single else jensen_shannon(shares, shares_now),
        hellinger=Undefined.ONE_BIN if single else hellinger(shares, shares_now),
        ks=kolmogorov_smirnov(before, now),
        wasserstein=wasserstein(before, now),
        size=Undefined.ONE_BIN if single else gates.size(value),
    )


def quantile_edges(reference: Column, bins: int) -> Column:
    """Inner edges of bins of equal mass; fewer where scores are equal, and no bin is empty.

    Raises:
        InvalidWindow: Fewer than two bins are asked for.
    """
    if bins < 2:  # noqa: PLR2004 - one bin has no edge
        what = "bins"
        raise InvalidWindow(what, f"{bins} bins tell nothing; ask for two or more")
    edges = np.quantile(reference, np.arange(1, bins) / bins)
    below = np.searchsorted(np.sort(reference), edges, side="left")
    inside = (below > 0) & (below < len(reference))
    kept: Column = edges[inside & np.append(True, np.diff(below) > 0)]
    return kept


def binned(values: Column, edges: Column) -> Column:
    """The share of values in each bin between inner edges; the outer bins are open."""
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    shares: Column = counts / len(values)
    return shares


def kolmogorov_smirnov(reference: Column, current: Column) -> float:
    """The largest gap between two empirical distributions: 0 to 1."""
    seen = np.concatenate((reference, current))
    gaps = np.searchsorted(np.sort(reference), seen, side="right") / len(reference)
    gaps = gaps - np.searchsorted(np.sort(current), seen, side="right") / len(current)
    return float(np.abs(gaps).max())


def wasserstein(reference: Column, current: Column) -> float:
    """Wasserstein distance of order 1: the area between two empirical distributions."""
    from scipy.stats import wasserstein_distance  # noqa: PLC0415 - half a second to load

    return float(wasserstein_distance(reference, current))
