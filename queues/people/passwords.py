"""Passwords: hashed with argon2id, and looked at in the same time whoever they are of."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from queues import settings
from queues.errors import Refused, Unavailable

LONGEST: Final = 1_024
#: Passwords in a process, for each that is looked at: whoever comes then has to come again, as
#: those who wait hold threads that others need.
_IN_LINE: Final = 4
#: The least of different characters: what has fewer is a pattern, not a password.
_DIFFERENT: Final = 5
_SIGN_IN: Final = "sign-in"


class Passwords:
    """Hashes passwords and compares them, a few at once: each takes memory on purpose."""

    def __init__(self, given: settings.Passwords) -> None:
        """Hash nothing yet.

        Args:
            given: How much work a hash is, and how short a password may be.
        """
        self._shortest = given.shortest
        self._hasher = PasswordHasher(
            time_cost=given.passes, memory_cost=given.memory, parallelism=given.lanes
        )
        self._line = threading.BoundedSemaphore(given.at_once * _IN_LINE)
        self._room = threading.BoundedSemaphore(given.at_once)

    def check(self, password: str, *, name: str) -> None:
        """Raise Refused for a password that others would guess.

        Args:
            password: What somebody wants.
            name: Theirs; a password that is made of it is guessed first.
        """
        field = "password"
        if not self._shortest <= len(password) <= LONGEST:
            raise Refused(field, f"needs {self._shortest} to {LONGEST:,} characters")
        if len(set(password)) < _DIFFERENT:
            raise Refused(field, f"needs at least {_DIFFERENT} different characters")
        if not password.casefold().replace(name.casefold(), "").strip():
            raise Refused(field, "says no more than the name")

    def hash(self, password: str) -> str:
        """What is stored, with all parameters in it; raises Unavailable when too many wait."""
        with self._turn():
            return self._hasher.hash(_same(password))

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether a password is the one that was hashed.

        Where nothing is stored a decoy is compared, so that an answer takes its time for names
        nobody has too. Raises Unavailable when too many wait.
        """
        with self._turn():
            try:
                self._hasher.verify(stored or self._decoy, _same(password))
            except (VerificationError, InvalidHashError):
                return False
        return stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than those of the settings."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash("")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._line.acquire(blocking=False):
            raise Unavailable(_SIGN_IN, "too many people sign in at once")
        try:
            with self._room:
                yield
        finally:
            self._line.release()


def _same(password: str) -> str:
    """One form for characters that can be typed in several, as different keyboards do."""
    return unicodedata.normalize("NFKC", password)
