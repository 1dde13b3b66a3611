"""The content that an override is about: a hash of what people would look at."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.items import ItemReader
from engine.rules.model import Policy
from queues.errors import Conflict, Refused
from queues.intake.content import content_of
from queues.store.naming import item_named

#: Bytes of a content's hash.
_SIZE: Final = 16
_HASH: Final = "hash"
# By its own id alone: a join of a table split by day is planned over every day there is.
_VERDICT: Final = text("SELECT verdict_id FROM items WHERE id = :item")
_SENT: Final = text("SELECT input -> 'raw' AS raw FROM verdicts WHERE id = :verdict")


def content_of_hash(written: str) -> bytes:
    """A hash as it was written down; raises Refused."""
    try:
        content = bytes.fromhex(written)
    except ValueError:
        content = b""
    if len(content) != _SIZE:
        raise Refused(_HASH, f"needs {2 * _SIZE} hexadecimal digits, as overrides show it")
    return content


def content_of_item(connection: Connection, name: str, policy: Policy) -> tuple[UUID, bytes]:
    """Our id of an item, and the hash of what was sent as it; what came later is not a part.

    Args:
        connection: Within a transaction.
        name: The id of its sender, or ours.
        policy: In force; its vocabulary tells what people would look at.

    Raises:
        NotFound: there is no such item.
        Conflict: it was erased.
        Refused: it has neither text nor picture.
        InvalidItem: the vocabulary in force cannot read it.
    """
    item = item_named(connection, name)
    verdict = connection.execute(_VERDICT, {"item": item}).scalar_one()
    raw = connection.execute(_SENT, {"verdict": verdict}).scalar_one()
    if raw is None:
        what, why = f"item `{name}`", "it was erased, and nobody knows its content any more"
        raise Conflict(what, why)
    vocabulary = policy.vocabulary
    content = content_of(ItemReader(vocabulary).read(raw), vocabulary)
    if content is None:
        field = "item"
        raise Refused(field, "has neither text nor picture by which others would be known")
    return item, content
