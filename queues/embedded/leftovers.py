"""Processes of a server whose starter was killed: they hold the data, and have to go first."""

import contextlib
import os
import signal
from pathlib import Path
from typing import Final

from queues.embedded.patience import wait_until

_PROCESSES: Final = Path("/proc")
_GRACE: Final = 20.0
"""In seconds, for a leftover to end by itself."""


def end_leftovers(folder: Path, program: str, first: int | None, politely: signal.Signals) -> None:
    """End what still runs this program on this folder; the caller holds the folder.

    Args:
        folder: where the server stands; both servers make their data folder the current one.
        program: its name, such as `postgres`: a shell standing there is left alone.
        first: the process that started the others, as the server wrote it down; when it is
            gone, the others have nothing to save.
        politely: the signal that asks it to end cleanly; the others would misunderstand it.
    """
    left = running_in(folder, program)
    if first in left:
        send(first, politely)
        wait_until(lambda: not running_in(folder, program), _GRACE)
        left = running_in(folder, program)
    for pid in left:
        send(pid, signal.SIGKILL)
    wait_until(lambda: not running_in(folder, program), _GRACE)


def can_be_seen() -> bool:
    """Whether this system shows its processes, so that none found means none there."""
    return _PROCESSES.is_dir()


def running_in(folder: Path, program: str) -> list[int]:
    """The processes that run this program and stand in this folder; none where none can be seen."""
    if not can_be_seen():
        return []
    here = folder.resolve()
    return [
        int(entry.name)
        for entry in _PROCESSES.iterdir()
        if entry.name.isdecimal() and _is(entry, program, here)
    ]


def send(pid: int, which: signal.Signals) -> None:
    """Send a signal to a process that may just have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, which)


def _is(entry: Path, program: str, folder: Path) -> bool:
    try:
        # A program that was replaced by an upgrade reads `postgres (deleted)`.
        name = (entry / "exe").readlink().name.split(" ")[0]
        return name == program and (entry / "cwd").readlink() == folder
    except OSError:
        return False
