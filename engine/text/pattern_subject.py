"""Texts as patterns read them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.text.pattern_source import MARK, parted
from engine.text.scripts import is_mark, is_word
from engine.text.tables import LazyTable

_FOREIGN_LETTER = re.compile(r"[^\W\x00-\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile("w+")

_PARTED = LazyTable(parted)
_KINDS = LazyTable(lambda char: "w" if char == "_" or is_word(char) else " ")


@dataclass(frozen=True, slots=True)
class Subject:
    """A text in UTF-8, perhaps with marks at the edges of its words."""

    data: bytes
    is_marked: bool = False

    def place(self, offset: int) -> int:
        """Where in the text an offset into the data is."""
        before = self.data[:offset]
        if before.isascii():
            return offset
        chars = before.decode()
        return len(chars) - chars.count(MARK) if self.is_marked else len(chars)


@lru_cache(maxsize=4)
def has_foreign_words(text: str) -> bool:
    """Whether a text has word characters that are not ASCII."""
    if text.isascii():
        return False
    return bool(_FOREIGN_LETTER.search(text)) or any(map(is_mark, set(text)))


def as_it_is(text: str) -> Subject:
    """A text in UTF-8; lone surrogates, which have no place in it, replaced."""
    try:
        return Subject(text.encode())
    except UnicodeEncodeError:
        return Subject(_SURROGATE.sub("\ufffd", text).encode())


@lru_cache(maxsize=4)  # many patterns look at one text after another
def in_parts(text: str, marks: int) -> Subject:
    """A text in parted form, with so many marks at each edge of a word."""
    letters, words = _parted(text)
    if not marks:
        return Subject(letters.encode())
    edge, last, pieces = MARK * marks, 0, []
    for start, end in words:
        pieces += [letters[last:start], edge, letters[start:end], edge]
        last = end
    return Subject("".join([*pieces, letters[last:]]).encode(), is_marked=True)


@lru_cache(maxsize=2)
def _parted(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The letters of a text in parted form, and where its words are."""
    text = _SURROGATE.sub("\ufffd", text)
    return text.translate(_PARTED), [word.span() for word in _WORD.finditer(text.translate(_KINDS))]
