"""How simulated people judge: each errs as often as was asked, and they err together.

Whether somebody errs is a threshold of a normal variable, which has two parts (one-factor Gaussian
copula; for binary data Emrich and Piedmonte, *The American Statistician* 45 (1991), 302-304):

    z = sqrt(r) * difficulty of the item + sqrt(1 - r) * what is the person's own
    errs where z > Φ⁻¹(accuracy)

So everybody has their own accuracy exactly, whatever r is, and r is the correlation of z between
two people (the tetrachoric one, Pearson 1900). The correlation of the errors themselves is smaller:
at an accuracy of .92 and r = .3 it is .12. A majority of three is then right in .963, of five in
.976; independent errors (r = 0) would give .982 and .995.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

from queues.simulation.chance import log_normal, normal, share
from queues.simulation.crew import Member
from queues.simulation.truths import Right

_NORMAL: Final = NormalDist()
_PUBLISH: Final = "publish"
#: What somebody errs to who takes something allowed for a violation, and the other way round.
_MISTAKES: Final = {_PUBLISH: ("remove", "hide"), "remove": (_PUBLISH, "hide")}
_USUAL: Final = (_PUBLISH, "remove")
#: How often a mistake is the one that the item suggests, to everybody.
_SUGGESTED: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person is asked to judge."""

    item: str
    """The id its sender gave it."""
    policy: str
    round: int = 1
    """In a later round of a panel people think again: their own part is drawn anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a person says."""

    action: str
    reasons: tuple[str, ...]
    active_seconds: float
    errs: bool


def judge(
    seed: int, correlation: float, member: Member, question: Question, right: Right
) -> Judgement:
    """What somebody says about an item; the same whenever they are asked."""
    wrong = errs(seed, correlation, member, question)
    action = _mistake(seed, member, question, right.action) if wrong else right.action
    seconds = log_normal(member.seconds, member.spread, seed, "seconds", member.name, question.item)
    return Judgement(
        action=action,
        reasons=() if wrong else right.reasons,
        active_seconds=round(seconds, 2),
        errs=wrong,
    )


def errs(seed: int, correlation: float, member: Member, question: Question) -> bool:
    """Whether somebody errs on an item.

    Args:
        seed: Of the simulation.
        correlation: r, from 0 (everybody errs alone) to 1 (all on the same items).
        member: Who.
        question: About what.
    """
    accuracy = member.accuracy_on(question.policy)
    if accuracy >= 1.0:
        return False
    difficulty = normal(seed, "difficulty", question.item)
    own = normal(seed, "own", member.name, question.item, str(question.round))
    z = sqrt(correlation) * difficulty + sqrt(1.0 - correlation) * own
    return z > _NORMAL.inv_cdf(accuracy)


def _mistake(seed: int, member: Member, question: Question, right: str) -> str:
    """Another action: mostly the one the item suggests, so that those who err agree."""
    usual, other = _MISTAKES.get(right, _USUAL)
    said = share(seed, "mistake", member.name, question.item, str(question.round))
    return usual if said < _SUGGESTED else other
