"""Entries of exact and plain spelling: every character counts."""

from collections.abc import Iterator, Sequence

from engine.text.entry import Entry, Spelling
from engine.text.folding import Folded, plain
from engine.text.matching import MANY, EntryMatcher, WholeText, surviving
from engine.text.scripts import PARTICLES, is_hangul_syllable, is_sticky
from engine.text.spans import Span, leftmost_longest


class LiteralEntry:
    """An entry whose characters are looked for as they are, in folded or unfolded text."""

    def __init__(self, entry: Entry, exceptions: Sequence[EntryMatcher]) -> None:
        self._exact = entry.spelling is Spelling.EXACT
        word = entry.text if self._exact else plain(entry.text)
        self._word = word if word.strip() else ""
        self._exceptions = exceptions
        self._free_left = entry.open_left or not is_sticky(word[:1] or " ")
        self._free_right = entry.open_right or not is_sticky(word[-1:] or " ")
        self._particles = is_hangul_syllable(word[-1:])

    def search(self, folded: Folded, start: int = 0, end: int | None = None) -> bool:
        """Whether the entry matches, exceptions considered."""
        if self._exceptions:
            return bool(self.every_span(folded))
        if self._exact:
            return next(self._places(folded.original, 0, None), None) is not None
        return next(self._places(folded.text, start, end), None) is not None

    def search_spelled_out(self, folded: Folded) -> bool:
        """Never: that takes tolerant spelling."""
        del folded
        return False

    def spans(self, folded: Folded, limit: int = MANY) -> list[Span]:
        """The first places that match and do not overlap."""
        return leftmost_longest(self.every_span(folded), limit)

    def every_span(self, folded: Folded) -> list[Span]:
        """All matches that survive the exceptions."""
        text = folded.original if self._exact else folded.text
        spans = [
            self._origin(folded, place, place + len(self._word))
            for place in self._places(text, 0, None)
        ]
        return surviving(spans, self._exceptions, folded)

    def whole(self, operator: WholeText, folded: Folded) -> Span | None:
        """Where the text starts with, ends with or is the entry, if it does."""
        text = folded.original if self._exact else folded.text
        bare = text.strip()
        if not self._word or not _holds(operator, bare, self._word):
            return None
        start = len(text) - len(text.lstrip())
        if operator == "ends_with":
            start += len(bare) - len(self._word)
        span = self._origin(folded, start, start + len(self._word))
        return next(iter(surviving([span], self._exceptions, folded)), None)

    def warm(self) -> None:
        """Nothing is built on first use."""

    def _origin(self, folded: Folded, start: int, end: int) -> Span:
        return (start, end) if self._exact else folded.origin(start, end)

    def _places(self, text: str, start: int, end: int | None) -> Iterator[int]:
        word = self._word
        if not word:
            return
        place = text.find(word, start, end)
        while place >= 0:
            if (self._free_left or place == 0 or not is_sticky(text[place - 1])) and (
                self._free_right or self._closes(text, place + len(word))
            ):
                yield place
            place = text.find(word, place + 1, end)

    def _closes(self, text: str, end: int) -> bool:
        if end == len(text) or not is_sticky(text[end]):
            return True
        return self._particles and any(
            text.startswith(particle, end)
            and not is_sticky(text[end + len(particle) : end + len(particle) + 1] or " ")
            for particle in PARTICLES
        )


def _holds(operator: WholeText, text: str, word: str) -> bool:
    if operator == "starts_with":
        return text.startswith(word)
    return text.endswith(word) if operator == "ends_with" else text == word
