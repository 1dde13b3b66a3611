"""What a policy says that its authors can hardly mean: findings over the whole of it."""

from collections.abc import Callable, Iterator

from engine.diagnostics import Diagnostic
from engine.rules.lints.bands import band_gap, band_overlap
from engine.rules.lints.drift import list_drift
from engine.rules.lints.expiry import expired
from engine.rules.lints.oversight import no_quality_sample, reason_policy
from engine.rules.lints.precedence import can_never_win
from engine.rules.lints.reach import always_true, contradictory, unreachable
from engine.rules.lints.spelling import short_word
from engine.rules.lints.survey import Survey, survey_of
from engine.rules.lints.twins import different_tiers, duplicate_rule
from engine.rules.lints.usage import exempts_nothing, unused
from engine.rules.model import Policy

#: A check yields what it finds; its first line of documentation begins with its code.
Check = Callable[[Survey], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    unreachable,
    contradictory,
    always_true,
    can_never_win,
    different_tiers,
    duplicate_rule,
    band_gap,
    band_overlap,
    expired,
    list_drift,
    unused,
    exempts_nothing,
    short_word,
    no_quality_sample,
    reason_policy,
)


def check(policy: Policy, *, now: float) -> list[Diagnostic]:
    """All findings of all checks, sorted by place, each once.

    Args:
        policy: The whole policy.
        now: Seconds since 1970, to tell what is over.
    """
    survey = survey_of(policy, now=now)
    found = {diagnostic: None for each in CHECKS for diagnostic in each(survey)}
    return sorted(found, key=lambda each: (each.span, each.code, each.message))
