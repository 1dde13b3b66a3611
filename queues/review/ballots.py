"""What a reviewer says about a case, checked against the policy in force."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from engine.rules.model import Policy
from queues.errors import Refused

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
    comment: str | None = field(default=None, repr=False)
    """For colleagues."""
    active_seconds: float | None = None
    """How long the reviewer worked on it."""


def checked(ballot: Ballot, policy: Policy, suggested: Sequence[str]) -> Ballot:
    """A ballot in the words of the policy.

    Args:
        ballot: As it was given.
        policy: In force.
        suggested: The reasons a restriction has where the ballot names none.

    Raises:
        Refused: the policy has no such action or reason, or a restriction has no reason.
    """
    action = PUBLISH if ballot.action == _KEEP else ballot.action
    vocabulary = policy.vocabulary
    if action not in vocabulary.actions:
        what = "action"
        raise Refused(what, f"the policy has no action `{action}`")
    what = "reasons"
    if unknown := [name for name in ballot.reasons if name not in vocabulary.reasons]:
        raise Refused(what, f"the policy has no reason `{unknown[0]}`")
    reasons = tuple(dict.fromkeys(ballot.reasons))
    if not reasons and action != PUBLISH:
        reasons = tuple(name for name in suggested if name in vocabulary.reasons)
        if not reasons:
            raise Refused(what, f"`{action}` needs a reason")
    return replace(ballot, action=action, reasons=reasons)
