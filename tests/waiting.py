"""Waiting for what tells nobody when it happens."""

import threading
import time
from collections.abc import Callable

_BETWEEN_LOOKS = 0.01


def until(condition: Callable[[], object], *, within: float = 20.0) -> None:
    """Wait for a condition; it fails the test when it does not hold within these seconds."""
    deadline = time.monotonic() + within
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"not so within {within} s"
        pause.wait(_BETWEEN_LOOKS)
