"""Whether people find what they found: the mix of labels, weighted to the population.

A score can stand still while labels change, so drift is looked for in reviewers' labels, too.

Shares are Hájek's (see `rates`). Chi-square (Pearson, *Phil. Mag.* 50 (1900), 157-175) is that of a
table of shares times Kish's effective size, which is the table of counts where all chances are
alike. It grows with n and so is no gate; Cramér's V = √(χ² / N) of two rows does not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from engine.drift.distances import hellinger, jensen_shannon, l_infinity, psi, total_variation
from engine.drift.rates import Rate, kish, rate
from engine.drift.reading import Column, inclusion, places
from engine.drift.states import Figure, Insufficient, Undefined
from engine.errors import InvalidWindow

#: The smallest expected count with which chi-square is read (Cochran, *Biometrics* 10 (1954)).
_EXPECTED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Labels of a window."""

    labels: Sequence[str]
    probabilities: ArrayLike | None = None
    """Inclusion probabilities: above 0, at most 1; None: all are alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDrift:
    """How far the mix of labels has moved."""

    before: Rate
    """Violations in the reference."""
    now: Rate
    """Violations in the current window."""
    chi_square: Figure
    freedom: int
    """Degrees of freedom: categories that were seen, less one."""
    p_value: Figure
    """Of chi-square. It tells whether, not how much, and is no gate."""
    cramers_v: Figure
    """0 to 1."""
    js_distance: float
    """Jensen-Shannon distance, base 2: 0 to 1."""
    hellinger: float
    """Hellinger distance: 0 to 1."""
    total_variation: float
    """0 to 1."""
    l_infinity: float
    """L∞ (Chebyshev) distance: how far the share moved that moved furthest, 0 to 1."""
    psi: float
    """Natural logarithm, shares floored at 1e-6."""


@dataclass(frozen=True, slots=True)
class _Window:
    what: str
    places: NDArray[np.int64]
    """Where each label stands among the categories."""
    inclusion: Column

    @classmethod
    def read(cls, what: str, given: Labelled, names: Sequence[str]) -> "_Window":
        chances = inclusion(
            f"{what}, inclusion probabilities", given.probabilities, len(given.labels)
        )
        return cls(what, places(what, given.labels, names), chances)

    def rate(self, bad: NDArray[np.bool_], least: int) -> Rate | Insufficient:
        return rate(bad[self.places], self.inclusion, least=least, what=self.what)

    def table(self, categories: int) -> "_Table":
        weights = 1 / self.inclusion
        sums = np.bincount(self.places, weights, categories)
        return _Table(sums / weights.sum(), kish(weights))


@dataclass(frozen=True, slots=True)
class _Table:
    shares: Column
    worth: float


def label_drift(
    reference: Labelled,
    current: Labelled,
    *,
    categories: Collection[str],
    violations: Collection[str],
    least: int = 100,
) -> LabelDrift | Insufficient:
    """How far labels have moved.

    Args:
        reference: Labels of the reference window.
        current: Labels of the window that is looked at.
        categories: All labels there are.
        violations: Those of them that are violations.
        least: The effective size of each window needs to be so large.

    Raises:
        InvalidWindow: A label is unknown, or columns cannot be read or are not equally long.
    """
    names = _names(categories, violations)
    past = _Window.read("reference", reference, names)
    present = _Window.read("current", current, names)
    bad = np.array([name in violations for name in names], np.bool_)
    before, now = past.rate(bad, least), present.rate(bad, least)
    if isinstance(before, Insufficient):
        return before
    if isinstance(now, Insufficient):
        return now
    first, second = past.table(len(names)), present.table(len(names))
    statistic, freedom, smallest = _chi_square(first, second)
    single = Undefined.ONE_CATEGORY
    certain = smallest >= _EXPECTED
    return LabelDrift(
        before=before,
        now=now,
        chi_square=statistic if freedom else single,
        freedom=freedom,
        p_value=_p_value(statistic, freedom, certain=certain),
        cramers_v=sqrt(statistic / (first.worth + second.worth)) if freedom else single,
        js_distance=jensen_shannon(first.shares, second.shares),
        hellinger=hellinger(first.shares, second.shares),
        total_variation=total_variation(first.shares, second.shares),
        l_infinity=l_infinity(first.shares, second.shares),
        psi=psi(first.shares, second.shares),
    )


def _names(categories: Collection[str], violations: Collection[str]) -> list[str]:
    names = list(dict.fromkeys(categories))
    strange = sorted(set(violations) - set(names))
    if strange:
        what = "violations"
        raise InvalidWindow(what, f"{', '.join(strange)}: no such category")
    return names


def _chi_square(first: _Table, second: _Table) -> tuple[float, int, float]:
    """The statistic, its degrees of freedom, and the smallest expected count."""
    counts = np.vstack((first.shares * first.worth, second.shares * second.worth))
    counts = counts[:, counts.sum(axis=0) > 0]
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return statistic, counts.shape[1] - 1, float(expected.min())


def _p_value(statistic: float, freedom: int, *, certain: bool) -> Figure:
    if not freedom:
        return Undefined.ONE_CATEGORY
    return float(chdtrc(freedom, statistic)) if certain else Undefined.RARE_CATEGORY
