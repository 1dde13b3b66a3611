"""Reads raw items, as they arrive from a file or a request, into typed items."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from engine.errors import InvalidItem
from engine.item import Item, Value
from engine.rules.values import Convert, Refused, cell_converter, converter, read_id
from engine.rules.vocabulary import FieldType, Vocabulary

#: Objects may stand inside objects this deep.
MAX_DEPTH: Final = 16
#: So many different unknown names are told apart; the rest is counted as `OTHER_NAMES`.
MAX_UNKNOWN_NAMES: Final = 1_000
OTHER_NAMES: Final = "(other names)"

#: Kinds that are made of text: without `text` something went wrong on the way.
TEXTUAL_KINDS: Final = frozenset({"post", "comment", "message"})

#: What the scope of rules looks at, whether the vocabulary declares it or not.
_SCOPE_FIELDS: Final = ("item.kind", "item.market", "item.language")
_ALIASES: Final = {
    "kind": "item.kind",
    "market": "item.market",
    "language": "item.language",
    "created_at": "item.created_at",
}
_ID: Final = "id"
_TEXT: Final = "text"
_ID_FIELDS: Final = ("id", "item.id")

Readers = Mapping[str, tuple[str, Convert]]


class ItemReader:
    """Types raw items by a vocabulary.

    Objects may be nested or keys dotted: `{"author": {"id": "u1"}}` is `{"author.id": "u1"}`.
    `null` is absent. What the vocabulary does not know is ignored and counted in `unknown`.
    """

    def __init__(
        self, vocabulary: Vocabulary, *, strict: bool = False, cells: bool = False
    ) -> None:
        """Prepare a converter per field.

        Args:
            vocabulary: The fields that may arrive, with their types.
            strict: Refuse an item with a name the vocabulary does not know.
            cells: All values are text, as in a CSV file, and an empty one is absent.
        """
        self.unknown: Counter[str] = Counter()
        self._strict = strict
        self._cells = cells
        readers = _readers(vocabulary, cells=cells)
        self._prefixes = _prefixes(readers)
        self._below = {prefix: _below(readers, prefix) for prefix in ("", *self._prefixes)}
        self._needs_text = _TEXT in vocabulary.fields
        self._id_fields = tuple(name for name in _ID_FIELDS if name in vocabulary.fields)

    def read(self, raw: Mapping[str, object]) -> Item:
        """Type one item.

        Raises:
            InvalidItem: A value has the wrong type or is out of bounds, or `id` or `text` misses.
        """
        fields: dict[str, Value] = {}
        self._gather(raw, "", fields, 1)
        identity = fields.pop(_ID, None)
        if identity is None:
            raise InvalidItem(_ID, "missing; every item needs one")
        for name in self._id_fields:
            fields[name] = identity
        if (
            self._needs_text
            and _TEXT not in fields
            and fields.get("item.kind", "post") in TEXTUAL_KINDS
        ):
            raise InvalidItem(_TEXT, 'missing; send "" where there is none')
        return Item(str(identity), fields)

    def _gather(
        self, raw: Mapping[str, object], prefix: str, fields: dict[str, Value], depth: int
    ) -> None:
        """Type every value of an object that stands under a prefix."""
        readers = self._below[prefix]
        for key, value in raw.items():
            reader = readers.get(key)
            if reader is None:
                self._branch(f"{prefix}.{key}" if prefix else key, value, fields, depth)
            elif value is not None:
                name, convert = reader
                if name in fields:
                    raise InvalidItem(name, "given twice")
                try:
                    typed = convert(value)
                except Refused as refusal:
                    if name not in self._prefixes or not isinstance(value, Mapping):
                        raise InvalidItem(name, refusal.reason) from None
                    # `text` may be an object that holds nothing but `quoted_share`.
                    self._branch(name, value, fields, depth)
                    continue
                if typed is not None:
                    fields[name] = typed

    def _branch(self, path: str, value: object, fields: dict[str, Value], depth: int) -> None:
        """Take what is no value of a field: an object that holds some, or something unknown."""
        if path not in self._prefixes:
            self._note(path)
        elif value is not None:
            if not isinstance(value, Mapping):
                raise InvalidItem(path, "expected an object")
            if depth >= MAX_DEPTH:
                raise InvalidItem(path, f"objects are nested deeper than {MAX_DEPTH}")
            self._gather(value, path, fields, depth + 1)

    def _note(self, path: str) -> None:
        if self._strict:
            raise InvalidItem(path[:100], "the vocabulary has no such field")
        name = path[:100]
        if name not in self.unknown and len(self.unknown) >= MAX_UNKNOWN_NAMES:
            name = OTHER_NAMES
        self.unknown[name] += 1


def _readers(vocabulary: Vocabulary, *, cells: bool) -> Readers:
    """Converters by the path under which a value may arrive."""
    make = cell_converter if cells else converter
    readers: dict[str, tuple[str, Convert]] = {
        name: (name, make(FieldType.TEXT_ID, ())) for name in _SCOPE_FIELDS
    }
    readers.update(
        {name: (name, make(field.type, field.choices)) for name, field in vocabulary.fields.items()}
    )
    for alias, name in _ALIASES.items():
        if name in readers and alias not in readers:
            readers[alias] = readers[name]
    readers.update(dict.fromkeys(_ID_FIELDS, (_ID, read_id)))
    return readers


def _prefixes(readers: Readers) -> frozenset[str]:
    """Paths under which other paths lie: `author` of `author.id`."""
    prefixes: set[str] = set()
    for path in readers:
        parts = path.split(".")
        prefixes.update(".".join(parts[:length]) for length in range(1, len(parts)))
    return frozenset(prefixes)


def _below(readers: Readers, prefix: str) -> Readers:
    """The converters under a prefix, by what is left of their paths."""
    if not prefix:
        return readers
    start = f"{prefix}."
    return {
        path.removeprefix(start): reader
        for path, reader in readers.items()
        if path.startswith(start)
    }
