"""From claims to a person here: their name, what others see, and the roles of their groups."""

from typing import Final

from queues.errors import ProviderRefused
from queues.oidc.tokens import Claims
from queues.people import Identity
from queues.sections import Oidc

_EMAIL: Final = "email"
_LONGEST_NAME: Final = 100


def identity_of(claims: Claims, given: Oidc) -> Identity:
    """Who somebody is by their claims.

    Args:
        claims: Proven.
        given: Which claim is what.

    Raises:
        ProviderRefused: roles come with groups, and none of theirs is one.
    """
    return Identity(
        issuer=str(given.issuer),
        subject=claims["sub"],
        name=_name(claims, given.name_claim),
        display_name=_display_name(claims),
        roles=_roles(claims, given),
    )


def _name(claims: Claims, claim: str) -> str | None:
    """The name of their account; None: there is none that is sure."""
    found = claims.get(claim)
    if not isinstance(found, str):
        return None
    if claim == _EMAIL and claims.get("email_verified") is not True:
        # Anybody can say that an address is theirs.
        return None
    # Small letters of ASCII alone: others become it, such as the sign for kelvin a k.
    return found.strip().lower() if found.isascii() else None


def _display_name(claims: Claims) -> str | None:
    found = claims.get("name")
    if not isinstance(found, str):
        return None
    name = " ".join("".join(each for each in found if each.isprintable()).split())
    return name[:_LONGEST_NAME].strip() or None


def _roles(claims: Claims, given: Oidc) -> tuple[str, ...] | None:
    """Those of their groups; None: roles are given here."""
    if given.roles_claim is None:
        return None
    found = claims.get(given.roles_claim)
    groups = found if isinstance(found, list) else [found]
    roles = {given.roles[each] for each in groups if isinstance(each, str) and each in given.roles}
    if not roles:
        why = "none of your groups at the provider has a role here"
        raise ProviderRefused(why)
    return tuple(sorted(roles))
