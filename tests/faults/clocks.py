"""Processes whose machines have the wrong time; what they measure from start to end stays right."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tests.faults.site import Site

#: Where libfaketime keeps a little for each process, and leaves it when the process is killed.
_SHARED: Final = Path("/dev/shm")  # noqa: S108 - not of our choosing
_TRIAL: Final = timedelta(days=365)
_PRELOADED: Final = {
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "DONT_FAKE_MONOTONIC": "1",  # its name in older versions
}
_ASK: Final = "import time; print(time.time())"


def set_clocks(site: Site, wrong: Mapping[str, timedelta]) -> None:
    """Have these processes, and no others, run with clocks that are wrong by so much.

    Whatever runs by another clock is started anew. Nothing is put right afterwards: whoever comes
    next says what they want, and it may be nobody.

    Args:
        site: The site.
        wrong: By the name of the process: later than the right time, or earlier if negative.
    """
    _run_with(site, {name: _wrong_by(offset) for name, offset in wrong.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Jumping:
    """A clock that jumps while processes run that go by it."""

    file: Path
    """What they read it from."""

    def jump(self, offset: timedelta) -> None:
        """Be wrong by so much from now on; negative: behind."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{offset.total_seconds():+.0f}s\n", encoding="ascii")
        fresh.replace(self.file)

    @property
    def environment(self) -> dict[str, str]:
        """Of the processes."""
        return {
            **_PRELOADED,
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
        }


def let_jump(site: Site, names: Sequence[str]) -> Jumping:
    """Have these processes, and no others, run with a clock that can jump; it is right as yet."""
    clock = Jumping(file=site.folder / "clock")
    clock.jump(timedelta(0))
    _run_with(site, dict.fromkeys(names, clock.environment))
    return clock


@cache
def can_be_wrong() -> bool:
    """Whether libfaketime is installed and works here."""
    if _library() is None:
        return False
    right, wrong = _asked({}), _asked(_wrong_by(_TRIAL))
    return wrong - right > _TRIAL.total_seconds() / 2


def _run_with(site: Site, environments: Mapping[str, Mapping[str, str]]) -> None:
    """Start anew whatever runs with something else than this; what is not named: with nothing."""
    # Those whose start is waited for come last.
    for name in sorted(site.processes, key=lambda name: site.processes[name].port):
        environment = environments.get(name, {})
        if site.processes[name].environment != environment:
            _start_anew(site, name, environment)
    site.await_ready()


def _start_anew(site: Site, name: str, environment: Mapping[str, str]) -> None:
    process = site.processes[name]
    pid = process.running.pid if process.running is not None else 0
    site.kill(name)
    for left in _SHARED.glob(f"*faketime_???_{pid}"):
        left.unlink(missing_ok=True)
    process.environment = environment
    site.start(name)


def _wrong_by(offset: timedelta) -> dict[str, str]:
    """The environment of a process with such a clock."""
    return {
        **_PRELOADED,
        "LD_PRELOAD": str(_library()),
        "FAKETIME": f"{offset.total_seconds():+.0f}s",
    }


def _library() -> Path | None:
    """What the linker puts before the C library; the wheel itself is not imported."""
    found = find_spec("libfaketime")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "vendor" / "libfaketime" / "src"
    return next(folder.glob("libfaketime.so*"), None)


def _asked(environment: Mapping[str, str]) -> float:
    """What time it is to a process with this environment."""
    asked = subprocess.run(
        [sys.executable, "-c", _ASK], env=environment, capture_output=True, check=True
    )
    return float(asked.stdout)
