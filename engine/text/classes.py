"""Classes of characters that may stand for one another, by whatever detours.

What two characters of one class stand for may still differ: classes only rule out texts in which
an entry cannot match.
"""

import re
from functools import cache

from engine.text.accents import without_accents
from engine.text.letters import LEET, LEET_SIGNS
from engine.text.look_alikes import groups, skeleton
from engine.text.tables import LazyTable

_CLASSES_OF_ASCII = {
    "4": "a", "@": "a", "8": "b", "3": "e", "9": "g", "1": "i", "!": "i", "|": "i", "l": "i",
    "0": "o", "5": "s", "$": "s", "7": "t", "+": "t", "2": "z", "`": "'",
}  # fmt: skip

#: For `bytes.translate`: white space becomes a space, capitals become small, the rest its class.
#: Bytes of no ASCII character stay as they are.
ASCII_CLASSES = bytes(
    ord(" ") if chr(code).isspace() else ord(_CLASSES_OF_ASCII.get(chr(code), chr(code).lower()))
    for code in range(128)
) + bytes(range(128, 256))

_RUN = re.compile(r"(.)\1+", re.DOTALL)


def filter_key(text: str) -> str:
    """The classes of a plain text's characters, accents left out.

    Where a tolerant entry matches other than spelled out, the collapsed key of the text contains
    the collapsed key of the entry.
    """
    if text.isascii():
        return text.encode("ascii").translate(ASCII_CLASSES).decode("ascii")
    return without_accents(text)[0].translate(_CLASSES)


def collapse(key: str) -> str:
    """A key with each run of one character reduced to one."""
    return _RUN.sub(r"\1", key)


def _class_of(char: str) -> str:
    if char.isascii():
        return chr(ASCII_CLASSES[ord(char)])
    return LEET.get(char) or _classes_of_looks().get(skeleton(char), char)


_CLASSES = LazyTable(_class_of)


@cache
def _classes_of_looks() -> dict[str, str]:
    """For each skeleton that several characters have: the class of these."""
    classes = {}
    for look, chars in groups().items():
        ascii_or_leet = [char for char in chars if char.isascii() or char in LEET_SIGNS]
        first = (ascii_or_leet or chars)[0]
        classes[look] = _class_of(first) if ascii_or_leet else first
    return classes
