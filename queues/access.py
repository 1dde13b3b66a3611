"""Who calls, and what they may do: keys of programs, known by their hash and remembered shortly."""

import time
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import text

from queues.errors import KeyExpired, KeyRevoked, KeyUnknown
from queues.store.session import Store

#: How every key begins, and how long it is: 32 random bytes in base64url follow.
KEY_START: Final = "tw_"
_LENGTH: Final = 46
_KEY: Final = "key"
_UNKNOWN: Final = "is unknown"
_REVOKED: Final = "was revoked"
_EXPIRED: Final = "has expired"


class Scope(StrEnum):
    """What a key is for."""

    #: Everything.
    ADMIN = "admin"
    #: Send items, signals of items, and erase items.
    ITEMS_WRITE = "items:write"
    #: Read items and decisions; each reading is an audit event.
    ITEMS_READ = "items:read"
    #: Hand on what users say about items.
    REPORTS_WRITE = "reports:write"
    #: Appeal against decisions.
    APPEALS_WRITE = "appeals:write"
    #: See what waits for people.
    CASES_READ = "cases:read"
    #: Claim cases, vote and decide.
    CASES_DECIDE = "cases:decide"
    #: See releases and models, explain items.
    RELEASES_READ = "releases:read"
    #: Publish, activate and roll back.
    RELEASES_WRITE = "releases:write"
    #: Register receivers of events.
    WEBHOOKS_MANAGE = "webhooks:manage"
    #: Make and revoke keys.
    KEYS_MANAGE = "keys:manage"
    #: See what happened, and statements of reasons.
    AUDIT_READ = "audit:read"
    #: Scrape metrics.
    METRICS_READ = "metrics:read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, as far as the key tells."""

    id: UUID
    name: str
    scopes: frozenset[str]
    rate: int | None

    @property
    def actor(self) -> str:
        """As audit events name it."""
        return f"key:{self.name}"

    def may(self, scope: Scope) -> bool:
        """Whether the key is for this."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


@dataclass(frozen=True, slots=True)
class _Remembered:
    caller: Caller
    until: float


class Access:
    """Knows callers by their keys, and remembers them for some seconds.

    Whoever listens for notices of topic `key` calls `forget`; without it a revoked key still
    opens doors until the seconds are over.
    """

    def __init__(self, store: Store, *, remember: float = 15.0, most: int = 10_000) -> None:
        """Know nobody yet.

        Args:
            store: Where keys are kept.
            remember: Seconds.
            most: Callers that are remembered at once.
        """
        self._store = store
        self._remember = remember
        self._most = most
        self._known: dict[bytes, _Remembered] = {}
        self._forgotten = 0

    def known(self, key: str) -> Caller | None:
        """The caller, if the database need not be asked."""
        found = self._known.get(digest_of(key))
        return found.caller if found is not None and time.monotonic() < found.until else None

    def authenticate(self, key: str) -> Caller:
        """The caller; may ask the database.

        Raises:
            KeyUnknown: nobody was given this key.
            KeyExpired: its time is over.
            KeyRevoked: it was taken back.
            Unavailable: the database cannot say.
        """
        if not key.startswith(KEY_START) or len(key) != _LENGTH:
            raise KeyUnknown(_KEY, _UNKNOWN)
        found = self.known(key)
        if found is not None:
            return found
        forgotten = self._forgotten
        digest = digest_of(key)
        caller, left = self._ask(digest)
        # Revoked while we asked: what we know may be what was true before.
        if forgotten == self._forgotten:
            if len(self._known) >= self._most:
                self._known.clear()
            self._known[digest] = _Remembered(caller, time.monotonic() + min(left, self._remember))
        return caller

    def forget(self) -> None:
        """Forget all callers: some key changed, or a notice that one did may have been missed."""
        self._forgotten += 1
        self._known.clear()

    def _ask(self, digest: bytes) -> tuple[Caller, float]:
        with self._store.transaction() as connection:
            row = connection.execute(_QUESTION, {"digest": digest}).one_or_none()
            if row is None:
                raise KeyUnknown(_KEY, _UNKNOWN)
            if row.revoked:
                raise KeyRevoked(_KEY, _REVOKED)
            if row.remaining is not None and row.remaining <= 0:
                raise KeyExpired(_KEY, _EXPIRED)
            if row.stale:
                connection.execute(_USED, {"id": row.id})
        caller = Caller(id=row.id, name=row.name, scopes=frozenset(row.scopes), rate=row.rate)
        return caller, float("inf") if row.remaining is None else float(row.remaining)


_QUESTION: Final = text(
    "SELECT id, name, scopes, rate, revoked_at IS NOT NULL AS revoked,"
    " extract(epoch FROM expires_at - now())::double precision AS remaining,"
    " coalesce(last_used_at < now() - interval '1 minute', true) AS stale"
    " FROM api_keys WHERE digest = :digest"
)
_USED: Final = text("UPDATE api_keys SET last_used_at = now() WHERE id = :id")


def digest_of(key: str) -> bytes:
    """What is stored of a key."""
    # 256 random bits cannot be guessed, so a slow hash would protect nothing more.
    return sha256(key.encode()).digest()
