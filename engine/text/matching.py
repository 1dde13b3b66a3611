"""What a compiled entry can be asked, whatever its spelling."""

from collections.abc import Iterable
from typing import Literal, Protocol

from engine.text.folding import Folded
from engine.text.spans import Cover, Span

WholeText = Literal["starts_with", "ends_with", "exactly"]

#: As many places as anybody looks at.
MANY = 100


class EntryMatcher(Protocol):
    """An entry made ready to be looked for. Spans are places in the original text."""

    def search(self, folded: Folded, start: int = 0, end: int | None = None) -> bool:
        """Whether the entry matches, exceptions considered.

        `start` and `end` say where in the folded text it is worth looking: a match inside is
        found, one outside may be. What stands around a match is judged on the whole text.
        """

    def search_spelled_out(self, folded: Folded) -> bool:
        """Whether the entry matches as a word written letter by letter."""

    def spans(self, folded: Folded, limit: int = MANY) -> list[Span]:
        """The first places that match and do not overlap, the longest at each start."""

    def every_span(self, folded: Folded) -> list[Span]:
        """Spans of which one at least surrounds each match that survives the exceptions."""

    def whole(self, operator: WholeText, folded: Folded) -> Span | None:
        """Where the text starts with, ends with or is the entry, if it does."""

    def warm(self) -> None:
        """Build now what would be built on first use."""


def surviving(spans: list[Span], exceptions: Iterable[EntryMatcher], folded: Folded) -> list[Span]:
    """The spans that lie inside no span of an exception."""
    if not spans or not exceptions:
        return spans
    cover = Cover(span for exception in exceptions for span in exception.every_span(folded))
    return [span for span in spans if not cover.holds(span)]
