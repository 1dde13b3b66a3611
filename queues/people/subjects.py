"""Names of policies in profiles: those there are, and what is said of others."""

from collections.abc import Callable, Collection
from typing import Final

from engine.rules.model import Policy
from engine.rules.suggestions import nearest, quoted, shown
from queues.errors import Refused
from queues.people.profiles import Profile

#: The policy of appeals that no rule routes.
_APPEAL: Final = "appeal"
#: More names than these are no help in a sentence.
_MOST_SHOWN: Final = 12

Policies = Collection[str] | None
"""Names of all policies there are; None: nobody can tell."""


def anything() -> Policies:
    """Nobody can tell which policies there are."""
    return None


def policies_of(policy: Policy) -> frozenset[str]:
    """All policies that cases can be about under a release."""
    rules = {rule.policy for rule in policy.rules.values()}
    reasons = {reason.policy for reason in policy.vocabulary.reasons.values()}
    return frozenset(rules | reasons | {_APPEAL})


def check_policies(
    profile: Profile, policies: Callable[[], Policies], *, before: Profile | None = None
) -> None:
    """Refuse policies that there are not, except those that were named before.

    Args:
        profile: As it shall be.
        policies: Asked only where a name is new.
        before: As it was. A release may have lost a policy since; that stands in nobody's way.

    Raises:
        Refused: with the name that was probably meant, or the names there are.
    """
    known: Policies = None
    for field in ("policies", "opted_out"):
        had = () if before is None else getattr(before, field)
        new = sorted(set(getattr(profile, field)) - set(had))
        known = policies() if new and known is None else known
        for name in new:
            if known is not None and name not in known:
                raise Refused(field, _no_such(name, known))


def _no_such(name: str, known: Collection[str]) -> str:
    near = nearest(name, sorted(known))
    said = f"there is no policy `{shown(name)}` in the release in force"
    if near is not None:
        return f"{said}; did you mean `{near}`?"
    names = sorted(known)
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return f"{said}; there are {quoted(names[:_MOST_SHOWN])}{more}"
