"""The word lane: text with everything but word characters turned into spaces.

Characters of scripts without spaces are set apart from their neighbours, since a word may end there.
"""

from engine.text.scripts import is_no_space, is_word

#: Per byte of ASCII text: lower case, white space to a space (plain folding of single characters).
ASCII_PLAIN = bytes(
    ord(" ") if chr(code).isspace() and code < 128 else ord(chr(code).lower()) if code < 128 else code
    for code in range(256)
)
#: Per byte of ASCII text: letters and digits stay, the rest becomes a space; 0xFF stays a separator.
ASCII_WORDS = bytes(
    code if (code < 128 and chr(code).isalnum()) or code == 0xFF else ord(" ") for code in range(256)
)

_APART = "\x00"


class _Lane(dict[int, str]):
    """Characters of the word lane, worked out as they turn up."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if is_no_space(char):
            self[code] = _APART + char + _APART
        else:
            self[code] = char if is_word(char) else " "
        return self[code]


_LANE = _Lane()


def word_lane(text: str) -> str:
    """The word lane of a text, folded or not."""
    lane = text.translate(_LANE)
    if _APART not in lane:
        return lane
    return lane.replace(_APART + _APART, "").strip(_APART).replace(_APART, " ")
