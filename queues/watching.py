"""Looks again and again, in a thread of its own: every few seconds, and at once when told to."""

import threading
from collections.abc import Callable

import structlog

from queues.errors import Unavailable
from queues.telemetry import failure

_log = structlog.get_logger(__name__)


class Watcher:
    """Keeps something current that another process may change."""

    def __init__(self, name: str, look: Callable[[], None], *, poll: float) -> None:
        """Prepare; nothing is looked at yet.

        Args:
            name: What is kept current, for the log and the name of the thread.
            look: Looks once. What it raises is said in the log, and it is called again.
            poll: Seconds between looks, where nobody wakes it.
        """
        self._name = name
        self._look = look
        self._poll = poll
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def alive(self) -> bool:
        """Whether it looks."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Look from now on; to be called after any fork."""
        self._thread.start()

    def wake(self, _what: str = "") -> None:
        """Look at once; fit to hear notices with."""
        self._wake.set()

    def close(self) -> None:
        """Look no more, and wait until the last look is over."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            if self._stop.is_set():  # between the two, so that the wake was for this
                return
            try:
                self._look()
            except Unavailable as problem:
                _log.warning("cannot look", at=self._name, reason=str(problem))
            except Exception as problem:  # noqa: BLE001 - a thread that ends leaves us behind for ever
                _log.error("looking failed", at=self._name, **failure(problem))
            self._wake.wait(self._poll)
