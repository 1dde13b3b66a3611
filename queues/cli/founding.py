"""What a new database needs before it can judge: the first release, and the first key."""

from pathlib import Path
from typing import Final

from engine.cli.loading import refuse
from engine.errors import InvalidPolicy
from queues import keys
from queues.access import Scope
from queues.policies import releases
from queues.store.session import Store

_BY: Final = "cli:up"


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
