"""What services need from outside; `bootstrap` chooses who provides it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time where the database is not asked: to try an item, to wait for a limit."""

    def now(self) -> datetime:
        """The present moment, with time zone UTC."""
