"""What kind of character a code point is, and the particles that may follow a Hangul word."""

import unicodedata
from bisect import bisect_right

#: Word characters of Han, kana, Thai, Lao, Tibetan, Myanmar and Khmer; the first and the last of
#: each range. Where no word character lies between two ranges, they are one.
_NO_SPACE = (
    (0x0E01, 0x109D), (0x1780, 0x17F9), (0x3005, 0x3005), (0x3007, 0x3029), (0x3038, 0x303B),
    (0x3041, 0x3096), (0x309D, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xA9E0, 0xA9FE),
    (0xAA60, 0xAA7F), (0xF900, 0xFAD9), (0xFF66, 0xFF9F), (0x16FE3, 0x16FE3),
    (0x16FF0, 0x16FF1), (0x1AFF0, 0x1B167), (0x20000, 0x323AF),
)  # fmt: skip
_NO_SPACE_STARTS = [first for first, _ in _NO_SPACE]
_NO_SPACE_FIRST = chr(_NO_SPACE[0][0])

#: Particles that may follow a noun or a name in Korean, longer ones as they are combined.
PARTICLES: tuple[str, ...] = (
    "은", "는", "이", "가", "을", "를", "에", "의", "도", "로", "으로", "와", "과", "만", "랑",
    "이랑", "나", "이나", "하고", "한테", "한테서", "에게", "에게서", "에서", "에서는", "에서도",
    "에는", "에도", "께", "께서", "까지", "까지는", "까지도", "부터", "부터는", "처럼", "보다",
    "마다", "밖에", "조차", "마저", "라고", "이라고", "라는", "이라는", "라도", "이라도", "이다",
    "입니다", "으로는", "로는", "으로도", "로도", "만은", "만이", "들", "들이", "들을", "들은",
    "들의", "들도", "들과", "들에", "들에게", "들만", "들한테", "아", "야", "여", "이여",
)  # fmt: skip


def is_word(char: str) -> bool:
    """Whether a character is a letter, a number or a combining mark."""
    # `isalnum` is true of exactly the categories L* and N*.
    return char.isalnum() or (char > "\x7f" and unicodedata.category(char)[0] == "M")


def is_no_space(char: str) -> bool:
    """Whether a word character belongs to a script written without spaces between words."""
    if char < _NO_SPACE_FIRST:
        return False
    code = ord(char)
    first, last = _NO_SPACE[bisect_right(_NO_SPACE_STARTS, code) - 1]
    return first <= code <= last


def is_sticky(char: str) -> bool:
    """Whether a word that touches this character does not stand alone."""
    return is_word(char) and not is_no_space(char)


def is_hangul_syllable(char: str) -> bool:
    """Whether it is a composed Hangul syllable, which a particle may follow."""
    return "\uac00" <= char <= "\ud7a3"


def is_mark(char: str) -> bool:
    """Whether it is a combining mark."""
    return char > "\x7f" and unicodedata.category(char)[0] == "M"


def joins_the_one_before(char: str) -> bool:
    """Whether it forms a cluster with the character before it: marks, Hangul vowels and tails."""
    return is_mark(char) or "\u1161" <= char <= "\u11ff"


def loses_marks(char: str) -> bool:
    """Whether accents on it do not matter to tolerant spelling."""
    if unicodedata.category(char) == "Nd":
        return True
    return char.isalpha() and unicodedata.name(char, "").startswith(
        ("LATIN ", "GREEK ", "CYRILLIC ")
    )
