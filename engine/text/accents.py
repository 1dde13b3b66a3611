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
    accents = [accent.span() for accent in _ACCENTS.finditer(kinds)]
    if not accents:
        return bare, None
    kept = list(zip(chain((0,), (end for _, end in accents)), _ends(accents, len(text))))
    starts = list(chain.from_iterable(range(start, end) for start, end in kept))
    return "".join([bare[start:end] for start, end in kept]), [*starts, len(text)]


def _ends(accents: list[tuple[int, int]], length: int) -> list[int]:
    return [*(start for start, _ in accents), length]


def _bare(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0]
    return base if loses_marks(base) else char


def _kind(char: str) -> str:
    if is_mark(char):
        return _MARK
    return _LOSES if loses_marks(char) else _KEEPS


_BARE = LazyTable(_bare)
_KINDS = LazyTable(_kind)
