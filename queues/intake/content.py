"""What people look at in an item: the same for exact duplicates, whoever sent them and when."""

from hashlib import blake2b
from typing import Final

import orjson

from engine.item import Item
from engine.rules.vocabulary import FieldType, Vocabulary

#: Who wrote it is not what is written.
_WRITER: Final = "author."
#: Everything about a picture that is not a figure, such as its hash.
_PICTURE: Final = "image."
_FIGURES: Final = (FieldType.SCORE, FieldType.SHARE, FieldType.COUNT)


def content_of(item: Item, vocabulary: Vocabulary) -> bytes | None:
    """BLAKE2b, 16 bytes, of the kind, texts and pictures of an item; None: it has neither.

    Args:
        item: As it was read.
        vocabulary: Tells what is text.
    """
    shown = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in item.fields.items()
        if value not in ("", frozenset()) and _is_shown(name, vocabulary)
    }
    if not shown:
        return None
    written = orjson.dumps([item.kind, shown], option=orjson.OPT_SORT_KEYS)
    return blake2b(written, digest_size=16).digest()


def _is_shown(name: str, vocabulary: Vocabulary) -> bool:
    field = vocabulary.fields.get(name)
    if field is None or name.startswith(_WRITER):
        return False
    if name.startswith(_PICTURE):
        return field.type not in _FIGURES
    return field.type is FieldType.TEXT
