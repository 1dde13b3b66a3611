"""Whom a server runs as. PostgreSQL refuses to run as root, and Valkey should not either.

The rule: the owner of the data folder runs the server, so the same folder works on every start.

- An ordinary user runs it as themself.
- Root, on a folder of an ordinary user, becomes that user for the server.
- Root, on a folder of root, starts it in a user namespace: the server sees an ordinary user, the
  system sees root without a single capability, and the folder stays root's.
- Where there are no user namespaces, root gives the folder to `nobody` and the rule above holds.
"""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from queues.embedded.errors import FolderUnusable
from queues.embedded.folders import DataFolder
from queues.lifelines import tied

_NOBODY: Final = 65_534
_NAMESPACE: Final = ("--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Privileges:
    """How a command is started so that it runs as the owner of the folder."""

    before: tuple[str, ...] = ()
    """What stands before the command."""
    user: int | None = None
    group: int | None = None

    def spawn(
        self, command: Sequence[str], *, folder: Path, log: BinaryIO, ends_with: signal.Signals
    ) -> subprocess.Popen[bytes]:
        """Start a command in a folder, in a session of its own, its output going to the log.

        Args:
            command: the program and what it is told.
            folder: where it stands.
            log: takes what it writes, errors too; nothing of ours stays open in it.
            ends_with: the signal it gets when the calling thread ends, where the system can.
        """
        return subprocess.Popen(  # noqa: S603 - programs found by `binaries`
            [*self.before, *tied(command, ends_with)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
            umask=0o077,
        )

    def run(self, command: Sequence[str], folder: DataFolder) -> int:
        """Run a command to its end, its output going to the log; its exit code."""
        with (
            folder.open_log() as log,
            self.spawn(command, folder=folder.path, log=log, ends_with=signal.SIGKILL) as process,
        ):
            try:
                return process.wait()
            except BaseException:
                process.kill()
                raise


def privileges_for(folder: DataFolder, program: Path) -> Privileges:
    """How to start this program on this folder; the folder may change hands.

    Raises:
        FolderUnusable: the user who would have to run the program cannot reach it or the folder.
    """
    if os.geteuid() != 0:
        return Privileges()
    user, group = folder.owner
    if user == 0:
        unshare = _unshare()
        if unshare is not None:
            return Privileges(before=(unshare, *_NAMESPACE, "--"))
        user, group = _nobody()
        folder.give_to(user, group)
    chosen = Privileges(user=user, group=group)
    _try_out(chosen, folder, program)
    return chosen


@cache
def _unshare() -> str | None:
    """The program that makes user namespaces, where they are allowed."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    trial = subprocess.run(  # noqa: S603 - a fixed command
        [unshare, *_NAMESPACE, "--", "true"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return unshare if trial.returncode == 0 else None


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return _NOBODY, _NOBODY
    return entry.pw_uid, entry.pw_gid


def _try_out(privileges: Privileges, folder: DataFolder, program: Path) -> None:
    """See that the user can reach both: the server's own words about it would say little."""
    try:
        entered = privileges.run(["test", "-w", str(folder.path)], folder) == 0
        reached = entered and privileges.run([str(program), "--version"], folder) == 0
    except PermissionError:
        reached = False
    if not reached:
        raise FolderUnusable(
            str(folder.path),
            f"user {privileges.user}, who owns it, cannot reach it or `{program}`, and the server "
            "does not run as root; start as an ordinary user, or put both where that user can go",
        )
