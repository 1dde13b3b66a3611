"""Remembers that a server is away, so that only now and then somebody waits to find out."""

import threading
import time
from collections.abc import Callable
from typing import Final

_FIRST: Final = 1.0
_LONGEST: Final = 8.0


class Breaker:
    """Lets everybody through until something fails; then one at a time, more and more rarely.

    Threads may share one.
    """

    def __init__(
        self,
        *,
        first: float = _FIRST,
        longest: float = _LONGEST,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """Everything is fine at first.

        Args:
            first: Seconds after a failure before the next try; twice as many after the next one.
            longest: At most so many.
            timer: Seconds of a clock that never goes back.
        """
        self._first = first
        self._longest = longest
        self._timer = timer
        self._lock = threading.Lock()
        self._rest = first
        self._next_try = float("-inf")
        self._since: float | None = None

    @property
    def away_for(self) -> float | None:
        """Seconds since the first failure that no success followed; None: it is there."""
        since = self._since
        return None if since is None else self._timer() - since

    def admits(self) -> bool:
        """Whether to try. While the server is away, whoever hears yes is the one to find out."""
        if self._since is None:
            return True
        with self._lock:
            now = self._timer()
            if now < self._next_try:
                return False
            self._next_try = now + self._rest
            return True

    def succeeded(self) -> None:
        """The server answered."""
        if self._since is not None:
            with self._lock:
                self._since = None
                self._rest = self._first

    def failed(self) -> bool:
        """The server did not answer in time; says whether that is news."""
        with self._lock:
            now = self._timer()
            news = self._since is None
            if news:
                self._since = now
                self._rest = self._first
            else:
                self._rest = min(self._rest * 2, self._longest)
            self._next_try = now + self._rest
            return news
