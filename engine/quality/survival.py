"""How long it takes until something happens, where for some it has not happened yet.

A median over what is decided hides the backlog: what waits longest is not in it. Kaplan and Meier's
estimate counts what still waits as long as it has waited (*J. Am. Stat. Assoc.* 53 (1958),
457-481). Intervals are those of Brookmeyer and Crowley (*Biometrics* 38 (1982), 29-41) over
Greenwood's variance of log(-log S).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, log, nan, sqrt
from typing import Final

import numpy as np

#: Standard deviations about the mean that hold 95 % of a normal distribution.
_WIDTH: Final = 1.959963984540054
_LAST_DIGIT: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """One that waits or did, or several that were alike."""

    seconds: float
    """0 or more."""
    over: bool
    """Whether what it waited for happened then; else it was still waiting when last seen."""
    times: int = 1
    """So many were alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """When a share of all is over."""

    n: int
    """All, also those that still wait."""
    over: int
    """Of them, those that are over."""
    seconds: float | None
    """The first moment at which so many are; None: too many still wait to tell."""
    low: float | None
    """Where the interval of 95 % begins; None: it cannot be told."""
    high: float | None
    """Where it ends; None: it has no end yet."""


@dataclass(frozen=True, slots=True)
class _Step:
    """The share that still waits after a moment, with its limits."""

    seconds: float
    share: float
    low: float
    high: float


def quantile(waits: Iterable[Waited], share: float = 0.5) -> Quantile:
    """When this share of all is over; by default the median.

    Args:
        waits: Of all; those that were seen for longer than they waited are over.
        share: Above 0, below 1.
    """
    known = list(waits)
    left = 1.0 - share
    steps = list(_curve(known))
    return Quantile(
        n=sum(wait.times for wait in known),
        over=sum(wait.times for wait in known if wait.over),
        seconds=next((step.seconds for step in steps if _reached(step.share, left)), None),
        low=next((step.seconds for step in steps if _reached(step.low, left)), None),
        high=next((step.seconds for step in steps if _reached(step.high, left)), None),
    )


def quantiles(
    seconds: Sequence[float], over: Sequence[int], gone: Sequence[int], shares: Sequence[float]
) -> list[Quantile]:
    """As `quantile` says of many, of several shares and at once.

    Args:
        seconds: Moments that rise.
        over: How many were over at each.
        gone: How many were still waiting when last seen then.
        shares: Each above 0, below 1.
    """
    ended, left = np.asarray(over, np.int64), np.asarray(gone, np.int64)
    leaving = ended + left
    n, done = int(leaving.sum()), int(ended.sum())
    at_risk = n - np.concatenate(([0], np.cumsum(leaving)[:-1])) if len(leaving) else leaving
    told = ended > 0
    moments = np.asarray(seconds, float)[told]
    ended, at_risk = ended[told].astype(float), at_risk[told].astype(float)
    still = np.cumprod(1.0 - ended / at_risk)
    rest = at_risk - ended
    steps = np.divide(ended, at_risk * rest, out=np.zeros_like(rest), where=rest > 0)
    low, high = _all_limits(still, np.cumsum(steps))
    return [
        Quantile(
            n=n,
            over=done,
            seconds=_first(moments, still, 1.0 - share),
            low=_first(moments, low, 1.0 - share),
            high=_first(moments, high, 1.0 - share),
        )
        for share in shares
    ]


def _all_limits(share: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As `_limits`, of all moments; nan where nobody is left."""
    low, high = np.full_like(share, nan), np.full_like(share, nan)
    some = share > 0.0
    reach = np.exp(_WIDTH * np.sqrt(variance[some]) / np.abs(np.log(share[some])))
    low[some], high[some] = share[some] ** reach, share[some] ** (1.0 / reach)
    return low, high


def _first(moments: np.ndarray, share: np.ndarray, left: float) -> float | None:
    reached = np.flatnonzero(share <= left + _LAST_DIGIT)
    return float(moments[reached[0]]) if len(reached) else None


def _curve(waits: list[Waited]) -> Iterator[_Step]:
    """The estimate at each moment at which something is over."""
    over, gone = Counter[float](), Counter[float]()
    for wait in waits:
        gone[wait.seconds] += wait.times
        over[wait.seconds] += wait.times if wait.over else 0
    at_risk, share, variance = gone.total(), 1.0, 0.0
    for moment in sorted(gone):
        ended = over[moment]
        if ended:
            share *= 1.0 - ended / at_risk
            if ended < at_risk:
                variance += ended / (at_risk * (at_risk - ended))
            yield _Step(moment, share, *_limits(share, variance))
        at_risk -= gone[moment]


def _limits(share: float, variance: float) -> tuple[float, float]:
    if share <= 0.0:
        return nan, nan  # the variance has no limit where nobody is left
    reach = exp(_WIDTH * sqrt(variance) / abs(log(share)))
    return share**reach, share ** (1.0 / reach)


def _reached(share: float, left: float) -> bool:
    """Whether no more than so many still wait, but for the last digit."""
    return share <= left + _LAST_DIGIT
