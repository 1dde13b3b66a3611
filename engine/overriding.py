"""What somebody decided about content, in place of what rules say whenever the same comes again.

Nothing sets a protected rule aside, and where the engine or a classifier failed nobody knows which
rules would have matched: there an override is held off, and the item goes its usual way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.rules.model import Policy
from engine.rules.release import FAILED
from engine.verdict import Hit, HitStatus, Tier, Verdict

#: Why an override is held off, beside names of rules.
ENGINE_FAILED: Final = "engine-failed"
NO_SUCH_ACTION: Final = "no-such-action"
_TAKES_PART: Final = (HitStatus.LIVE, HitStatus.MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A decision about content, for whatever item has it."""

    id: str
    action: str
    reasons: tuple[str, ...]
    policy: str


def held_off_by(verdict: Verdict, given: Override, policy: Policy) -> str | None:
    """What an override cannot set aside; None: it decides.

    Args:
        verdict: What the rules say.
        given: The override.
        policy: That of the release the verdict is by.

    Returns:
        A protected rule that takes part, `engine-failed`, or `no-such-action`.
    """
    if verdict == FAILED:
        return ENGINE_FAILED
    for hit in verdict.hits:
        rule = policy.rules.get(hit.rule)
        if hit.status in _TAKES_PART and rule is not None and rule.protected:
            return hit.rule
    return None if given.action in policy.vocabulary.actions else NO_SUCH_ACTION


def overridden(verdict: Verdict, given: Override) -> Verdict:
    """What holds instead of a verdict: the machine acts, by the override alone.

    Rules that would have decided are kept as `overridden`. Their labels, messages, strikes and
    reviews belong to what was set aside. Nobody looks, so π is 0 until samples are added.
    """
    return Verdict(
        tier=Tier.AUTO,
        action=given.action,
        reasons=given.reasons,
        hits=tuple(_set_aside(hit, given) for hit in verdict.hits),
    )


def override_record(given: Override) -> dict[str, object]:
    """An override as JSON has it."""
    return {
        "id": given.id,
        "action": given.action,
        "reasons": given.reasons,
        "policy": given.policy,
    }


def override_of(record: Mapping[str, Any]) -> Override:
    """An override as `override_record` wrote it."""
    return Override(
        id=record["id"],
        action=record["action"],
        reasons=tuple(record["reasons"]),
        policy=record["policy"],
    )


def deciding_override(trace: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The record of the override that decided, by the trace of a verdict; None: rules did."""
    told: Mapping[str, Any] | None = trace.get("override")
    return told if told is not None and told["held_off_by"] is None else None


def _set_aside(hit: Hit, given: Override) -> Hit:
    if hit.status not in _TAKES_PART:
        return hit
    return Hit(hit.rule, HitStatus.OVERRIDDEN, given.id)
