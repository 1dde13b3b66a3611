"""Finds items by the names that people and programs use for them."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.errors import NotFound
from queues.ids import SKEW, id_floor, moment_of

_ITEM: Final = "item"
_FIND: Final = text("""
SELECT id FROM items WHERE sender_id = :name
UNION ALL SELECT id FROM items WHERE id = CAST(:ours AS uuid)
""")


def item_named(connection: Connection, name: str) -> UUID:
    """The id of an item by the id of its sender, or else by ours; raises NotFound."""
    try:
        ours: UUID | None = UUID(name)
    except ValueError:
        ours = None
    found: UUID | None = connection.execute(_FIND, {"name": name, "ours": ours}).scalars().first()
    if found is None:
        raise NotFound(_ITEM, name)
    return found


def floor_of(item: UUID) -> UUID:
    """An id below those of all rows about an item: days before it need not be looked at.

    They are younger than the item, but for what clocks of machines differ.
    """
    return id_floor(moment_of(item) - SKEW)
