"""Cuts a text into the words and letter groups that text classifiers look at."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import Final

#: Letter groups of these lengths are taken from ` word `, with the spaces around it.
SHORTEST_NGRAM: Final = 3
LONGEST_NGRAM: Final = 5

#: A longer run without a space is cut, so that what is remembered of a word stays small.
LONGEST_WORD: Final = 64

_SIGNS: Final = (
    r"!-&(-/:-@\[-`{-~\u00a1-\u00bf\u2000-\u2bff\u3000-\u303f\ufe10-\ufe6f\uff00-\uff0f"
    r"\U0001f000-\U0001faff"
)
# Han, kana, Thai, Lao, Myanmar, Khmer, Tibetan: with no spaces between words, each character is a
# token, and pairs of tokens do the work of words.
_UNSPACED: Final = (
    r"\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
_TOKEN: Final = re.compile(
    rf"[^\s{_SIGNS}{_UNSPACED}]{{1,{LONGEST_WORD}}}|[{_SIGNS}]{{1,16}}|[{_UNSPACED}]"
)
# Most texts are ASCII, and a shorter pattern is found faster; `\s` would be asked beside the rest.
_ASCII_SIGNS: Final = r"!-&(-/:-@\[-`{-~"
_ASCII_SPACES: Final = r"\t-\r\x1c- "
_ASCII_TOKEN: Final = re.compile(
    rf"[^{_ASCII_SPACES}{_ASCII_SIGNS}]{{1,{LONGEST_WORD}}}|[{_ASCII_SIGNS}]{{1,16}}"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]"
)
# Putting marks into their canonical order takes time that grows with the square of their number,
# so a text is folded piece by piece.
_PIECE: Final = 1024


def tokenise(text: str) -> list[str]:
    """The words and runs of signs of a text, folded (case, width, invisible characters)."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    return _TOKEN.findall(_fold(text))


def character_ngrams(token: str) -> tuple[str, ...]:
    """Groups of 3 to 5 neighbouring characters of the token with a space on both sides."""
    padded = f" {token} "
    return _slicing(len(padded))(padded)


@cache
def _slicing(length: int) -> Callable[[str], tuple[str, ...]]:
    """Takes all groups out of a string of this length: several times faster than a loop."""
    places = [
        slice(start, start + size)
        for size in range(SHORTEST_NGRAM, min(LONGEST_NGRAM, length) + 1)
        for start in range(length - size + 1)
    ]
    if len(places) == 1:
        return lambda padded: (padded,)
    return itemgetter(*places)


def _fold(text: str) -> str:
    clean = _INVISIBLE.sub("", _SURROGATE.sub("\ufffd", text))
    pieces = (clean[start : start + _PIECE] for start in range(0, len(clean), _PIECE))
    return "".join(unicodedata.normalize("NFKC", piece) for piece in pieces).casefold()
