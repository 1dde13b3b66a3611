"""Knows callers by what they show, and remembers them shortly."""

import time
from dataclasses import dataclass

from queues.access.callers import Caller
from queues.access.credentials import (
    SESSION_START,
    Shown,
    ask_key,
    ask_session,
    digest_of,
    unknown,
    well_formed,
)
from queues.access.roles import RoleTable
from queues.store.session import Store


@dataclass(frozen=True, slots=True)
class _Remembered:
    caller: Caller
    until: float


class Access:
    """Knows callers by their keys and sessions, and remembers them for some seconds.

    Whoever listens for notices of topics `key` and `session` calls `forget`; without it a key that
    was revoked, or a session that was ended, still opens doors until the seconds are over. Where a
    session is ended, who ends it calls `forget` too: a notice takes some milliseconds.
    """

    def __init__(
        self,
        store: Store,
        roles: RoleTable,
        *,
        idle: float = 3_600.0,
        remember: float = 15.0,
        most: int = 10_000,
    ) -> None:
        """Know nobody yet.

        Args:
            store: Where keys and sessions are kept.
            roles: What people may do.
            idle: Seconds without a request after which a session is over.
            remember: Seconds.
            most: Callers that are remembered at once.
        """
        self._store = store
        self._roles = roles
        self._idle = idle
        self._remember = remember
        self._most = most
        self._known: dict[bytes, _Remembered] = {}
        self._forgotten = 0

    def known(self, secret: str) -> Caller | None:
        """The caller, if the database need not be asked."""
        found = self._known.get(digest_of(secret))
        return found.caller if found is not None and time.monotonic() < found.until else None

    def authenticate(self, secret: str) -> Caller:
        """The caller with a key or a session; may ask the database.

        Raises:
            KeyUnknown: nobody was given this, or the session was ended.
            KeyExpired: its time is over.
            KeyRevoked: the key was taken back.
            Unavailable: the database cannot say.
        """
        if not well_formed(secret):
            raise unknown(secret)
        found = self.known(secret)
        if found is not None:
            return found
        forgotten = self._forgotten
        answer = self._ask(secret)
        # Changed while we asked: what we know may be what was true before.
        if forgotten == self._forgotten:
            if len(self._known) >= self._most:
                self._known.clear()
            until = time.monotonic() + min(answer.trusted, self._remember)
            self._known[digest_of(secret)] = _Remembered(answer.caller, until)
        return answer.caller

    def forget(self) -> None:
        """Forget all callers: something changed, or a notice that it did may have been missed."""
        self._forgotten += 1
        self._known.clear()

    def _ask(self, secret: str) -> Shown:
        digest = digest_of(secret)
        with self._store.transaction() as connection:
            if secret.startswith(SESSION_START):
                found = ask_session(connection, digest, idle=self._idle, table=self._roles)
            else:
                found = ask_key(connection, digest)
        if found is None:
            raise unknown(secret)
        return found
