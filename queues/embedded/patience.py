"""Waiting for something that tells nobody when it happens."""

import threading
import time
from collections.abc import Callable
from typing import Final

_BETWEEN_LOOKS: Final = 0.005
"""In seconds."""


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look until the condition holds; False when it does not within these seconds."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause.wait(_BETWEEN_LOOKS)
    return True
