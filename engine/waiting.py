"""How long a case will wait until people decide it, and how sure that is.

Decisions are taken for a Poisson process whose rate is known only by what was decided lately. With
a Gamma prior on the rate (Jeffreys: shape 1/2) and N completions in a window of T seconds, the time
until n more is T times a beta prime variable of shapes n and N + 1/2, the continuous counterpart of
the negative binomial predictive of counts (Gelman et al., *Bayesian Data Analysis*, 3rd ed., 2.6;
Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions*, vol. 2, ch. 27).

What makes people's work less even than that enters as fewer effective counts: shapes are divided
by the index of dispersion (quasi-likelihood: McCullagh and Nelder, *Generalized Linear Models*,
2nd ed., 6.2). Who comes at a random moment comes rather into a long pause than into a short one,
and waits for the rest of it at least (Cox, *Renewal Theory*, ch. 5). Cases that come later and are
handed out sooner take away from the pace and add to its variance, as in the first passage of a
random walk with drift. A case never waits less than people take for one; such times are log-normal
(Brown et al., *JASA* 100 (2005), 36-50).

Where people wait for work, they could decide more than they do: then waits are overestimated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp
from statistics import fmean, variance
from typing import Final

#: Shape of Jeffreys' prior on the rate of a Poisson process.
_PRIOR: Final = 0.5
#: Of fewer bins nothing is said about their variance.
_FEWEST_BINS: Final = 8
_HALF: Final = 0.5
_NINE_TENTHS: Final = 0.9
#: Standard deviations above the median at which nine tenths of a normal distribution lie below.
_NINE_TENTHS_NORMAL: Final = 1.2815515655446004


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What was decided lately, in a window that may have ended some time ago."""

    completions: int
    window: float
    """Seconds; more than 0."""
    dispersion: float = 1.0
    """Variance over mean of counts; 1 for a Poisson process, more where people come in shifts."""
    age: float = 0.0
    """Seconds since the window ended; as old as it is long, it weighs half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaking:
    """Cases that come later than the one that waits, and are handed out before it."""

    arrivals: int
    """How many came in the window of the pace."""
    period: float
    """Seconds during which such cases go first; afterwards the one that waits has aged enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How long people take for a case once they have it: log-normal."""

    log_mean: float
    """Mean of the natural logarithm of seconds."""
    log_deviation: float
    """Standard deviation of the same; 0 or more."""

    @property
    def p50(self) -> float:
        """Seconds."""
        return exp(self.log_mean)

    @property
    def p90(self) -> float:
        """Seconds."""
        return exp(self.log_mean + _NINE_TENTHS_NORMAL * self.log_deviation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Seconds until a case is decided."""

    p50: float
    """As likely shorter as longer."""
    p90: float
    """Nine in ten are shorter."""


@dataclass(frozen=True, slots=True)
class _Outlook:
    """One way to bound the wait; counts are effective ones, for a Poisson process."""

    future: float
    """Completions that are needed."""
    past: float
    """Completions that were seen, net of what went to others."""
    weight: float
    """Share of the window that they stand for."""


def pace_of(counts: Sequence[int], length: float, *, age: float = 0.0) -> Pace:
    """The pace in a window of consecutive bins, with the dispersion that the bins show.

    Bins beside each other are alike where people come in shifts, so the dispersion of longer bins
    is larger; the largest is taken, with eight of them left at least.

    Args:
        counts: Completions in each bin, in order.
        length: Seconds of one bin.
        age: Seconds since the window ended.
    """
    widths = range(1, len(counts) // _FEWEST_BINS + 1)
    return Pace(
        completions=sum(counts),
        window=length * len(counts),
        dispersion=max((_dispersion(counts, width) for width in widths), default=1.0),
        age=age,
    )


def expected_wait(
    ahead: int,
    pace: Pace,
    *,
    overtaking: Sequence[Overtaking] = (),
    handling: Handling | None = None,
) -> Wait | None:
    """How long a case will wait until it is decided; None: what was seen cannot tell.

    That is so where nothing was decided, or where what was is so old or so uneven that it says
    less than the prior.

    Args:
        ahead: Cases that will be decided before it, those in people's hands counted in.
        pace: Of its queue.
        overtaking: Cases that keep coming and go first, each kind for a time.
        handling: Of its queue, where known: no case is decided faster than people work.
    """
    outlooks = list(_outlooks(ahead + 1, pace, overtaking))
    if pace.completions == 0 or not outlooks:
        return None
    p50 = min(_quantile(outlook, pace.window, _HALF) for outlook in outlooks)
    p90 = min(_quantile(outlook, pace.window, _NINE_TENTHS) for outlook in outlooks)
    if handling is None:
        return Wait(p50=p50, p90=p90)
    return Wait(p50=max(p50, handling.p50), p90=max(p90, handling.p90))


def _dispersion(counts: Sequence[int], width: int) -> float:
    """Variance over mean of the sums of so many bins, 1 at least."""
    sums = [sum(counts[end - width : end]) for end in range(width, len(counts) + 1, width)]
    mean = fmean(sums)
    return max(1.0, variance(sums) / mean) if mean else 1.0


def _outlooks(n: int, pace: Pace, overtaking: Sequence[Overtaking]) -> Iterator[_Outlook]:
    """Upper bounds of the wait, one of which is the wait itself.

    The wait w solves μ·w = n + Σ λᵢ·min(w, Aᵢ): work at rate μ, cases ahead, and kinds of later
    cases that come at rate λᵢ and go first for Aᵢ seconds. Whatever is taken for the minimum bounds
    it from above, so the least of the bounds is it: kinds that go first for long are taken as a
    slower pace (λᵢ·w), the others as more cases ahead (λᵢ·Aᵢ).
    """
    weight = pace.window / (pace.window + pace.age)
    completions = pace.completions + _PRIOR
    lasting = sorted(overtaking, key=lambda kind: -kind.period)
    for split in range(len(lasting) + 1):
        slowing = sum(kind.arrivals for kind in lasting[:split])
        before = sum(kind.arrivals * kind.period for kind in lasting[split:]) / pace.window
        net = completions - slowing
        if net > 0:
            spread = pace.dispersion * (completions + slowing) / net
            past = net * weight / spread
            if past >= _PRIOR:
                # (φ - 1) / 2 completions: what is left of a pause.
                needed = max(n + before, (spread - 1.0) / 2.0)
                yield _Outlook(needed / spread, past, weight)


def _quantile(outlook: _Outlook, window: float, probability: float) -> float:
    """A quantile of the time until all that is needed is done, in seconds."""
    # Imported when the first estimate is asked for: it takes longer than all the rest.
    from scipy.special import betaincinv  # noqa: PLC0415 - as said

    # Of Beta(past, future), mirrored: as 1 - x it would lose all digits where x is close to 1.
    share = float(betaincinv(outlook.past, outlook.future, 1.0 - probability))
    return window * outlook.weight * (1.0 - share) / share
