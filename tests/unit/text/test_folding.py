"""Plain folding and the way back to the original."""

import sys
import unicodedata

import pytest

from engine.text import folding
from engine.text.folding import fold_plain, plain

FOLDED = [
    ("", ""),
    ("Hello  WORLD\t\n!", "hello world !"),
    ("ＺＯＲＢ\u3000ling", "zorb ling"),
    ("zo\u200br\u00adb\ufeff", "zorb"),
    ("\u202ezorb\u202c", "zorb"),
    ("it’s “fine”", 'it\'s "fine"'),
    ("a \u200b b", "a b"),
    ("a\u00a0\u2003b", "a b"),
    ("Straße ﬁt", "strasse fit"),
    ("Cafe\u0301", "café"),
    ("q\u0323\u0307 q\u0307\u0323", "q\u0323\u0307 q\u0323\u0307"),
    ("ｶﾞ", "ガ"),
    ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
    ("\ud800x\udfff", "\ufffdx\ufffd"),
    ("a\x00b", "a\x00b"),
    ("İ", "i\u0307"),
    ("ŉ", "ʼn"),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_plain(text: str, folded: str) -> None:
    """Case, width, invisible characters, quotes and spaces are folded away."""
    assert plain(text) == folded


PLACES = [
    ("plain", "a Zorb b", "zorb", "Zorb"),
    ("spaces", "a  \n big \t Zorb b", "big zorb", "big \t Zorb"),
    ("a ligature", "die Straßen", "ss", "ß"),
    ("part of a ligature", "die Straßen", "stras", "Straß"),
    ("full width", "so ＺＯＲＢ！", "zorb", "ＺＯＲＢ"),
    ("zero width inside", "a z\u200bo\u200brb\u200b b", "zorb", "z\u200bo\u200brb"),
    ("right to left", "\u202eא zorb\u202c b", "zorb", "zorb"),
    ("decomposed accents", "the cafe\u0301 x", "café", "cafe\u0301"),
    ("a mark that composes with nothing", "a x\u0335y b", "x", "x\u0335"),
    ("decomposed Hangul", "a \u1112\u1161\u11ab b", "한", "\u1112\u1161\u11ab"),
    ("half-width kana", "x ｶﾞﾁｬ", "ガ", "ｶﾞ"),
    ("Thai", "aกินb", "กิน", "กิน"),
    ("Han", "\u200b在线赌博", "赌博", "赌博"),
]


@pytest.mark.parametrize(
    ("text", "part", "original"), [case[1:] for case in PLACES], ids=[case[0] for case in PLACES]
)
def test_origin(text: str, part: str, original: str) -> None:
    """A span of the folded text is led back to the whole of what it was made from."""
    folded = fold_plain(text)
    start = folded.text.index(part)
    first, last = folded.origin(start, start + len(part))
    assert text[first:last] == original


def test_origin_of_an_empty_span() -> None:
    """A place between characters has a place in the original, the end of the text too."""
    folded = fold_plain("a  ß")
    assert [folded.origin(place, place)[0] for place in range(5)] == [0, 1, 3, 3, 4]


def test_special_characters_are_all_found() -> None:
    """Whatever folds to more than its case is in the class that the fast way looks for."""
    missed = [
        char
        for char in map(chr, range(0x80, sys.maxunicode + 1))
        if folding._fold_char(char) != char.casefold() and not folding._SPECIAL.match(char)
    ]
    assert not missed


@pytest.mark.parametrize("length", [10, 127, 500])
def test_long_rows_of_marks(length: int) -> None:
    """Marks are put in order however many they are, in the way that `unicodedata` does it."""
    text = "xe" + "\u0301\u0323\u0315" * length + "e\u0301"
    assert plain(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "text",
    ["a" + "\u0301\u0323" * 50_000, "\x00" * 100_000, "\ud800" * 100_000, "\u202e" * 100_000],
)
def test_endless_texts(text: str) -> None:
    """A text made to take long is folded like any other."""
    folded = fold_plain(text)
    assert folded.origin(0, len(folded.text))[1] in (0, len(text))
