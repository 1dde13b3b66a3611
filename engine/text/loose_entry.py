"""Entries of tolerant and aggressive spelling: letters may be disguised, repeated and set apart."""

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from engine.text.accents import without_accents
from engine.text.entry import Entry, Spelling
from engine.text.folding import Folded, plain
from engine.text.letters import STICKY, canonical
from engine.text.linear import Program, compile_program
from engine.text.loosening import EDGE, Loosened, loosen
from engine.text.matching import MANY, EntryMatcher, WholeText, surviving
from engine.text.occurrences import occurrences
from engine.text.scripts import PARTICLES, is_hangul_syllable, is_sticky, is_word
from engine.text.shapes import Shape, earliest_starts, shape_of, source_of
from engine.text.spans import Span, leftmost_longest

_BORDER = f"[^{STICKY}]"
_STICKY = "0-9a-z\\x80-\U0003ffff"
_FEWEST_SPELLED_OUT = 3
_LONGEST_PARTICLE = max(map(len, PARTICLES))
_PARTICLE = "|".join(sorted(map(canonical, PARTICLES), key=len, reverse=True))
Border = Callable[[int], bool]

_STICKS = re.compile(f"[{_STICKY}]")
_CLOSES = {
    False: re.compile(f"(?![{_STICKY}])"),
    True: re.compile(f"(?:{_PARTICLE})?(?![{_STICKY}])"),
}
#: A word character that stands in no entry.
_WALL = "\U0003ffff"


