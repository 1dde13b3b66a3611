"""The people of a demo: one or more of each role, who can sign in at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from queues.access import Role
from queues.bootstrap import Services
from queues.people import Profile

_BY: Final = "cli:demo"
#: Of all of them, on a machine's own address, over items that are made up: nothing is at stake.
_PASSWORD: Final = "tierwise-demo"  # noqa: S105 - told to whoever reads the screen


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, and what they are here for."""

    name: str
    role: Role
    does: str


CAST: Final = (
    Member("mona", Role.MODERATOR, "decides cases at the desk"),
    Member("sara", Role.SENIOR, "votes in panels"),
    Member("sven", Role.SENIOR, "votes in panels"),
    Member("sofia", Role.SENIOR, "votes in panels"),
    Member("paul", Role.POLICY_AUTHOR, "edits the policy"),
    Member("petra", Role.POLICY_APPROVER, "approves it and brings it into force"),
    Member("max", Role.MANAGER, "reads how it goes"),
    Member("ada", Role.ADMIN, "adds people and keys"),
)


def cast(services: Services) -> None:
    """Give each an account with a password."""
    for member in CAST:
        profile = Profile(display_name=member.name.title(), roles=(member.role,))
        services.accounts.add(member.name, profile, by=_BY)
        invitation = services.invitations.invite(member.name, by=_BY)
        services.invitations.accept(invitation.link.rpartition("#")[2], _PASSWORD)


def told() -> Iterator[str]:
    """Who can sign in, and how."""
    yield f"Sign in with the password {_PASSWORD} as"
    for member in CAST:
        yield f"  {member.name:<8}{member.role.replace('_', ' '):<18}{member.does}"
