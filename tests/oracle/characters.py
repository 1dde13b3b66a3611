"""What kind of character a code point is: word character, combining mark, script, leet sign."""

import unicodedata
from functools import cache

#: Signs that stand for letters: letters inside a match, ordinary signs outside of it.
LEET_SIGNS = frozenset("@$!|+€¢")

_NO_SPACE_RANGES = (
    # Han: radicals, iteration marks and numerals, ideographs and their extensions
    (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007),
    (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D),
    (0xFA70, 0xFAD9), (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF1), (0x20000, 0x2A6DF),
    (0x2A700, 0x2B738), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0),
    (0x2F800, 0x2FA1D), (0x30000, 0x3134A),
)  # fmt: skip
_NO_SPACE_NAMES = (
    "HIRAGANA ",
    "KATAKANA ",
    "HALFWIDTH KATAKANA ",
    "KATAKANA-HIRAGANA PROLONGED SOUND MARK",
    "HALFWIDTH KATAKANA-HIRAGANA PROLONGED SOUND MARK",
    "HENTAIGANA ",
    "THAI ",
    "LAO ",
    "KHMER ",
    "MYANMAR ",
    "TIBETAN ",
)
_ACCENTED_NAMES = ("LATIN ", "GREEK ", "CYRILLIC ")


@cache
def is_mark(char: str) -> bool:
    """Whether it is a combining mark."""
    return unicodedata.category(char).startswith("M")


@cache
def joins_cluster(char: str) -> bool:
    """Whether it belongs to the character before it: a mark, or a Hangul vowel or tail."""
    return is_mark(char) or 0x1161 <= ord(char) <= 0x11FF


@cache
def is_letter(char: str) -> bool:
    """Whether it is a letter."""
    return unicodedata.category(char).startswith("L")


@cache
def is_word(char: str) -> bool:
    """Whether it is a word character: a letter, a number or a combining mark."""
    return unicodedata.category(char)[0] in "LNM"


@cache
def is_no_space(char: str) -> bool:
    """Whether it belongs to a script that is written without spaces between words."""
    if any(low <= ord(char) <= high for low, high in _NO_SPACE_RANGES):
        return True
    return unicodedata.name(char, "").startswith(_NO_SPACE_NAMES)


@cache
def is_hangul_syllable(char: str) -> bool:
    """Whether it is a composed Hangul syllable."""
    return 0xAC00 <= ord(char) <= 0xD7A3


@cache
def loses_marks(char: str) -> bool:
    """Whether combining marks on it are dropped at `tolerant`: Latin, Greek, Cyrillic, digits."""
    if unicodedata.category(char) == "Nd":
        return True
    return is_letter(char) and unicodedata.name(char, "").startswith(_ACCENTED_NAMES)


@cache
def is_gap(char: str) -> bool:
    """Whether it may stand between two letters at `aggressive`."""
    return not is_word(char) and char not in LEET_SIGNS
