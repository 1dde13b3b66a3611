"""What happened to an item, as the audit has it, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from queues.store.naming import floor_of, item_named
from queues.store.session import Store

_EVENTS: Final = text(
    "SELECT id, at, actor, kind, subject, details FROM audit_events"
    " WHERE item_id = :item AND id > :after ORDER BY id LIMIT :limit"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One audit event."""

    id: UUID
    at: datetime
    actor: str
    """`key:NAME`, `reviewer:NAME`, `machine`, `cli:USER`."""
    kind: str
    subject: str | None
    """What else it was about: a case, a release, a verdict."""
    details: Mapping[str, Any]


def history(
    store: Store, name: str, *, after: UUID | None = None, limit: int = 100
) -> list[Happening]:
    """Audit events of an item, the oldest first.

    Args:
        store: Where they are.
        name: The id its sender gave it, or ours.
        after: The last id of the page before.
        limit: How many at most.

    Raises:
        NotFound: there is no such item.
    """
    with store.read() as connection:
        item = item_named(connection, name)
        given = {"item": item, "after": after or floor_of(item), "limit": limit}
        rows = connection.execute(_EVENTS, given).mappings().all()
    return [Happening(**row) for row in rows]
