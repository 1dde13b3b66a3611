"""A word or phrase to look for, and how loosely it may be spelled."""

from dataclasses import dataclass
from enum import StrEnum


class Spelling(StrEnum):
    """How much of a spelling is folded away before words are compared."""

    #: Nothing: every character counts.
    EXACT = "exact"
    #: Case, width, zero-width and direction marks, curly quotes, runs of spaces.
    PLAIN = "plain"
    #: Also accents, look-alike letters, leet, repeated letters and consistent separators.
    TOLERANT = "tolerant"
    #: Also separators anywhere.
    AGGRESSIVE = "aggressive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word or phrase. `text` is as written, without the wildcards."""

    text: str
    spelling: Spelling = Spelling.PLAIN
    open_left: bool = False
    """Written with a leading `*`: letters may stand before it."""
    open_right: bool = False
    """Written with a trailing `*`: letters may follow it."""
    exceptions: tuple["Entry", ...] = ()
    """False friends: a match inside one of these does not count."""
