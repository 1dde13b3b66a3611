"""Looks for entries in texts."""

from engine.text.entry import Entry, Spelling
from engine.text.folding import Folded, fold_plain
from engine.text.literal_entry import LiteralEntry
from engine.text.loose_entry import LooseEntry
from engine.text.matching import EntryMatcher, WholeText
from engine.text.spans import Span


def compile_entry(entry: Entry) -> EntryMatcher:
    """Make an entry ready to be looked for; what is costly waits for the first use."""
    exceptions = tuple(map(compile_entry, entry.exceptions))
    if entry.spelling in (Spelling.TOLERANT, Spelling.AGGRESSIVE):
        return LooseEntry(entry, exceptions)
    return LiteralEntry(entry, exceptions)


def find(entry: Entry, text: str) -> list[Span]:
    """The first places of a text where an entry matches, leftmost and longest."""
    return compile_entry(entry).spans(fold_plain(text))


def compare(operator: WholeText, entry: Entry, text: str | Folded) -> bool:
    """Whether a text starts with, ends with or is an entry."""
    folded = fold_plain(text) if isinstance(text, str) else text
    return compile_entry(entry).whole(operator, folded) is not None
