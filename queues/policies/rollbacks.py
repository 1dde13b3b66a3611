"""Takes releases back: one that was in force before comes in their place, in one step."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from sqlalchemy import Connection

from engine.errors import InvalidPolicy, InvalidRelease
from queues.errors import Conflict
from queues.policies import releases
from queues.policies.artefacts import stored_release
from queues.policies.releases import Activated
from queues.store import activations, trials
from queues.store.activations import Kind, Standing
from queues.store.session import Store

_ROLLING_BACK: Final = "rolling back"
_RETURNED: Final = "it was taken back, and you published it; somebody else has to bring it back"
_NOTHING_BEFORE: Final = "no release was in force before"
_ANOTHER: Final = "another release is in force by now"
_ALREADY: Final = "it is in force"
_NEVER: Final = "it never was in force; bring it into force instead"


def roll_back(
    store: Store, *, by: str, note: str | None = None, to: str | None = None
) -> Activated:
    """Bring a release into force that was in force before; raises as `take_back`."""
    with store.transaction() as connection:
        activations.lock(connection)
        return take_back(connection, by=by, note=note, to=to)


def take_back(
    connection: Connection,
    *,
    by: str,
    note: str | None = None,
    to: str | None = None,
    only: str | None = None,
) -> Activated:
    """Bring a release into force that was in force before, within a transaction that has the lock.

    Rolling back twice goes back two releases, and not to where it began. What came in between is
    never in force on the way. A release that was taken back itself is brought on top of what is in
    force, so it is watched again, and its author cannot do that.

    Args:
        connection: Within a transaction that has the lock of activations.
        by: Who does it.
        note: Why, for people.
        to: The release that is to come back; None: what was in force before this one came.
        only: The release that is to go; None: whichever is in force.

    Raises:
        NotFound: there is no release `to`.
        Conflict: none was in force before, or not that one; it cannot be loaded; or another is in
            force by now.
    """
    stack = activations.standing(connection, Kind.RELEASE)
    now = stack[0].names[0] if stack else None
    if only not in {None, now}:
        raise Conflict(_ROLLING_BACK, _ANOTHER)
    name, undoes = _way_back(connection, stack, to, by)
    _refuse_unusable(connection, name)
    activations.bring(connection, Kind.RELEASE, [name], by=by, note=note, undoes=undoes)
    trials.end(connection, by=by, why=f"release `{name}` came back into force")
    activated = Activated(name=name, before=now)
    releases.tell(connection, "release.rolled_back", activated, by)
    return activated


def _way_back(
    connection: Connection, stack: Sequence[Standing], to: str | None, by: str
) -> tuple[str, int | None]:
    """What comes back, and the first activation that goes; None: it was taken back itself."""
    if to is None:
        if len(stack) < 2:  # noqa: PLR2004 - what is in force, and the one before
            raise Conflict(_ROLLING_BACK, _NOTHING_BEFORE)
        return stack[1].names[0], stack[0].id
    if stack and stack[0].names == (to,):
        raise Conflict(releases.named(to), _ALREADY)
    for later, each in pairwise(stack):
        if each.names == (to,):
            return to, later.id
    if not activations.ever(connection, Kind.RELEASE, to):
        releases.author_of(connection, to)
        raise Conflict(releases.named(to), _NEVER)
    releases.refuse_author(connection, to, by, _RETURNED)
    return to, None


def _refuse_unusable(connection: Connection, name: str) -> None:
    """Processes would keep what is to go: raises Conflict."""
    try:
        stored_release(connection, name)
    except (InvalidPolicy, InvalidRelease) as problem:
        why = f"it cannot be loaded ({problem}), and what is in force stays; name another one"
        raise Conflict(releases.named(name), why) from problem
