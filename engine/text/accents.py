"""Accents, which tolerant spelling leaves out."""

import re
import unicodedata
from itertools import chain

from engine.text.scripts import is_mark, loses_marks
from engine.text.tables import LazyTable

_KEEPS, _LOSES, _MARK = ".", "l", "m"
_ACCENTS = re.compile(rf"(?<={_LOSES}){_MARK}+")


def without_accents(text: str) -> tuple[str, list[int] | None]:
    """A plain text without accents on Latin, Greek and Cyrillic letters and on digits.

    With it, if characters were left out: where each character stood, and the length of the text.
    """
    if text.isascii():
        return text, None
    bare = text.translate(_BARE)
    kinds = bare.translate(_KINDS)
    accents = list(_ACCENTS.finditer(kinds))
    if not accents:
        return bare, None
    dropped = set(chain.from_iterable(range(*accent.span()) for accent in accents))
    starts = [place for place in range(len(text)) if place not in dropped]
    return "".join([bare[place] for place in starts]), [*starts, len(text)]


def _bare(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0]
    return base if loses_marks(base) else char


def _kind(char: str) -> str:
    if is_mark(char):
        return _MARK
    return _LOSES if loses_marks(char) else _KEEPS


_BARE = LazyTable(_bare)
_KINDS = LazyTable(_kind)
