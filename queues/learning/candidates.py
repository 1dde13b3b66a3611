"""Items that could be learnt from: the machine decided them, and nobody has seen any like them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, text

from engine.errors import InvalidItem
from engine.rules.items import ItemReader
from engine.rules.vocabulary import Vocabulary
from queues.ids import id_floor
from queues.intake.content import content_of
from queues.store.naming import floor_of

#: Older ones tell what came, not what comes.
_RECENT: Final = timedelta(days=3)
#: The newest, of which so many are drawn: scoring more takes longer and finds little more.
_NEWEST: Final = 50_000
_DRAWN: Final = 2_000

# Any case means that people look, or have looked. The hash says nothing of what is in an item.
_ITEMS: Final = text("""
SELECT id, verdict_id, language FROM (
    SELECT id, verdict_id, language FROM items
    WHERE id >= :floor AND state = 'decided' AND tier IN ('none', 'auto')
    ORDER BY id DESC LIMIT :newest
) AS recent
WHERE NOT EXISTS (SELECT FROM cases WHERE cases.item_id = recent.id)
    AND NOT EXISTS (SELECT FROM golds WHERE golds.item_id = recent.id)
ORDER BY uuid_hash(id), id LIMIT :drawn
""")
# What somebody decided about content is an override: what it is, is known.
_VERDICTS: Final = text("""
SELECT id, CAST(input -> 'raw' AS text) AS raw FROM verdicts
WHERE id = ANY(:ids) AND id >= :floor AND trace -> 'override' IS NULL AND input -> 'raw' IS NOT NULL
""")
_LOOKED_AT: Final = text("""
SELECT content FROM cases WHERE content = ANY(:contents)
UNION SELECT content FROM certifying_labels WHERE content = ANY(:contents)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item that could be learnt from."""

    item_id: UUID
    verdict_id: UUID
    language: str | None
    text: str = field(repr=False)
    content: bytes = field(repr=False)
    """The same for exact duplicates: of each there is one candidate."""


def candidates(connection: Connection, vocabulary: Vocabulary) -> list[Candidate]:
    """Items of the last days that have a text, drawn by a hash where there are many.

    Args:
        connection: Within a transaction.
        vocabulary: In force.
    """
    now = connection.execute(text("SELECT now()")).scalar_one()
    given = {"floor": id_floor(now - _RECENT), "newest": _NEWEST, "drawn": _DRAWN}
    rows = connection.execute(_ITEMS, given).all()
    if not rows:
        return []
    raws = _raws(connection, rows)
    reader = ItemReader(vocabulary)
    found: dict[bytes, Candidate] = {}
    for row in rows:
        each = _candidate(row, raws.get(row.verdict_id), reader, vocabulary)
        if each is not None:
            found.setdefault(each.content, each)
    known = connection.execute(_LOOKED_AT, {"contents": list(found)}).scalars()
    for content in known:
        found.pop(bytes(content), None)
    return list(found.values())


def _raws(connection: Connection, rows: Iterable[Row[Any]]) -> Mapping[UUID, Mapping[str, Any]]:
    """What was sent, by verdict; what was erased is not there."""
    ids = [row.verdict_id for row in rows]
    # An item is judged when it comes or later, so no verdict is older than its item.
    given = {"ids": ids, "floor": floor_of(min(row.id for row in rows))}
    return {row.id: orjson.loads(row.raw) for row in connection.execute(_VERDICTS, given)}


def _candidate(
    row: Row[Any], raw: Mapping[str, Any] | None, reader: ItemReader, vocabulary: Vocabulary
) -> Candidate | None:
    """The item as the vocabulary of today reads it; None: it cannot be learnt from."""
    if raw is None:
        return None
    try:
        item = reader.read(raw)
    except InvalidItem:
        return None
    words, content = item.fields.get("text"), content_of(item, vocabulary)
    if not isinstance(words, str) or not words.strip() or content is None:
        return None
    return Candidate(
        item_id=row.id,
        verdict_id=row.verdict_id,
        language=row.language,
        text=words,
        content=content,
    )


def texts_of(found: Sequence[Candidate]) -> list[str]:
    """What they say, in their order."""
    return [each.text for each in found]
