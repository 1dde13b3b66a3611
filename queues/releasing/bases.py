"""What a release was made from: it takes the place of that one alone, unless somebody says so.

Two people who change one release make two from it. Whichever comes second into force would take
back what the first one changed, as a release has all rules in it.
"""

from typing import Any, Final

from sqlalchemy import Connection, Row, select, text

from queues.errors import Conflict
from queues.policies.releases import named
from queues.releasing.steps import Step, add_step
from queues.store import activations
from queues.store.activations import Kind
from queues.store.tables.policies import releases

#: What came into force since a release was last brought there; all of it where it never was.
_SINCE: Final = text("""
SELECT names[1] AS name, by, at, note, undoes IS NOT NULL AS back FROM activations
WHERE kind = 'release' AND id > coalesce((SELECT max(id) FROM activations
    WHERE kind = 'release' AND names[1] = :base), 0)
ORDER BY id DESC LIMIT :most
""")
_MOST: Final = 3


def base_of(connection: Connection, name: str) -> str | None:
    """The release that a release was made from; None: nothing was in force then."""
    question = select(releases.c.base).where(releases.c.name == name)
    found: str | None = connection.execute(question).scalar()
    return found


def moved(connection: Connection, name: str, active: str | None) -> str | None:
    """What a release was not made from and would take the place of; None: nothing."""
    if active is None or active in {name, base_of(connection, name)}:
        return None
    return active


def check_base(
    connection: Connection, name: str, active: str | None, replaces: str | None
) -> str | None:
    """Refuse a release whose base is not in force, unless that is meant.

    Args:
        connection: Within a transaction.
        name: The release.
        active: What is in force.
        replaces: What it shall take the place of, as somebody said; None: nobody did.

    Returns:
        What is taken back although the release was not made from it; None: nothing.

    Raises:
        Conflict: it was made from another release, or another one is in force than was said.
    """
    if replaces is not None and replaces != active:
        now = "nothing" if active is None else _with_history(connection, replaces, active)
        raise Conflict(named(name), f"it shall replace `{replaces}`, and {now} is in force")
    other = moved(connection, name, active)
    if other is not None and replaces is None:
        base = base_of(connection, name)
        made = "when nothing was in force" if base is None else f"from `{base}`"
        why = (
            f"it was made {made}, and {_with_history(connection, base, other)} is in force by now:"
            f" what that changed would be taken back (`tierwise diff {other} {name}` shows it)."
            f" {_way_out(connection, name)}, or say that this one replaces it (`--replace {other}`)"
        )
        raise Conflict(named(name), why)
    return other


def note_replaced(
    connection: Connection, name: str, other: str, *, by: str, note: str | None
) -> None:
    """Write down that a release takes the place of one that it was not made from."""
    against = [f"it was not made from `{other}`, which was in force"]
    add_step(connection, name, Step.EXCEPTED, by=by, note=note, details={"despite": against})


def _way_out(connection: Connection, name: str) -> str:
    """What somebody probably wants instead."""
    if activations.ever(connection, Kind.RELEASE, name):
        return f"Go back to it (`tierwise release rollback --to {name}`)"
    return "Make the change anew from what is in force"


def _with_history(connection: Connection, base: str | None, active: str) -> str:
    """What is in force, and who brought what since another one was."""
    given = {"base": base, "most": _MOST + 1}
    rows = connection.execute(_SINCE, given).all()
    told = [_told(row) for row in reversed(rows[:_MOST])]
    more = ["…"] if len(rows) > _MOST else []
    return f"`{active}` ({'; '.join([*more, *told])})"


def _told(row: Row[Any]) -> str:
    what = "brought back" if row.back else "activated"
    note = "" if row.note is None else f": {row.note}"
    return f"`{row.name}` {what} by {row.by} at {row.at:%Y-%m-%d %H:%M}{note}"
