"""The disk of Postgres is full: senders are told to wait, and nothing is lost."""

import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from queues.lifelines import tied

_ROOT: Final = Path(__file__).resolve().parents[2]
#: A mount namespace of its own: for root as it is, for others as somebody who may mount there.
_AS_ROOT: Final = ("unshare", "--mount", "--")
_AS_USER: Final = ("unshare", "--map-current-user", "--keep-caps", "--mount", "--")


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """503 while it is full, whatever becomes of Postgres; afterwards all that was answered."""
    alone = _alone()
    if alone is None:
        pytest.skip("nobody may mount a disk in memory here, not even in a namespace of their own")
    program = tied([sys.executable, "-m", "tests.faults.disk", str(tmp_path)], signal.SIGKILL)
    done = subprocess.run(
        [*alone, *program],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@cache
def _alone() -> tuple[str, ...] | None:
    """What starts a program that may mount a disk which nobody else sees; None: nothing does."""
    way = _AS_ROOT if os.geteuid() == 0 else _AS_USER
    trial = [*way, "mount", "-t", "tmpfs", "tmpfs", "/tmp"]  # noqa: S108 - seen by the trial alone
    try:
        done = subprocess.run(trial, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return way if done.returncode == 0 else None
