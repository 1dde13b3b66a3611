"""Logs defects that items meet: the way through the code once, however many items meet the same."""

import logging
import sys
from traceback import walk_tb

_log = logging.getLogger(__name__)


class Defects:
    """The defects of one release."""

    def __init__(self, release: str) -> None:
        """None has been met yet.

        Args:
            release: Its name, for the log.
        """
        self._release = release
        self._met: set[tuple[str, int]] = set()
        """By file and line."""

    def report(self, what: str, **about: object) -> None:
        """Log the defect that is being handled, with what it happened to.

        A defect of a rule can meet thousands of items a second, and a log that is full of the same
        hides what else goes wrong.
        """
        defect = sys.exception()
        assert defect is not None
        *_, (frame, line) = walk_tb(defect.__traceback__)
        place = (frame.f_code.co_filename, line)
        about |= {"release": self._release, "defect": type(defect).__name__}
        _log.error(what, extra=about, exc_info=place not in self._met)
        self._met.add(place)
