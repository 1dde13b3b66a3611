"""Runs the parts side by side until somebody says stop."""

import selectors
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

from queues.supervision.keeper import Keeper
from queues.supervision.parts import Part
from queues.supervision.screen import Screen

_TURN: Final = 0.1
_BETWEEN_ROUNDS: Final = 1.0
"""Seconds between two rounds of the guards."""
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_GAVE_UP: Final = 1
_HURRIED: Final = 130


class Supervisor:
    """Starts parts, shows their lines, starts again what ends, and stops all in order.

    To be used in the main thread, which hears signals. Ctrl-C or SIGTERM stops, and once more
    kills. When this process is killed, its parts are told to stop where the system can.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        screen: Screen,
        *,
        guards: Sequence[Callable[[], None]] = (),
        when_ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            parts: in the order in which they are started.
            screen: where their lines go.
            guards: called once a second, to look after what is not a part; not to take long.
            when_ready: called once, when all parts are ready.
        """
        self._keepers = [Keeper(part, screen) for part in parts]
        self._screen = screen
        self._guards = guards
        self._when_ready = when_ready
        self._announced = False
        self._round = 0.0
        self._asked = 0

    def run(self) -> int:
        """Run until told to stop; the exit code of the program.

        Returns:
            0 when told to stop, 130 when told twice, 1 when a part does not start.
        """
        with _heard(self._ask), selectors.DefaultSelector() as selector:
            try:
                now = time.monotonic()
                for keeper in self._keepers:
                    keeper.start(now)
                self._turn_until(self._over, selector, again=True)
                self._stop(selector)
            finally:
                for keeper in reversed(self._keepers):
                    keeper.kill()
        if any(keeper.gave_up for keeper in self._keepers):
            return _GAVE_UP
        return _HURRIED if self._asked > 1 else 0

    def _over(self) -> bool:
        gave_up = any(keeper.gave_up for keeper in self._keepers)
        return self._asked > 0 or gave_up or self._screen.gone

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked += 1

    def _stop(self, selector: selectors.BaseSelector) -> None:
        """Stage by stage, the last first; within one all at once, each with its time to finish."""
        self._screen.say("stopping; Ctrl-C once more ends everything at once")
        for stage in sorted({keeper.part.stage for keeper in self._keepers}, reverse=True):
            leaving = [keeper for keeper in self._keepers if keeper.part.stage == stage]
            for keeper in leaving:
                keeper.ask_to_stop()
            asked = time.monotonic()

            def gone(leaving: list[Keeper] = leaving, asked: float = asked) -> bool:
                self._kill_late(leaving, time.monotonic() - asked)
                return self._asked > 1 or not any(keeper.running for keeper in leaving)

            self._turn_until(gone, selector, again=False)
            if self._asked > 1:
                return

    def _kill_late(self, leaving: Sequence[Keeper], waited: float) -> None:
        for keeper in leaving:
            if keeper.running and waited > keeper.part.grace:
                name, grace = keeper.part.name, keeper.part.grace
                self._screen.say(f"{name} did not stop within {grace:g} s and was killed")
                keeper.kill()

    def _turn_until(
        self, done: Callable[[], bool], selector: selectors.BaseSelector, *, again: bool
    ) -> None:
        """Show lines and look after the parts until it is done."""
        while not done():
            _listen_to(self._keepers, selector)
            for key, _ in selector.select(_TURN):
                key.data.read()
            now = time.monotonic()
            for keeper in self._keepers:
                keeper.tend(now, again=again)
            if again:
                self._look_around(now)

    def _look_around(self, now: float) -> None:
        if now >= self._round:
            self._round = now + _BETWEEN_ROUNDS
            for guard in self._guards:
                guard()
        if not self._announced and all(keeper.ready for keeper in self._keepers):
            self._announced = True
            self._when_ready()


def _listen_to(keepers: Sequence[Keeper], selector: selectors.BaseSelector) -> None:
    """Wait for the lines of those that run now."""
    for key in list(selector.get_map().values()):
        selector.unregister(key.fd)
    for keeper in keepers:
        if keeper.pipe is not None:
            selector.register(keeper.pipe, selectors.EVENT_READ, keeper)


@contextmanager
def _heard(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Hear signals for as long as this lasts."""
    before = {each: signal.signal(each, handler) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, former in before.items():
            signal.signal(each, former)
