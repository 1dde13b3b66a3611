"""Keys of programs: who may call, and for what; a key is shown once and kept as its hash alone."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, text

from queues.errors import KeyExpired, KeyRevoked, KeyUnknown, NotFound, Refused
from queues.ids import new_id
from queues.store.ledger import AuditEvent, record
from queues.store.notices import Topic, notify
from queues.store.session import Store
from queues.store.tables.access import api_keys

_START: Final = "tw_"
_LENGTH: Final = 46
_SHOWN: Final = 9
_MOST_NAME: Final = 100
_KEY: Final = "key"
_UNKNOWN: Final = "is unknown"
_REVOKED: Final = "was revoked"
_EXPIRED: Final = "has expired"
_PAST: Final = "lies in the past"


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
class Key:
    """A key as it is listed; the key itself is not known any more."""

    id: UUID
    name: str
    prefix: str
    """How the key begins, for people to tell keys apart."""
    scopes: tuple[Scope, ...]
    rate: int | None
    """Requests a minute; None: the default."""
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    """To about a minute."""


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


def create(
    store: Store,
    *,
    name: str,
    scopes: Iterable[Scope],
    by: str,
    rate: int | None = None,
    expires: datetime | None = None,
) -> tuple[Key, str]:
    """Make a key.

    Args:
        store: Where it is kept.
        name: Whose it is. Two keys of one name are one caller, so that a new key can take over.
        scopes: What it is for.
        by: Who makes it, as audit events name people.
        rate: Requests a minute; None: the default of the settings.
        expires: When it ends; None: when it is revoked.

    Returns:
        The key as it is listed, and the key itself: nobody can show it again.

    Raises:
        Refused: a name or rate that cannot be, no scope, or an end that has passed.
    """
    wanted = sorted(set(scopes))
    _check(name, wanted, rate)
    secret = _START + secrets.token_urlsafe(32)
    values = {
        "id": new_id(),
        "name": name,
        "prefix": secret[:_SHOWN],
        "digest": _digest(secret),
        "scopes": [scope.value for scope in wanted],
        "rate": rate,
        "created_by": by,
        "expires_at": expires,
    }
    with store.transaction() as connection:
        row = connection.execute(api_keys.insert().values(values).returning(api_keys)).one()
        if expires is not None and expires <= row.created_at:
            raise Refused("expires", _PAST)
        details = {"name": name, "scopes": values["scopes"], "rate": rate}
        _tell(connection, "key.created", row, by, details)
    return _key(row), secret


def keys(store: Store) -> list[Key]:
    """All keys, also those that open nothing any more, by age."""
    with store.read() as connection:
        return [_key(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.id))]


def revoke(store: Store, key: UUID, *, by: str) -> Key:
    """Take a key back, at once and everywhere; a key that is revoked already stays as it is.

    Raises:
        NotFound: there is no such key.
    """
    with store.transaction() as connection:
        revoked = connection.execute(
            api_keys.update()
            .where(api_keys.c.id == key, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=func.now())
            .returning(api_keys)
        ).one_or_none()
        if revoked is not None:
            _tell(connection, "key.revoked", revoked, by, {"name": revoked.name})
            notify(connection, Topic.KEY, str(key))
            return _key(revoked)
        found = connection.execute(select(api_keys).where(api_keys.c.id == key)).one_or_none()
    if found is None:
        raise NotFound(_KEY, str(key))
    return _key(found)


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
        found = self._known.get(_digest(key))
        return found.caller if found is not None and time.monotonic() < found.until else None

    def authenticate(self, key: str) -> Caller:
        """The caller; may ask the database.

        Raises:
            KeyUnknown: nobody was given this key.
            KeyExpired: its time is over.
            KeyRevoked: it was taken back.
            Unavailable: the database cannot say.
        """
        if not key.startswith(_START) or len(key) != _LENGTH:
            raise KeyUnknown(_KEY, _UNKNOWN)
        found = self.known(key)
        if found is not None:
            return found
        forgotten = self._forgotten
        digest = _digest(key)
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


def _digest(key: str) -> bytes:
    # 256 random bits cannot be guessed, so a slow hash would protect nothing more.
    return sha256(key.encode()).digest()


def _check(name: str, scopes: list[Scope], rate: int | None) -> None:
    if not 0 < len(name) <= _MOST_NAME or not name.isprintable():
        raise Refused("name", f"needs 1 to {_MOST_NAME} printable characters")
    if not scopes:
        raise Refused("scopes", "names none; a key that is for nothing opens nothing")
    if rate is not None and not 0 < rate < 2**31:
        raise Refused("rate", "must be at least 1 request a minute")


def _tell(
    connection: Connection,
    kind: str,
    row: Row[tuple[object, ...]],
    by: str,
    details: dict[str, object],
) -> None:
    at = connection.execute(select(func.now())).scalar_one()
    event = AuditEvent(at=at, actor=by, kind=kind, subject=str(row.id), details=details)
    record(connection, [event])


def _key(row: Row[tuple[object, ...]]) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scopes=tuple(map(Scope, row.scopes)),
        rate=row.rate,
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
