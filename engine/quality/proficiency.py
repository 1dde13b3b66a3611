"""How often people are right, told from few answers: never a bare share of them.

What is known of people in general counts as answers too (an empirical Bayes prior), so that nine of
ten is not yet 90 %, and three of three is not perfection. See Efron, Morris (1975), and Gelman et
al., Bayesian Data Analysis, 2.4.

What is known of people in general is learnt from all of them: the Beta distribution under which
their answers are most probable (beta-binomial; Casella, *Am. Stat.* 39 (1985), 83-87). Where all do
alike its strength has no largest value, and where nobody errs its mean would be 1, so the
configured prior has a say, of one person's weight: normal penalties on logit mean and log strength
about it (Chung et al., *Psychometrika* 78 (2013), 685-709, on penalties that keep estimates off
the edge).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, betaln, expit

from engine.errors import InvalidFigure

#: What is left out of an interval of 95 % on each side.
_TAIL: Final = 0.025
#: How probable it is that somebody is below the target when it is time to look.
_ALERT: Final = 0.95
#: Fewest people of whom it is learnt how people differ.
FEWEST_REVIEWERS: Final = 10
#: Fewest answers of a person that say anything of it: one is right or wrong in any case.
_FEWEST_ANSWERS: Final = 2
#: Standard deviations of the penalties: a mean of .92 might be .72 or .98, a strength of 40 9 or
#: 180.
_LOGIT_SPREAD: Final = 1.5
_LOG_SPREAD: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known of somebody of whom nothing is known."""

    mean: float
    """The share of right answers that is expected, between 0 and 1."""
    strength: float
    """How many answers it counts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What is known of people in general, and from how many of them."""

    prior: Prior
    learnt: bool
    """False: there were fewer than `needs`, and the prior is the one that was configured."""
    n: int
    """People with two answers or more."""
    needs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proficiency:
    """How often somebody is right: a Beta posterior."""

    mean: float
    low: float
    """The lower end of its 95 % interval."""
    high: float
    below_target: float
    """How probable it is that they are right less often than is wanted: above .95, look."""

    @property
    def alert(self) -> bool:
        """Whether it is time to look."""
        return self.below_target > _ALERT


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What somebody answered where it is known what is right."""

    right: int
    answers: int
    """All of them."""


def proficiency(right: int, answers: int, *, prior: Prior, target: float) -> Proficiency:
    """How often somebody is right.

    Args:
        right: Right answers.
        answers: All answers.
        prior: What is known without them.
        target: How often one should be right.

    Raises:
        InvalidFigure: More answers are right than there are, or a setting is out of range.
    """
    given = Answered(right=right, answers=answers)
    return proficiencies({"": given}, prior=prior, target=target)[""]


def proficiencies(
    answered: Mapping[str, Answered], *, prior: Prior, target: float
) -> dict[str, Proficiency]:
    """How often each of several people is right; `proficiency` of all at once."""
    _check(answered, prior)
    if not 0 < target < 1:
        what = "target"
        raise InvalidFigure(what, f"{target} is not between 0 and 1")
    right, wrong = _counts(list(answered.values()))
    a, b = prior.mean * prior.strength + right, (1 - prior.mean) * prior.strength + wrong
    ends = betaincinv(a, b, _TAIL), betaincinv(a, b, 1 - _TAIL), betainc(a, b, target)
    rows = zip((a / (a + b)).tolist(), *(each.tolist() for each in ends), strict=True)
    return {
        name: Proficiency(mean=mean, low=low, high=high, below_target=below)
        for name, (mean, low, high, below) in zip(answered, rows, strict=True)
    }


def learn(answered: Mapping[str, Answered], *, configured: Prior) -> Learnt:
    """What is known of people in general, from what they answered.

    Args:
        answered: Of everybody.
        configured: What is thought where they are too few to tell, and where the search begins.
    """
    _check(answered, configured)
    telling = [each for each in answered.values() if each.answers >= _FEWEST_ANSWERS]
    n = len(telling)
    if n < FEWEST_REVIEWERS:
        return Learnt(prior=configured, learnt=False, n=n, needs=FEWEST_REVIEWERS)
    return Learnt(
        prior=_fit(*_counts(telling), configured), learnt=True, n=n, needs=FEWEST_REVIEWERS
    )


def _fit(right: NDArray[np.float64], wrong: NDArray[np.float64], configured: Prior) -> Prior:
    """The prior under which these answers are most probable, but for the penalties."""
    start = np.array([log(configured.mean) - log(1 - configured.mean), log(configured.strength)])

    def improbable(at: NDArray[np.float64]) -> float:
        mean, strength = expit(at[0]), exp(at[1])
        a, b = mean * strength, (1 - mean) * strength
        off = ((at - start) / (_LOGIT_SPREAD, _LOG_SPREAD)) ** 2
        return float(off.sum() / 2 - (betaln(a + right, b + wrong) - betaln(a, b)).sum())

    # Where the curve is flat to the last digit there is nothing more to find, so no flag is asked.
    bounds = [(-12.0, 12.0), (log(0.1), log(1e5))]
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to load, and seldom needed

    found = minimize(improbable, start, method="Nelder-Mead", bounds=bounds)
    return Prior(mean=float(expit(found.x[0])), strength=exp(float(found.x[1])))


def _counts(
    answered: Sequence[Answered],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Right and wrong answers."""
    right = np.array([each.right for each in answered], float)
    return right, np.array([each.answers for each in answered], float) - right


def _check(answered: Mapping[str, Answered], prior: Prior) -> None:
    for name, each in answered.items():
        if not 0 <= each.right <= each.answers:
            what = name or "right"
            raise InvalidFigure(what, f"{each.right} of {each.answers} answers cannot be right")
    if not (0 < prior.mean < 1 and prior.strength > 0):
        what = "prior"
        reason = f"a mean of {prior.mean} and a strength of {prior.strength} are out of range"
        raise InvalidFigure(what, reason)
