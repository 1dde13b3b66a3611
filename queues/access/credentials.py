"""What callers show: secrets of which only a hash is kept, and the questions about them."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, text

from queues.access.callers import Caller, Person, Program
from queues.access.roles import Role, RoleTable
from queues.errors import KeyExpired, KeyRevoked, KeyUnknown

#: How keys of programs begin.
KEY_START: Final = "tw_"
#: How sessions of people begin.
SESSION_START: Final = "tws_"
#: How one-time invitations begin.
INVITATION_START: Final = "twi_"

#: Bytes of randomness in each, and the characters of base64url that they take.
_BYTES: Final = 32
_LENGTH: Final = 43

_KEY: Final = "key"
_SESSION: Final = "session"
_UNKNOWN: Final = "is unknown"
_REVOKED: Final = "was revoked"
_EXPIRED: Final = "has expired"

_ASK_KEY: Final = text(
    "SELECT id, name, scopes, rate, revoked_at IS NOT NULL AS revoked,"
    " extract(epoch FROM expires_at - now())::double precision AS remaining,"
    " coalesce(last_used_at < now() - interval '1 minute', true) AS stale"
    " FROM api_keys WHERE digest = :digest"
)
_USED_KEY: Final = text("UPDATE api_keys SET last_used_at = now() WHERE id = :id")
_ASK_SESSION: Final = text(
    "SELECT accounts.id, name, roles, sessions.id AS session,"
    " extract(epoch FROM least(expires_at, last_used_at + :idle * interval '1 second')"
    "  - now())::double precision AS remaining,"
    " last_used_at < now() - least(:idle / 4, 60) * interval '1 second' AS stale"
    " FROM sessions JOIN accounts ON accounts.id = account_id"
    " WHERE digest = :digest AND disabled_at IS NULL"
)
_USED_SESSION: Final = text("UPDATE sessions SET last_used_at = now() WHERE id = :id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A caller whose secret was looked up."""

    caller: Caller
    trusted: float
    """Seconds for which the answer holds if nothing is changed."""


def new_secret(start: str) -> str:
    """256 random bits, after what says what they are for."""
    return start + secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> bytes:
    """What is stored of a secret."""
    # 256 random bits cannot be guessed, so a slow hash would protect nothing more.
    return sha256(secret.encode()).digest()


def well_formed(secret: str) -> bool:
    """Whether it can be a key or a session at all."""
    return any(
        secret.startswith(start) and len(secret) == len(start) + _LENGTH
        for start in (KEY_START, SESSION_START)
    )


def unknown(secret: str) -> KeyUnknown:
    """What is said of a secret that nobody was given."""
    return KeyUnknown(_SESSION if secret.startswith(SESSION_START) else _KEY, _UNKNOWN)


def ask_key(connection: Connection, digest: bytes) -> Shown | None:
    """The program of a key; None: there is no such key. Raises KeyRevoked or KeyExpired."""
    row = connection.execute(_ASK_KEY, {"digest": digest}).one_or_none()
    if row is None:
        return None
    if row.revoked:
        raise KeyRevoked(_KEY, _REVOKED)
    if row.remaining is not None and row.remaining <= 0:
        raise KeyExpired(_KEY, _EXPIRED)
    if row.stale:
        connection.execute(_USED_KEY, {"id": row.id})
    program = Program(id=row.id, name=row.name, scopes=frozenset(row.scopes), rate=row.rate)
    trusted = float("inf") if row.remaining is None else float(row.remaining)
    return Shown(caller=program, trusted=trusted)


def ask_session(
    connection: Connection, digest: bytes, *, idle: float, table: RoleTable
) -> Shown | None:
    """The person of a session, which is in use from now for another while.

    Args:
        connection: Of a transaction.
        digest: Of the session.
        idle: Seconds without a request after which it is over.
        table: What roles may do.

    Returns:
        None where there is no such session, or its account is disabled.

    Raises:
        KeyExpired: it lasted its time, or nobody used it.
    """
    row = connection.execute(_ASK_SESSION, {"digest": digest, "idle": idle}).one_or_none()
    if row is None:
        return None
    if row.remaining <= 0:
        raise KeyExpired(_SESSION, _EXPIRED)
    if row.stale:
        connection.execute(_USED_SESSION, {"id": row.session})
    roles = tuple(map(Role, row.roles))
    person = Person(id=row.id, name=row.name, roles=roles, session=row.session, table=table)
    # Asked again in time for the session to be seen in use.
    return Shown(caller=person, trusted=float(row.remaining) / 2)
