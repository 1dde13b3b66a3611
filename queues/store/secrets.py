"""Random bits that an installation has for itself, made when they are first asked for."""

from secrets import token_bytes
from typing import Final

from sqlalchemy import text

from queues.store.session import Store

_BYTES: Final = 32
_MAKE: Final = text("""
INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING
""")
_READ: Final = text("SELECT value FROM secrets WHERE name = :name")


def secret_of(store: Store, name: str) -> bytes:
    """The bits of a name: the same for all processes and for ever; raises Unavailable."""
    with store.transaction() as connection:
        connection.execute(_MAKE, {"name": name, "value": token_bytes(_BYTES)})
        found: bytes = connection.execute(_READ, {"name": name}).scalar_one()
    return bytes(found)
