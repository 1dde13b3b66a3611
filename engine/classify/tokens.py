"""Cuts a text into the words and letter groups that text classifiers look at."""

import re
import unicodedata
from typing import Final

#: Letter groups of these lengths are taken from ` word `, with the spaces around it.
SHORTEST_NGRAM: Final = 2
LONGEST_NGRAM: Final = 5

#: A longer run without a space is cut, so that what is remembered of a word stays small.
LONGEST_WORD: Final = 64

_SIGNS: Final = (
    r"!-&(-/:-@\[-`{-~\u00a1-\u00bf\u2000-\u2bff\u3000-\u303f\ufe10-\ufe6f\uff00-\uff0f"
    r"\U0001f000-\U0001faff"
)
_TOKEN: Final = re.compile(rf"[^\s{_SIGNS}]{{1,{LONGEST_WORD}}}|[{_SIGNS}]{{1,16}}")
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
    return _TOKEN.findall(text.lower() if text.isascii() else _fold(text))


def character_ngrams(token: str) -> list[str]:
    """Groups of 2 to 5 neighbouring characters of the token with a space on both sides."""
    padded = f" {token} "
    return [
        padded[start : start + length]
        for length in range(SHORTEST_NGRAM, min(LONGEST_NGRAM, len(padded)) + 1)
        for start in range(len(padded) - length + 1)
    ]


def _fold(text: str) -> str:
    clean = _INVISIBLE.sub("", _SURROGATE.sub("\ufffd", text))
    pieces = (clean[start : start + _PIECE] for start in range(0, len(clean), _PIECE))
    return "".join(unicodedata.normalize("NFKC", piece) for piece in pieces).casefold()
