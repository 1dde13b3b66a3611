"""Which characters may stand for which."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import engine.text

_LEET = {
    "4": "a", "@": "a", "8": "b", "3": "e", "€": "e", "9": "g", "1": "il", "!": "il", "|": "il",
    "0": "o", "5": "s", "$": "s", "7": "t", "+": "t", "2": "z", "¢": "c",
}  # fmt: skip


@cache
def may_stand_for(seen: str, wanted: str) -> bool:
    """Whether a character of a text may stand for one of an entry, both folded to `tolerant`."""
    return seen == wanted or wanted in _LEET.get(seen, "") or look_alike(seen, wanted)


def look_alike(one: str, other: str) -> bool:
    """Whether two characters look the same; of ASCII characters, none does like another."""
    if one.isascii() and other.isascii():
        return False
    looks = {skeleton(one), skeleton(other)}
    return len(looks) == 1 or (looks == {"l", "i"} and "i" in (one, other))


@cache
def skeleton(char: str) -> str:
    """What a character looks like, whatever its case."""
    return _prototype(_prototype(char).casefold())


def _prototype(chars: str) -> str:
    """The skeleton of Unicode Technical Standard 39."""
    decomposed = unicodedata.normalize("NFD", chars)
    return unicodedata.normalize("NFD", "".join(_table().get(char, char) for char in decomposed))


@cache
def _table() -> Mapping[str, str]:
    (folder,) = engine.text.__path__
    table: dict[str, str] = {}
    prototype = ""
    for line in Path(folder, "look_alikes.txt").read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            looks, sources = line.split(":")
            prototype = _characters(looks) or prototype
            table.update(dict.fromkeys(_characters(sources), prototype))
    return table


def _characters(codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes.split())
