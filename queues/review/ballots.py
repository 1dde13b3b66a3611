"""What a reviewer says about a case, checked against the policy in force."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from engine.rules.model import Policy
from queues.errors import Refused
from queues.review.corrections import Corrections, Fields, check

PUBLISH: Final = "publish"
#: How people say that nothing is done.
_KEEP: Final = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A vote."""

    case_id: UUID
    reviewer: str
    action: str
    """An action of the policy; `keep` is `publish`."""
    reasons: tuple[str, ...] = ()
    """Reasons of the policy, the weightiest first."""
    policy: str | None = None
    """The right one, where the case was brought under another."""
    corrections: Corrections | None = field(default=None, repr=False)
    """What is wrong with what the machine marked."""
    comment: str | None = field(default=None, repr=False)
    """For colleagues."""
    active_seconds: float | None = None
    """How long the reviewer worked on it: the page was to be seen, and they were not idle."""


def checked(ballot: Ballot, policy: Policy, suggested: Sequence[str], fields: Fields) -> Ballot:
    """A ballot in the words of the policy.

    Args:
        ballot: As it was given.
        policy: In force.
        suggested: The reasons a restriction has where the ballot names none.
        fields: Those of the item, for corrections of its texts.

    Raises:
        Refused: the policy has no such action, reason or policy, a restriction has no reason, or a
            correction is not possible.
    """
    action, reasons = in_words(policy, ballot.action, ballot.reasons, suggested)
    vocabulary = policy.vocabulary
    if ballot.policy is not None and ballot.policy not in _policies(policy):
        what = "policy"
        raise Refused(what, f"there is no policy `{ballot.policy}`")
    if ballot.corrections is not None:
        check(ballot.corrections, vocabulary.reasons.keys(), fields)
    return replace(ballot, action=action, reasons=reasons)


def in_words(
    policy: Policy, action: str, reasons: Sequence[str], suggested: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """An action and its reasons in the words of the policy; raises Refused, as `checked`."""
    action = PUBLISH if action == _KEEP else action
    vocabulary = policy.vocabulary
    if action not in vocabulary.actions:
        what = "action"
        raise Refused(what, f"the policy has no action `{action}`")
    what = "reasons"
    if unknown := [name for name in reasons if name not in vocabulary.reasons]:
        raise Refused(what, f"the policy has no reason `{unknown[0]}`")
    found = tuple(dict.fromkeys(reasons))
    if not found and action != PUBLISH:
        found = tuple(name for name in suggested if name in vocabulary.reasons)
        if not found:
            raise Refused(what, f"`{action}` needs a reason")
    return action, found


def _policies(policy: Policy) -> set[str]:
    """Those that reasons and rules belong to."""
    of_reasons = {reason.policy for reason in policy.vocabulary.reasons.values()}
    return of_reasons | {rule.policy for rule in policy.rules.values()}
