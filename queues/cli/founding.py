"""What a new database needs before it can judge: the first release, key and person."""

from pathlib import Path
from typing import Final

from sqlalchemy import text

from engine.cli.loading import refuse
from engine.errors import InvalidPolicy
from queues import keys
from queues.access import Permission, Role, Scope
from queues.bootstrap import Services
from queues.errors import Conflict
from queues.people import Invitation, Profile
from queues.policies import releases
from queues.store.session import Store

_BY: Final = "cli:up"
_FIRST: Final = "admin"


def first_release(store: Store, folder: Path) -> str:
    """The name of the release in force; where there is none, the rules of this folder become it."""
    active = releases.active_name(store)
    if active is not None:
        return active
    try:
        published = releases.publish_folder(store, folder, by=_BY, message="first release")
    except InvalidPolicy as mistakes:
        refuse(mistakes)
    return releases.activate(store, published.name, by=_BY, note="first release").name


def first_key(store: Store) -> str | None:
    """A key for everything, where there is none at all; it is not known afterwards."""
    if keys.listed(store):
        return None
    return keys.create(store, name="admin", scopes=[Scope.ADMIN], by=_BY)[1]


def first_person(services: Services) -> Invitation | None:
    """An invitation for whoever manages people, where nobody has an account yet.

    None also where the database has no tables yet.

    Raises:
        InvalidSettings: the table of roles has mistakes.
        Unavailable: the database is away.
    """
    managing = [role for role in Role if services.roles.may([role], Permission.PEOPLE_MANAGE)]
    with services.store.read() as connection:
        if connection.execute(text("SELECT to_regclass('accounts')")).scalar_one() is None:
            return None
    if services.accounts.listed():
        return None
    profile = Profile(display_name="Admin", roles=tuple(managing))
    try:
        services.accounts.add(_FIRST, profile, by=_BY)
    except Conflict:  # another process was first
        return None
    return services.invitations.invite(_FIRST, by=_BY)


def told(invitation: Invitation) -> str:
    """What whoever started an empty system is told of the first person."""
    return (
        f"The first account is `{invitation.name}`. Its password is set here, until"
        f" {invitation.expires_at:%Y-%m-%d %H:%M} UTC. It is shown this once:\n\n"
        f"  {invitation.link}"
    )
