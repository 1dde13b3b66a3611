"""The word lane: text with everything but word characters turned into spaces.

Characters of scripts without spaces are set apart from others, since a word may end there.
"""

from engine.text.classes import filter_key
from engine.text.scripts import is_no_space, is_word
from engine.text.tables import LazyTable

_ASCII = range(0x80)
#: A byte that stands in no UTF-8 text, for separators.
BREAK = 0xFF
#: Per byte of ASCII text: lower case, white space to a space (plain folding of one character).
ASCII_PLAIN = bytes(
    code if code not in _ASCII else ord(" ") if chr(code).isspace() else ord(chr(code).lower())
    for code in range(256)
)
#: Per byte of ASCII text: letters, digits and separators stay, the rest becomes a space.
ASCII_WORDS = bytes(
    code if code == BREAK or (code in _ASCII and chr(code).isalnum()) else ord(" ")
    for code in range(256)
)

_APART = "\x00"


def _lane_of(char: str) -> str:
    if is_no_space(char):
        return _APART + char + _APART
    return char if is_word(char) else " "


def _signed_lane_of(char: str) -> str:
    return char if not is_word(char) and is_word(filter_key(char) or " ") else _lane_of(char)


_LANE = LazyTable(_lane_of)
_SIGNED_LANE = LazyTable(_signed_lane_of)


def word_lane(text: str) -> str:
    """The word lane of a text, folded or not."""
    return _joined(text.translate(_LANE))


def signed_lane(text: str) -> str:
    """The same with signs that may stand for letters left standing: leet signs, and `×` for x."""
    return _joined(text.translate(_SIGNED_LANE))


def _joined(lane: str) -> str:
    if _APART not in lane:
        return lane
    return lane.replace(_APART + _APART, "").strip(_APART).replace(_APART, " ")
