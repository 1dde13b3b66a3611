"""Plain folding: case, width, invisible characters, quotes and spaces no longer matter."""

import re
import unicodedata
from array import array
from itertools import groupby
from typing import TYPE_CHECKING

from engine.text.scripts import joins_the_one_before
from engine.text.tables import LazyTable

if TYPE_CHECKING:
    from engine.text.loosening import Loosened

_DROPPED = frozenset("\u034f\u115f\u1160\u3164\uffa0")
_QUOTES = {
    **dict.fromkeys("‘’‚‛ʼ′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
}
_REPLACEMENT = "\ufffd"

_ASCII = bytes(ord(chr(code).lower()) if not chr(code).isspace() else 0x20 for code in range(128))
_ASCII += bytes(range(128, 256))
_SPACES = re.compile("  +")
#: Characters that folding changes by more than their case, and some beside them that it does not.
_SPECIAL = re.compile(
    r"[\t-\r\x1c-\x1f\x85\xa0\xad\u02bc\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2"
    r"\u115f\u1160\u1680\u180b-\u180f\u2000-\u206f\u3000\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff"
    r"\uff00-\uffff\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bcaf"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
#: `unicodedata.normalize` takes quadratic time on a long run of marks. Every such run is one of
#: these, and so are rows of emoji, which only lose a little time by it.
_SHORT = 128
_LONG_RUN = re.compile(r"[^\w\x00-\x7f]{128,}")


class Folded:
    """A text, its plain form, and the way back from a place in it to the original."""

    __slots__ = ("_ends", "_starts", "loosened", "original", "text")

    #: The same text as tolerant spelling sees it; kept here by `engine.text.loosening`.
    loosened: "Loosened"
    _starts: "array[int]"
    _ends: "array[int]"

    def __init__(self, original: str, text: str) -> None:
        self.original = original
        self.text = text

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from `start` to `end` stand in the original text."""
        if self.original.isascii() and len(self.original) == len(self.text):
            return start, end
        try:
            starts, ends = self._starts, self._ends
        except AttributeError:
            starts, ends = self._starts, self._ends = _places(self.original)
        if start == end:
            place = starts[start] if start < len(starts) else len(self.original)
            return place, place
        return starts[start], ends[end - 1]


def fold_plain(text: str) -> Folded:
    """Fold a text to its plain form."""
    return Folded(text, plain(text))


def plain(text: str) -> str:
    """The plain form of a text."""
    if text.isascii():
        folded = text.encode("ascii").translate(_ASCII).decode("ascii")
        return _SPACES.sub(" ", folded) if "  " in folded else folded
    folded = _SPECIAL.sub(_fold_run, text).casefold()
    if "  " in folded:
        folded = _SPACES.sub(" ", folded)
    return _composed(folded)


def _fold_char(char: str) -> str:
    """Steps 1 to 6 of folding, for one character."""
    if _is_dropped(char):
        return ""
    if "\ud800" <= char <= "\udfff":
        return _REPLACEMENT
    decomposition = unicodedata.decomposition(char)
    if decomposition.startswith(("<wide>", "<narrow>")):
        char = chr(int(decomposition.split()[1], 16))
    char = _QUOTES.get(char, char)
    return " " if char.isspace() else char.casefold()


_TABLE = LazyTable(_fold_char)


def _fold_run(run: re.Match[str]) -> str:
    return run[0].translate(_TABLE)


def _is_dropped(char: str) -> bool:
    return (
        unicodedata.category(char) == "Cf"
        or char in _DROPPED
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def _composed(text: str) -> str:
    if len(text) > _SHORT and _LONG_RUN.search(text):
        text = _in_canonical_order(text)
    return unicodedata.normalize("NFC", text)


def _in_canonical_order(text: str) -> str:
    """The text decomposed and its marks sorted, so that `normalize` finds nothing left to sort."""
    decomposed = "".join([unicodedata.normalize("NFD", char) for char in text])
    runs = groupby(decomposed, key=lambda char: unicodedata.combining(char) != 0)
    return "".join(
        "".join(sorted(run, key=unicodedata.combining) if marks else run) for marks, run in runs
    )


def _places(original: str) -> tuple["array[int]", "array[int]"]:
    """For every folded character, where the piece it was made from starts and ends.

    A piece is a character, a run of white space, or a cluster.
    """
    starts, ends = array("I"), array("I")
    cluster: list[str] = []
    first = last = 0

    def close() -> None:
        length = len(_composed("".join(cluster)))
        starts.extend([first] * length)
        ends.extend([last] * length)

    for place, char in enumerate(original):
        for folded in _TABLE[ord(char)]:
            more_space = folded == " " and cluster == [" "]
            if not (more_space or (cluster and joins_the_one_before(folded))):
                close()
                cluster, first = [], place
            if not more_space:
                cluster.append(folded)
            last = place + 1
    close()
    return starts, ends
