"""What other libraries tell of two samples, by their own conventions, from our own distances.

Where a library chooses bins in a way of its own, the bins are made here as it makes them and the
distance is ours; where it tests something we do not gate on (p-values), scipy has the test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from engine.drift.distances import hellinger, jensen_shannon, psi, total_variation
from engine.drift.reading import Column, places
from engine.drift.scores import wasserstein

Counted: TypeAlias = NDArray[np.int64]

#: A Jensen-Shannon distance of base 2 times this is that of the natural logarithm.
NATURAL: Final = sqrt(log(2))
#: What evidently gives an empty bin, and from which smallest share on it gives less.
_EMPTY: Final = 1e-4
_TIMES: Final = 1_000


@dataclass(frozen=True)
class Numbers:
    """Two samples of numbers."""

    before: Column
    now: Column

    @cached_property
    def evidently(self) -> tuple[Column, Column]:
        """Shares over bins of Sturges' rule, of both samples together."""
        edges = np.histogram_bin_edges(np.concatenate((self.before, self.now)), "sturges")
        return _shares(self.before, edges), _shares(self.now, edges)

    @cached_property
    def nannyml(self) -> tuple[Column, Column]:
        """Shares over bins of Doane's rule, of the reference; what lies outside is one bin more."""
        edges = np.histogram_bin_edges(self.before, "doane")
        before, now = _shares(self.before, edges), _shares(self.now, edges)
        outside = 1 - now.sum()
        return (np.append(before, 0), np.append(now, outside)) if outside > 0 else (before, now)

    @cached_property
    def evidently_psi(self) -> float:
        """PSI over its bins, in which none is empty."""
        return psi(*map(_filled, self.evidently))

    @cached_property
    def evidently_js(self) -> float:
        """With the natural logarithm."""
        return jensen_shannon(*self.evidently) * NATURAL

    @cached_property
    def evidently_wasserstein(self) -> float:
        """By the standard deviation of the reference, .001 at the least."""
        return wasserstein(self.before, self.now) / max(float(self.before.std()), 0.001)

    @cached_property
    def nannyml_js(self) -> float:
        """With base 2."""
        return jensen_shannon(*self.nannyml)

    @cached_property
    def nannyml_hellinger(self) -> float:
        """Over its bins."""
        return hellinger(*self.nannyml)

    @cached_property
    def ks_p_value(self) -> float:
        """Exact up to 10,000 numbers."""
        return float(stats.ks_2samp(self.before, self.now).pvalue)

    @cached_property
    def auc(self) -> float:
        """How often one of now is above one of the reference (Mann-Whitney), half of ties."""
        statistic = stats.mannwhitneyu(self.now, self.before).statistic
        return float(statistic) / (len(self.before) * len(self.now))


@dataclass(frozen=True)
class Categories:
    """Two samples of labels."""

    before: Sequence[str]
    now: Sequence[str]

    @cached_property
    def names(self) -> list[str]:
        """All there are, in the order of the alphabet."""
        return sorted({*self.before, *self.now})

    @cached_property
    def counts(self) -> tuple[Counted, Counted]:
        """How often each sample has each."""
        before, now = (places("labels", each, self.names) for each in (self.before, self.now))
        many = len(self.names)
        return np.bincount(before, minlength=many), np.bincount(now, minlength=many)

    @cached_property
    def goodness_of_fit_p_value(self) -> float:
        """Chi-square of the current sample alone: the reference is taken for the truth."""
        before, now = self.counts
        return float(stats.chisquare(now, before * (now.sum() / before.sum())).pvalue)

    @cached_property
    def permuted_p_value(self) -> float:
        """How often halves of one size, drawn from all, are as far apart by total variation."""
        # A permutation test tells by its draws: these are the library's (seed 0, as many times),
        # if labels stand in the order of the samples, so only ties can fall otherwise.
        before, now = (places("labels", each, self.names) for each in (self.before, self.now))
        both = np.concatenate((before, now))
        size, many = len(before), len(self.names)
        all_of = np.bincount(both, minlength=many)
        draws = np.random.RandomState(0)
        drawn = (
            np.bincount(draws.choice(both, size, replace=False), minlength=many)
            for _ in range(_TIMES)
        )
        shares = [(one / size, (all_of - one) / (len(both) - size)) for one in drawn]
        seen = total_variation(*(each / each.sum() for each in self.counts))
        return float(np.mean([seen <= total_variation(*pair) for pair in shares]))


def _shares(values: Column, edges: Column) -> Column:
    counted, _ = np.histogram(values, edges)
    shares: Column = counted / len(values)
    return shares


def _filled(shares: Column) -> Column:
    lowest = float(shares[shares > 0].min())
    return np.where(shares == 0, lowest / 10**6 if lowest <= _EMPTY else _EMPTY, shares)
