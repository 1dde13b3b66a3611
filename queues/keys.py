"""Makes keys of programs, lists them and takes them back; a key is shown once and never stored."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Row, func, select

from queues.access import KEY_START, Scope, digest_of
from queues.errors import NotFound, Refused
from queues.ids import new_id
from queues.store.ledger import AuditEvent, record
from queues.store.notices import Topic, notify
from queues.store.session import Store
from queues.store.tables.access import api_keys

#: Characters of a key that are shown in lists.
_SHOWN: Final = 9
_MOST_NAME: Final = 100
_KEY: Final = "key"
_NAME: Final = "name"
_SCOPES: Final = "scopes"
_RATE: Final = "rate"
_EXPIRES: Final = "expires"


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
    secret = KEY_START + secrets.token_urlsafe(32)
    values = {
        "id": new_id(),
        "name": name,
        "prefix": secret[:_SHOWN],
        "digest": digest_of(secret),
        "scopes": [scope.value for scope in wanted],
        "rate": rate,
        "created_by": by,
        "expires_at": expires,
    }
    with store.transaction() as connection:
        row = connection.execute(api_keys.insert().values(values).returning(api_keys)).one()
        if expires is not None and expires <= row.created_at:
            raise Refused(_EXPIRES, "lies in the past")
        details = {"name": name, "scopes": values["scopes"], "rate": rate}
        _tell(connection, "key.created", row, by, details)
    return _key(row), secret


def listed(store: Store) -> list[Key]:
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


def _check(name: str, scopes: list[Scope], rate: int | None) -> None:
    if not 0 < len(name) <= _MOST_NAME or not name.isprintable():
        raise Refused(_NAME, f"needs 1 to {_MOST_NAME} printable characters")
    if not scopes:
        raise Refused(_SCOPES, "names none; a key that is for nothing opens nothing")
    if rate is not None and not 0 < rate < 2**31:
        raise Refused(_RATE, "must be at least 1 request a minute")


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
