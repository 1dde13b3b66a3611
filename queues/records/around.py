"""What stands around an item: what it answers, as far as the item names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, text

from queues.quality.contents import blind_content
from queues.store.ledger import AuditEvent, record

#: How far up it is looked, and how many neighbours are told.
_MOST: Final = 3
_LONGEST: Final = 2_000
_PARENT: Final = text("""
SELECT items.id, verdicts.input -> 'raw' AS raw, now() AS at
FROM items JOIN verdicts ON verdicts.id = items.verdict_id
WHERE items.sender_id = :name AND items.state <> 'erased'
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Something that stands before or after an item."""

    place: Literal["before", "after"]
    author: str | None
    text: str


def around(connection: Connection, content: Mapping[str, Any], *, actor: str) -> list[Neighbour]:
    """What an item answers, the oldest first, and what answers it.

    An item names what it answers as `item.parent_id` (the sender's id of an item that came here),
    or brings its surroundings: `thread: { before: […], after: […] }`, each a text or an object with
    `text` and `author`. Reading an item that came here is an audit event.

    Args:
        connection: To look for parents with.
        content: The item as it was sent.
        actor: Who reads.
    """
    brought = content.get("thread")
    thread: Mapping[str, Any] = brought if isinstance(brought, Mapping) else {}
    before = _brought(thread.get("before"), "before")
    return [
        *(before or _parents(connection, content, actor)),
        *_brought(thread.get("after"), "after"),
    ]


def _brought(given: object, place: Literal["before", "after"]) -> list[Neighbour]:
    if not isinstance(given, Sequence) or isinstance(given, str):
        return []
    found = [_neighbour(each, place) for each in given]
    known = [each for each in found if each is not None]
    return known[-_MOST:] if place == "before" else known[:_MOST]


def _neighbour(given: object, place: Literal["before", "after"]) -> Neighbour | None:
    if isinstance(given, Mapping):
        said, author = given.get("text"), _author_of(given)
    else:
        said, author = given, None
    if not isinstance(said, str) or not said:
        return None
    return Neighbour(place=place, author=author, text=said[:_LONGEST])


def _author_of(content: Mapping[str, Any]) -> str | None:
    author = content.get("author")
    if isinstance(author, Mapping):
        author = author.get("display_name") or author.get("id")
    author = author or content.get("author.display_name") or content.get("author.id")
    return author if isinstance(author, str) else None


def _parents(connection: Connection, content: Mapping[str, Any], actor: str) -> list[Neighbour]:
    found: list[Neighbour] = []
    name = _parent_of(content)
    while name is not None and len(found) < _MOST:
        row = connection.execute(_PARENT, {"name": name}).one_or_none()
        if row is None or not isinstance(row.raw, dict):
            break
        event = AuditEvent(at=row.at, actor=actor, kind="item.read", item_id=row.id)
        record(connection, [event])
        neighbour = _neighbour(blind_content(row.raw), "before")
        if neighbour is not None:
            found.insert(0, neighbour)
        name = _parent_of(row.raw)
        if neighbour is None:
            break
    return found


def _parent_of(content: Mapping[str, Any]) -> str | None:
    item = content.get("item")
    nested = item.get("parent_id") if isinstance(item, Mapping) else None
    named = nested or content.get("item.parent_id") or content.get("parent_id")
    return named if isinstance(named, str) else None
