"""How often people are right, told from few answers: never a bare share of them.

What is known of people in general counts as answers too (an empirical Bayes prior), so that nine of
ten is not yet 90 %, and three of three is not perfection. See Efron, Morris (1975), and Gelman et
al., Bayesian Data Analysis, 2.4.
"""

from dataclasses import dataclass
from typing import Final

from scipy.special import betainc, betaincinv

#: What is left out of an interval of 95 % on each side.
_TAIL: Final = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known of somebody of whom nothing is known."""

    mean: float
    """The share of right answers that is expected, between 0 and 1."""
    strength: float
    """How many answers it counts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proficiency:
    """How often somebody is right: a Beta posterior."""

    mean: float
    low: float
    """The lower end of its 95 % interval."""
    high: float
    below_target: float
    """How probable it is that they are right less often than is wanted: above .95, look."""


def proficiency(right: int, answers: int, *, prior: Prior, target: float) -> Proficiency:
    """How often somebody is right.

    Args:
        right: Right answers.
        answers: All answers.
        prior: What is known without them.
        target: How often one should be right.
    """
    a = prior.mean * prior.strength + right
    b = (1 - prior.mean) * prior.strength + answers - right
    return Proficiency(
        mean=a / (a + b),
        low=float(betaincinv(a, b, _TAIL)),
        high=float(betaincinv(a, b, 1 - _TAIL)),
        below_target=float(betainc(a, b, target)),
    )
