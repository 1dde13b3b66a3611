"""Receivers of events: registers, changes and disables them, and exchanges their secrets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, func, or_, select

from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.store.events import EventKind
from queues.store.ledger import AuditEvent, record
from queues.store.session import Store
from queues.store.tables.effects import webhook_secrets, webhooks
from queues.webhooks.addresses import Network, permits
from queues.webhooks.destinations import Destination, parse, resolve
from queues.webhooks.signing import new_secret

#: Secrets of one webhook that are valid at once, at most: each adds a signature to every delivery.
MOST_SECRETS: Final = 4

_LONGEST_ABOUT: Final = 500
_ABOUT: Final = "about"
_KINDS: Final = "kinds"
_UNTIL: Final = "until"
_URL: Final = "url"
_WEBHOOK: Final = "webhook"
_ACTIVITY: Final[Mapping[object, str]] = {True: "webhook.enabled", False: "webhook.disabled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A receiver."""

    id: UUID
    url: str
    kinds: tuple[EventKind, ...]
    """What it is told of; none: everything."""
    active: bool
    """Whether events are collected and sent; what waits meanwhile stays."""
    about: str | None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What shall be different; None leaves things as they are."""

    url: str | None = None
    kinds: Iterable[str] | None = None
    about: str | None = None
    active: bool | None = None


def register(
    store: Store,
    *,
    url: str,
    by: str,
    allowed: tuple[Network, ...],
    kinds: Iterable[str] = (),
    about: str | None = None,
) -> tuple[Webhook, str]:
    """Add a receiver; it is told of what happens from now on.

    Args:
        store: Where it is kept.
        url: `https://…`, or `http://…` within the networks that are allowed.
        by: Who does it, as audit events name people.
        allowed: Networks beside the public one; see `settings.webhooks.allowed_networks`.
        kinds: Of events; none: all.
        about: For people, to tell webhooks apart.

    Returns:
        The webhook, and the secret that its deliveries are signed with: it is shown this once.

    Raises:
        Refused: an address that deliveries may not go to, or a kind that does not exist.
    """
    changes = Changes(url=url, kinds=kinds, about=about)
    values = _values(changes, allowed)
    secret = new_secret()
    with store.transaction() as connection:
        row = connection.execute(
            webhooks.insert()
            .values(values | {"id": new_id(), "created_by": by})
            .returning(webhooks)
        ).one()
        _add_secret(connection, row.id, secret)
        _record(connection, "webhook.registered", row.id, by, _told(values))
    return _webhook(row), secret


def listed(store: Store) -> list[Webhook]:
    """All webhooks, the oldest first."""
    with store.read() as connection:
        rows = connection.execute(select(webhooks).order_by(webhooks.c.id)).all()
    return [_webhook(row) for row in rows]


def find(store: Store, webhook_id: UUID) -> Webhook:
    """One webhook.

    Raises:
        NotFound: there is none of this id.
    """
    with store.read() as connection:
        return _webhook(_locked(connection, webhook_id, lock=False))


def change(
    store: Store, webhook_id: UUID, changes: Changes, *, by: str, allowed: tuple[Network, ...]
) -> Webhook:
    """Change a receiver; deliveries that wait go to the new address.

    Raises:
        NotFound: there is none of this id.
        Refused: as in `register`.
    """
    values = _values(changes, allowed)
    with store.transaction() as connection:
        before = _locked(connection, webhook_id)
        differing = {
            name: value for name, value in values.items() if value != getattr(before, name)
        }
        if not differing:
            return _webhook(before)
        row = connection.execute(
            webhooks.update()
            .where(webhooks.c.id == webhook_id)
            .values(differing)
            .returning(webhooks)
        ).one()
        kind = _ACTIVITY.get(differing.get("active"), "webhook.changed")
        _record(connection, kind, webhook_id, by, _told(differing))
    return _webhook(row)


def disable(store: Store, webhook_id: UUID, *, by: str) -> Webhook:
    """Collect and send nothing more for a receiver; what waits stays, until it is enabled again.

    Raises:
        NotFound: there is none of this id.
    """
    return change(store, webhook_id, Changes(active=False), by=by, allowed=())


def rotate(store: Store, webhook_id: UUID, *, by: str, until: datetime | None = None) -> str:
    """Give a receiver another secret.

    Args:
        store: Where it is kept.
        webhook_id: Whose.
        by: Who does it.
        until: The moment up to which deliveries are signed with the old secrets as well; None:
            they are worth nothing from now on.

    Returns:
        The new secret: it is shown this once.

    Raises:
        NotFound: there is no webhook of this id.
        Refused: the moment has passed.
        Conflict: too many secrets are valid at once.
    """
    secret = new_secret()
    mine = webhook_secrets.c.webhook_id == webhook_id
    ends = webhook_secrets.c.expires_at
    with store.transaction() as connection:
        _locked(connection, webhook_id)
        now = connection.execute(select(func.now())).scalar_one()
        if until is not None and until <= now:
            raise Refused(_UNTIL, "has passed")
        end = now if until is None else until
        connection.execute(
            webhook_secrets.update()
            .where(mine, or_(ends.is_(None), ends > end))
            .values(expires_at=end)
        )
        connection.execute(webhook_secrets.delete().where(mine, ends <= now))
        _add_secret(connection, webhook_id, secret)
        valid = select(func.count()).select_from(webhook_secrets).where(mine)
        if connection.execute(valid).scalar_one() > MOST_SECRETS:
            raise Conflict(_WEBHOOK, f"more than {MOST_SECRETS} secrets would be valid at once")
        details = {"old_valid_until": None if until is None else until.isoformat()}
        _record(connection, "webhook.secret_rotated", webhook_id, by, details)
    return secret


def _values(changes: Changes, allowed: tuple[Network, ...]) -> dict[str, object]:
    """The columns that are named, checked."""
    values: dict[str, object] = {}
    if changes.url is not None:
        values["url"] = _reachable(parse(changes.url), allowed).url
    if changes.kinds is not None:
        kinds = sorted(set(changes.kinds))
        unknown = [kind for kind in kinds if kind not in set(EventKind)]
        if unknown:
            raise Refused(_KINDS, f"there is no event `{unknown[0]}`")
        values["kinds"] = [str(kind) for kind in kinds]
    if changes.about is not None:
        if len(changes.about) > _LONGEST_ABOUT or "\0" in changes.about:
            raise Refused(_ABOUT, f"is longer than {_LONGEST_ABOUT} characters")
        values["about"] = changes.about
    if changes.active is not None:
        values["active"] = changes.active
    return values


def _reachable(destination: Destination, allowed: tuple[Network, ...]) -> Destination:
    """Refuse early what every delivery would refuse; names may become known later."""
    try:
        addresses = resolve(destination.host, destination.port)
    except OSError:
        addresses = []
    encrypted = destination.encrypted
    if any(permits(address, encrypted=encrypted, allowed=allowed) for address in addresses):
        return destination
    if not encrypted:
        raise Refused(_URL, "http:// is for networks that are allowed; others need https://")
    if addresses:
        raise Refused(_URL, "leads to no public address, and into no network that is allowed")
    return destination


def _locked(connection: Connection, webhook_id: UUID, *, lock: bool = True) -> Row[Any]:
    question = select(webhooks).where(webhooks.c.id == webhook_id)
    row = connection.execute(question.with_for_update() if lock else question).one_or_none()
    if row is None:
        raise NotFound(_WEBHOOK, str(webhook_id))
    return row


def _add_secret(connection: Connection, webhook_id: UUID, secret: str) -> None:
    connection.execute(
        webhook_secrets.insert().values(id=new_id(), webhook_id=webhook_id, secret=secret)
    )


def _told(values: Mapping[str, object]) -> dict[str, object]:
    """What the audit may know: of the address the host, for the rest may hold a token."""
    shown = {name: value for name, value in values.items() if name != _URL}
    return shown | ({"host": parse(str(values[_URL])).host} if _URL in values else {})


def _record(
    connection: Connection, kind: str, webhook_id: UUID, by: str, details: Mapping[str, object]
) -> None:
    at = connection.execute(select(func.now())).scalar_one()
    event = AuditEvent(at=at, actor=by, kind=kind, subject=str(webhook_id), details=details)
    record(connection, [event])


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        kinds=tuple(EventKind(kind) for kind in row.kinds),
        active=row.active,
        about=row.about,
        created_by=row.created_by,
        created_at=row.created_at,
    )