class LooseEntry:
    """An entry whose letters are looked for in whatever disguise."""

    def __init__(self, entry: Entry, exceptions: Sequence[EntryMatcher]) -> None:
        self._gaps = entry.spelling is Spelling.AGGRESSIVE
        self._phrase = without_accents(plain(entry.text))[0]
        word = self._phrase.replace(" ", "") if self._gaps else self._phrase
        self._word = word if word.strip() else ""
        self._exceptions = exceptions
        self._free_left = entry.open_left or not is_sticky(word[:1] or " ")
        self._free_right = entry.open_right or not is_sticky(word[-1:] or " ")
        self._particles = is_hangul_syllable(word[-1:])
        letters = sum(map(is_word, word))
        self._is_spelled_out = letters >= _FEWEST_SPELLED_OUT

    def search(self, folded: Folded, start: int = 0, end: int | None = None) -> bool:
        """Whether the entry matches, exceptions considered."""
        if not self._word:
            return False
        if self._exceptions:
            return bool(self.every_span(folded))
        loosened = loosen(folded)
        subject = loosened.subject
        if (start > 0 or end is not None) and not loosened.is_moved:
            subject = _window(loosened.letters, start, end)
        return self._program.search(subject) is not None or self.search_spelled_out(folded)

    def search_spelled_out(self, folded: Folded) -> bool:
        """Whether the entry matches as a word written letter by letter."""
        if not self._is_spelled_out:
            return False
        loosened = loosen(folded)
        if self._exceptions:
            spans = self._spelled_out(loosened, overlapping=True)
            return bool(surviving(spans, self._exceptions, folded))
        subject = loosened.spelled.subject
        return bool(subject) and self._core.search(subject) is not None

    def spans(self, folded: Folded, limit: int = MANY) -> list[Span]:
        """The first places that match and do not overlap, the longest at each start."""
        if self._exceptions:
            return leftmost_longest(self.every_span(folded), limit)
        return leftmost_longest(self._matches(folded, overlapping=False), limit)

    def every_span(self, folded: Folded) -> list[Span]:
        """Spans of which one at least surrounds each match that survives the exceptions."""
        return surviving(self._matches(folded, overlapping=True), self._exceptions, folded)

    def whole(self, operator: WholeText, folded: Folded) -> Span | None:
        """Where the text starts with, ends with or is the entry, if it does."""
        loosened = loosen(folded)
        bare = loosened.letters.strip(" ")
        if not self._phrase.strip():
            return None
        subject = bare.encode()
        if operator == "starts_with":
            found = self._phrase_core.match(subject)
        elif operator == "exactly":
            found = self._phrase_core.fullmatch(subject)
        else:
            found = self._phrase_end.search(subject)
        if found is None:
            return None
        margin = len(loosened.letters) - len(loosened.letters.lstrip(" "))
        start, end = (margin + len(subject[:place].decode()) for place in found.span())
        span = loosened.origin(start, end)
        return next(iter(surviving([span], self._exceptions, folded)), None)

    def warm(self) -> None:
        """Build the regular expressions now."""
        if self._word:
            _ = self._program, self._core

    @cached_property
    def _shape(self) -> Shape:
        return shape_of(self._word, gaps=self._gaps)

    @cached_property
    def _joined_shape(self) -> Shape:
        return shape_of(self._word.replace(" ", ""), gaps=False)

    @cached_property
    def _program(self) -> Program:
        before = "" if self._free_left else _BORDER
        particle = f"(?:{_PARTICLE})?" if self._particles else ""
        after = "" if self._free_right else particle + _BORDER
        return compile_program(f"{before}({source_of(self._shape)}){after}")

    @cached_property
    def _core(self) -> Program:
        return compile_program(f"({source_of(self._joined_shape)})")

    @cached_property
    def _phrase_core(self) -> Program:
        return compile_program(source_of(shape_of(self._phrase, gaps=False)))

    @cached_property
    def _phrase_end(self) -> Program:
        return compile_program(rf"(?:{source_of(shape_of(self._phrase, gaps=False))})\z")

    def _matches(self, folded: Folded, *, overlapping: bool) -> list[Span]:
        if not self._word:
            return []
        loosened = loosen(folded)
        in_a_row = self._in_a_row(loosened, overlapping=overlapping)
        return in_a_row + self._spelled_out(loosened, overlapping=overlapping)

    def _in_a_row(self, loosened: Loosened, *, overlapping: bool) -> list[Span]:
        spans = occurrences(
            self._program,
            loosened.subject,
            borders=not self._free_left,
            overlapping=overlapping,
        )
        if spans is None:
            letters = loosened.letters
            spans = list(earliest_starts(self._shape, letters, *self._borders(letters)))
        else:
            spans = [(start - len(EDGE), end - len(EDGE)) for start, end in spans]
        return [loosened.origin(start, end) for start, end in spans]

    def _spelled_out(self, loosened: Loosened, *, overlapping: bool) -> list[Span]:
        spelled = loosened.spelled
        if not (spelled.letters and self._is_spelled_out):
            return []
        spans = occurrences(self._core, spelled.subject, borders=False, overlapping=overlapping)
        if spans is None:
            spans = list(earliest_starts(self._joined_shape, spelled.letters, _always, _always))
        places = spelled.positions
        return [loosened.origin(places[start], places[end - 1] + 1) for start, end in spans]

    def _borders(self, letters: str) -> tuple[Border, Border]:
        """Whether a match may start, and end, at a place among the canonical letters."""

        def opens(start: int) -> bool:
            return self._free_left or start == 0 or not _sticks(letters[start - 1])

        def closes(end: int) -> bool:
            return self._free_right or bool(_CLOSES[self._particles].match(letters, end))

        return opens, closes


def _window(letters: str, start: int, end: int | None) -> bytes:
    """A part of a text and what its borders depend on; a wall where the text goes on."""
    first = max(start - 1, 0)
    last = len(letters) if end is None else min(end + _LONGEST_PARTICLE + 1, len(letters))
    before = _WALL if first else EDGE
    after = _WALL if last < len(letters) else EDGE
    return f"{before}{letters[first:last]}{after}".encode()


def _sticks(letter: str) -> bool:
    return bool(_STICKS.match(letter))


def _always(place: int) -> bool:
    del place
    return True
