"""Processes that end with whoever started them, however that comes about."""

import shutil
import signal
import subprocess
from collections.abc import Sequence
from functools import cache


def tied(command: Sequence[str], ends_with: signal.Signals) -> list[str]:
    """The command, so that the system sends this signal when the thread that starts it ends.

    Only where the system can: on Linux with util-linux. Elsewhere the command as it is.
    """
    setpriv = _setpriv()
    if setpriv is None:
        return list(command)
    return [setpriv, "--pdeathsig", ends_with.name.removeprefix("SIG"), "--", *command]


@cache
def _setpriv() -> str | None:
    """The program that sets it, if it is one that can."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    trial = subprocess.run(  # noqa: S603 - a fixed command
        [setpriv, "--pdeathsig", "keep", "--", "true"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return setpriv if trial.returncode == 0 else None
