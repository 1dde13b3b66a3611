"""Finds the policies that are compared: folders, releases by their names, or the one in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from engine.rules.model import Policy
from engine.rules.release import Release
from queues.errors import NotFound
from queues.policies.artefacts import policy_of, stored_release
from queues.policies.sources import files_of
from queues.store import activations
from queues.store.activations import Kind

Files = Mapping[str, str]

_RELEASE: Final = "release"
_NONE_IN_FORCE: Final = "in force"

# Those that judged in a window: what came into force in it, and what was in force before.
_JUDGED: Final = text("""
SELECT DISTINCT names[1] AS name FROM activations WHERE kind = 'release' AND at < :until AND id >= (
    SELECT coalesce(max(id), 0) FROM activations WHERE kind = 'release' AND at <= :since)
ORDER BY 1
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A policy that is compared."""

    release: Release
    files: Files | None = None
    """What it was made of; None: it is stored as a release."""


def tried(connection: Connection, named: str | None, *, folders: bool) -> Tried:
    """A policy by a folder or by the name of a release; None: the release in force.

    Args:
        connection: Within a transaction.
        named: What somebody calls it.
        folders: Whether it may be a folder of this machine.

    Raises:
        InvalidPolicy: its files have mistakes.
        NotFound: there is neither, or none is in force.
        Refused: a file cannot be read.
    """
    if named is None:
        found = activations.in_force(connection, Kind.RELEASE)
        if not found:
            raise NotFound(_RELEASE, _NONE_IN_FORCE)
        return Tried(release=stored_release(connection, found[0]))
    folder = Path(named)
    if not (folders and folder.is_dir()):
        return Tried(release=stored_release(connection, named))
    contents = files_of(folder)
    files = {path: content.decode(errors="replace") for path, content in contents.items()}
    return Tried(release=Release.of(policy_of(contents)), files=files)


def again(connection: Connection, name: str, sources: Mapping[str, Files]) -> Release:
    """A policy of a backtest, in another process."""
    files = sources.get(name)
    if files is None:
        return stored_release(connection, name)
    return Release.of(policy_of(files))


def judged_by(connection: Connection, since: datetime, until: datetime) -> list[Policy]:
    """The policies that judged what came in a window."""
    names = connection.execute(_JUDGED, {"since": since, "until": until}).scalars().all()
    return [stored_release(connection, name).policy for name in names]
