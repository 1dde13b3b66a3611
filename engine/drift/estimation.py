"""How often the machine should err by its own scores, and how far people's finding is from that.

Of an item with the calibrated chance p of a violation and the verdict ŷ (1 violation, 0 none), the
machine expects to be right with the chance 1 - |ŷ - p|; the mean over all decisions is its expected
accuracy (confidence-based performance estimation: *Performance Estimation in Binary Classification
Using Calibrated Confidence*, arXiv:2505.05295, 2025; NannyML). It needs no label, so it is there at
once and of all traffic. It needs calibration, and it does not see a change of what p means: with
that, people find more errors in the quality sample than are expected. **The gap is the signal.**

The interval of a gap is made of those of its two parts (MOVER: Zou and Donner, *Statistics in
Medicine* 27 (2008), 1693-1702).
"""

from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.drift.rates import Rate
from engine.drift.reading import events, numbers, same_length
from engine.drift.states import Insufficient, too_few
from engine.quality import Interval

#: Standard deviations about the mean that hold 95 % of a normal distribution.
_WIDTH: Final = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the machine expects of itself."""

    n: int
    """Decisions."""
    accuracy: float
    """0 to 1."""
    error: float
    """0 to 1."""
    interval: Interval
    """Of `error`, 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How much more people find than is expected."""

    value: float
    """Observed error less expected error: -1 to 1."""
    interval: Interval
    """95 %."""
    signal: bool
    """Whether the whole interval is further from 0 than is tolerated."""


def expected(
    probabilities: ArrayLike, verdicts: ArrayLike, *, least: int = 100
) -> Expected | Insufficient:
    """What the machine expects of itself.

    Args:
        probabilities: The calibrated chance of a violation, of each decision: 0 to 1.
        verdicts: Whether the machine said it was one.
        least: So many decisions it takes.

    Raises:
        InvalidWindow: Columns cannot be read or are not equally long.
    """
    chances = numbers("probabilities", probabilities, (0.0, 1.0))
    said = events("verdicts", verdicts)
    same_length("verdicts", said, len(chances))
    few = too_few(max(1, least), decisions=len(chances))
    if few is not None:
        return few
    errors = np.abs(said - chances)
    error = float(errors.mean())
    reach = _WIDTH * float(errors.std()) / sqrt(len(errors))
    return Expected(
        n=len(errors),
        accuracy=1 - error,
        error=error,
        interval=Interval(low=max(0.0, error - reach), high=min(1.0, error + reach)),
    )


def gap(
    expectation: Expected | Insufficient, observed: Rate | Insufficient, *, tolerance: float = 0.0
) -> Gap | Insufficient:
    """How much more errors people find in the quality sample than are expected.

    Args:
        expectation: Of all decisions of the window.
        observed: Weighted errors in the quality sample of the same window, with 95 % confidence.
        tolerance: A gap that is none, as no calibration is perfect: 0 or more.
    """
    if isinstance(expectation, Insufficient):
        return expectation
    if isinstance(observed, Insufficient):
        return observed
    value = observed.value - expectation.error
    limits = expectation.interval
    low = value - hypot(observed.value - observed.low, limits.high - expectation.error)
    high = value + hypot(observed.high - observed.value, expectation.error - limits.low)
    return Gap(
        value=value,
        interval=Interval(low=low, high=high),
        signal=low > tolerance or high < -tolerance,
    )
