"""The forms in which one text is scanned, its lanes, in UTF-8."""

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from engine.text.accents import without_accents
from engine.text.classes import ASCII_CLASSES, collapse, filter_key
from engine.text.folding import plain
from engine.text.letters import LEET_SIGNS
from engine.text.spelled_out import may_be_spelled_out, spelled_out
from engine.text.words import ASCII_PLAIN, ASCII_WORDS, BREAK, signed_lane, word_lane

#: Between pieces that have nothing to do with one another; in no literal.
PIECES: Final = bytes((ord(" "), BREAK, ord(" ")))
#: Leet signs of ASCII; in an ASCII text no other sign stands for a letter.
ASCII_SIGNS: Final = "".join(filter(str.isascii, LEET_SIGNS)).encode()
#: Classes of letters and digits; everything else, leet signs too, has become a space.
CLASSES: Final = ASCII_WORDS.translate(ASCII_CLASSES)
#: Classes of letters, digits and leet signs.
CLASSES_SIGNED: Final = bytes(
    ASCII_CLASSES[code] if ASCII_WORDS[code] != ord(" ") or code in ASCII_SIGNS else ord(" ")
    for code in range(128)
) + bytes(range(128, 256))

_ASCII_SIGN = re.compile(b"[" + re.escape(ASCII_SIGNS) + b"]")
_REPEATS = re.compile(rb"(.)\1+", re.DOTALL)
_FIRST_OF = itemgetter(1)


def lanes_of(text: str) -> tuple[bytes, bytes]:
    """The plain folded text and its word lane."""
    if text.isascii():
        folded = squashed(text.encode().translate(ASCII_PLAIN))
        return folded, folded.translate(ASCII_WORDS)
    plain_text = plain(text)
    return plain_text.encode("utf-8"), word_lane(plain_text).encode("utf-8")


def exact_lane(text: str) -> bytes:
    """The word lane of a text as written."""
    if text.isascii():
        return text.encode().translate(ASCII_WORDS)
    return word_lane(text).encode("utf-8", "replace")


def tolerant_lane(folded: bytes) -> bytes:
    """Classes of the words of plain text: accents and repeats dropped, signs left out."""
    if folded.isascii():
        return _collapsed(folded.translate(CLASSES))
    return collapse(filter_key(word_lane(folded.decode("utf-8")))).encode("utf-8")


def squeezed_lane(folded: bytes) -> bytes:
    """The tolerant lane without anything but letters, signs read as such."""
    if folded.isascii():
        return _collapsed(folded.translate(CLASSES_SIGNED).replace(b" ", b""))
    key = filter_key(signed_lane(folded.decode("utf-8"))).replace(" ", "")
    return collapse(key).encode("utf-8")


def loose_lane(folded: bytes, reach: int) -> bytes:
    """Pieces that may be words in disguise: spelled out, or with signs and their neighbours.

    Args:
        folded: The plain folded text.
        reach: How many neighbours to either side belong to a word with signs.
    """
    pieces = list(_near_signs(folded, reach))
    text = folded.decode("utf-8")
    if may_be_spelled_out(text):
        pieces += spelled_out_pieces(text)
    return PIECES.join(pieces)


def spelled_out_pieces(text: str) -> list[bytes]:
    """The words of a plain text that are written letter by letter."""
    bare, _ = without_accents(text)
    return [_loose_key(run.letters) for run in spelled_out(bare)]


def squashed(folded: bytes) -> bytes:
    """Runs of spaces as one."""
    while b"  " in folded:
        folded = folded.replace(b"  ", b" ")
    return folded


def _near_signs(folded: bytes, reach: int) -> Iterator[bytes]:
    """The stretches of words around those written with signs for letters."""
    words = folded.split(b" ")
    start = end = 0
    for place in _signed_places(folded):
        if place - reach > end:
            if end:
                yield _loose_key(b" ".join(words[start:end]).decode("utf-8"))
            start = place - reach
        end = place + reach + 1
    if end:
        yield _loose_key(b" ".join(words[start:end]).decode("utf-8"))


def _signed_places(folded: bytes) -> Iterator[int]:
    """Which words are written with signs for letters, in order, perhaps repeated."""
    if folded.isascii():
        place = before = 0
        for sign in _ASCII_SIGN.finditer(folded):
            place += folded.count(b" ", before, sign.start())
            before = sign.start()
            yield place
        return
    text = folded.decode("utf-8")
    if signed_lane(text) != word_lane(text):
        for place, word in enumerate(text.split(" ")):
            if signed_lane(word) != word_lane(word):
                yield place


def _loose_key(text: str) -> bytes:
    """The tolerant lane of plain text, signs as letters."""
    if text.isascii():
        return _collapsed(text.encode().translate(CLASSES_SIGNED))
    return collapse(filter_key(signed_lane(text))).encode("utf-8")


def _collapsed(key: bytes) -> bytes:
    return _REPEATS.sub(_FIRST_OF, key)
