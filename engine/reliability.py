"""How far reports of a person can be relied on, learnt from what became of those before.

Each report of which people decided is a trial: right or wrong. Whoever reports is right with a
chance that is not known; with a Beta prior over it, what is known after some reports is a Beta
distribution again, and its mean is the reliability: (a + right) / (a + b + right + wrong). With
few reports it stays near the prior mean a / (a + b), so that one lucky report makes nobody
reliable, and none makes nobody worthless. The prior counts like a + b reports seen before
anybody's first; two and two are the pseudo-observations of Agresti and Coull.

Sources: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.4, for the posterior;
Agresti and Coull, "Approximate is better than 'exact' for interval estimation of binomial
proportions", The American Statistician 52 (1998), for two and two.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.rules.vocabulary import Vocabulary

_PUBLISH: Final = "publish"


class Outcome(StrEnum):
    """How a report turned out."""

    #: People did something about it.
    RIGHT = "right"
    #: People found nothing, or something of another kind.
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is thought of people who have not reported yet."""

    right: float = 2.0
    """Like so many reports that were right (a of the Beta prior); above 0."""
    wrong: float = 2.0
    """Like so many that were wrong (b); above 0."""


def reliability(right: int, wrong: int, prior: Prior) -> float:
    """The chance, from 0 to 1, that the next report of a person is right (posterior mean).

    Args:
        right: Reports of theirs that were right; 0 or more.
        wrong: Reports of theirs that were wrong; 0 or more.
        prior: What is thought before.
    """
    return (prior.right + right) / (prior.right + prior.wrong + right + wrong)


def turned_out(
    ticked: Collection[str],
    found: str | None,
    action: str,
    reasons: Collection[str],
    vocabulary: Vocabulary,
) -> Outcome | None:
    """How a report turned out; None: it shows nothing about whoever made it.

    Right is a report after which people did something stricter than what held when it came, for
    a reason of a kind that was ticked, or whichever where nothing was ticked that the policy
    knows. Wrong is one of an item that was published after all, or that something else was wrong
    with. A report of what was removed already can so never be right.

    Args:
        ticked: The kinds that the report names.
        found: The action that held when it came; None: not known.
        action: What people decided.
        reasons: Why.
        vocabulary: Of the policy in force: how strict actions are, and which reasons there are.
    """
    if action == _PUBLISH:
        return Outcome.WRONG
    if found is None or _strictness(vocabulary, action) <= _strictness(vocabulary, found):
        return None
    policies = {name: reason.policy for name, reason in vocabulary.reasons.items()}
    known = [kind for kind in ticked if any(_fits(kind, *each) for each in policies.items())]
    named = [(reason, policies.get(reason, "")) for reason in reasons]
    fitting = not known or any(_fits(kind, *each) for kind in known for each in named)
    return Outcome.RIGHT if fitting else Outcome.WRONG


def weights(reporters: Mapping[tuple[int, int], int], prior: Prior) -> tuple[float, float]:
    """How much the reports of an item weigh: the highest reliability, and the sum of all.

    Args:
        reporters: How many people reported it, by how often they were right and wrong.
        prior: What is thought before.
    """
    each = {counts: reliability(*counts, prior) for counts in reporters}
    total = sum(each[counts] * people for counts, people in sorted(reporters.items()))
    return max(each.values(), default=0.0), total


def _fits(kind: str, reason: str, policy: str) -> bool:
    """Whether a kind that people tick is a reason, a part of its name, or its policy."""
    wanted = _plain(kind)
    parts = _plain(reason).split(".")
    return wanted in {_plain(reason), _plain(policy), *parts}


def _plain(name: str) -> str:
    return name.replace("-", "_").casefold()


def _strictness(vocabulary: Vocabulary, action: str) -> float:
    known = vocabulary.actions.get(action)
    return 0.0 if known is None else known.strictness
