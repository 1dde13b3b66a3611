"""Keeps one part running: starts it, hands on its lines, starts it again when it ends."""

import contextlib
import os
import signal
import subprocess
from typing import Final

from queues.lifelines import tied
from queues.supervision.parts import Part
from queues.supervision.screen import Lines, Screen

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_STEADY: Final = 60.0
"""Seconds after which a process that ends counts as the first that does."""
_SETTLED: Final = 1.0
"""Seconds after which a process without a way to ask it counts as ready."""
_BETWEEN_LOOKS: Final = 0.2
_TRIES: Final = 3
"""How often a part may end before it was ready for the first time."""
_CHUNK: Final = 65_536
"""In bytes, read at once."""
_CHUNKS: Final = 16
"""Read in a row, before others have their turn."""


class Keeper:
    """The process of a part, and those that come after it. Times are in seconds, monotonic."""

    def __init__(self, part: Part, screen: Screen) -> None:
        self.part = part
        self.ready = False
        """Whether it was ready at least once."""
        self.gave_up = False
        """Whether it ended too often before that."""
        self._screen = screen
        self._lines = Lines()
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._look = 0.0
        self._due: float | None = None
        self._failures = 0

    @property
    def pipe(self) -> int | None:
        """What its lines come through; None while nothing runs, or it has closed it."""
        if self._process is None or self._process.stdout is None or self._process.stdout.closed:
            return None
        return self._process.stdout.fileno()

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def start(self, now: float) -> None:
        """Start it."""
        self._started, self._due, self._look = now, None, now
        self._process = subprocess.Popen(  # noqa: S603 - commands of ours
            tied(self.part.command, signal.SIGTERM),
            env=self.part.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C in the terminal reaches us alone, and we tell it when its turn has come.
            start_new_session=True,
        )
        assert self._process.stdout is not None  # noqa: S101 - asked for above
        os.set_blocking(self._process.stdout.fileno(), False)

    def read(self) -> None:
        """Hand on what it has written."""
        for _ in range(_CHUNKS):
            pipe = self.pipe
            if pipe is None:
                return
            try:
                received = os.read(pipe, _CHUNK)
            except BlockingIOError:
                return
            self._hand_on(self._lines.add(received))
            if not received:
                self._close_pipe()

    def tend(self, now: float, *, again: bool) -> None:
        """See how it is: whether it has ended, is ready, or is due to start again.

        Args:
            now: the time.
            again: whether it is to be started again when it has ended.
        """
        if self._process is None:
            if again and self._due is not None and now >= self._due:
                self.start(now)
        elif self._process.poll() is not None:
            code = self._bury(self._process)
            if again:
                self._failed(now, code)
        elif not self.ready and now >= self._look:
            self._look = now + _BETWEEN_LOOKS
            self.ready = self._is_ready(self._process.pid, now)

    def ask_to_stop(self) -> None:
        """Tell its first process; how the others end is that one's business."""
        self._due = None
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End it and everything it started."""
        self._due = None
        if self._process is not None:
            _kill_group(self._process.pid)
            self._process.kill()
            self._process.wait()
            self._bury(self._process)

    def _is_ready(self, pid: int, now: float) -> bool:
        if self.part.ready is None:
            return now >= self._started + _SETTLED
        return self.part.ready(pid)

    def _failed(self, now: float, code: int) -> None:
        """Start again after a while, or give up if it never did its work."""
        self._failures = 1 if now - self._started > _STEADY else self._failures + 1
        how = f"with {code}" if code >= 0 else f"by {signal.Signals(-code).name}"
        if not self.ready and self._failures >= _TRIES:
            self.gave_up = True
            self._screen.say(f"{self.part.name} ended {how} and does not start")
            return
        pause = min(_FIRST_PAUSE * 2 ** (self._failures - 1), _LONGEST_PAUSE)
        self._due = now + pause
        self._screen.say(f"{self.part.name} ended {how}; starting it again in {pause:g} s")

    def _bury(self, process: subprocess.Popen[bytes]) -> int:
        """Hand on its last lines, and end what it has left behind."""
        _kill_group(process.pid)
        self.read()
        self._hand_on(self._lines.rest())
        self._close_pipe()
        self._process = None
        return process.returncode

    def _close_pipe(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()

    def _hand_on(self, lines: list[str]) -> None:
        for line in filter(str.strip, lines):
            self._screen.say(line, self.part.name)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
