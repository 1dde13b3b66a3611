"""Reads items as they were sent, and says what is wrong with those that cannot be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final
from uuid import uuid4

import orjson

from engine.errors import InvalidItem
from engine.item import Item
from queues.arms import Arms
from queues.intake.answers import Rejected
from queues.judging import Judge

_SORTED: Final = orjson.OPT_SORT_KEYS
#: What is kept in columns of text, where Postgres has no character 0.
_COLUMNS: Final = ("author.id", "item.language", "item.kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An item as it was sent, and read."""

    raw: Mapping[str, object]
    item: Item
    judge: Judge
    """By whose vocabulary, and who judges it."""
    digest: bytes
    """BLAKE2b, 16 bytes, of the content in a form where the order of keys does not matter."""

    @property
    def author(self) -> str | None:
        """Who wrote it, if it says so."""
        found = self.item.fields.get("author.id")
        return found if isinstance(found, str) else None


def read_all(
    raws: Sequence[object], arms: Arms, *, key: str | None, longest_text: int
) -> list[Sent | Rejected]:
    """Read items.

    Args:
        raws: Items as they were sent.
        arms: Who judges each; its vocabulary types the item.
        key: Names items that bring no id, with their place.
        longest_text: Characters of a text; longer ones are refused, never cut.
    """
    return [
        _read(raw, arms, f"{key}#{place}" if key else None, longest_text)
        for place, raw in enumerate(raws)
    ]


def _read(raw: object, arms: Arms, name: str | None, longest: int) -> Sent | Rejected:
    if not isinstance(raw, Mapping):
        return Rejected(id=None, problem=InvalidItem("item", "expected an object"))
    if raw.get("id") is None and raw.get("item.id") is None:
        raw = {"id": name or f"item-{uuid4().hex}", **{k: v for k, v in raw.items() if k != "id"}}
    judge = arms.of(raw)
    try:
        item = judge.reader.read(raw)
        written = orjson.dumps(raw, option=_SORTED)
        if len(written) > longest:
            _measure(item, longest)
        _storable(item)
    except InvalidItem as problem:
        return Rejected(id=_shown_id(raw), problem=problem)
    digest = blake2b(written, digest_size=16).digest()
    return Sent(raw=raw, item=item, judge=judge, digest=digest)


def _measure(item: Item, longest: int) -> None:
    for name, value in item.fields.items():
        if isinstance(value, str) and len(value) > longest:
            reason = f"has {len(value):,} characters; up to {longest:,} are possible"
            raise InvalidItem(name, reason)


def _storable(item: Item) -> None:
    for name, value in (("id", item.id), *((each, item.fields.get(each)) for each in _COLUMNS)):
        if isinstance(value, str) and "\x00" in value:
            raise InvalidItem(name, "has a character 0")


def _shown_id(raw: Mapping[str, object]) -> str | None:
    name = raw.get("id")
    return name if isinstance(name, str) else None
