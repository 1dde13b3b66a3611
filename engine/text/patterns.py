"""Patterns: regular expressions that take linear time, with word characters of every script."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.text.folding import Folded
from engine.text.linear import USUAL_MEMORY, Program, TooLarge, compile_program
from engine.text.matching import MANY
from engine.text.pattern_checks import PatternProblem
from engine.text.pattern_factors import factors_of, words_of
from engine.text.pattern_source import Dialect
from engine.text.pattern_subject import Subject, as_it_is, has_foreign_words, in_parts
from engine.text.pattern_syntax import read_pattern
from engine.text.pattern_tree import (
    CharClass,
    Edge,
    Kind,
    Node,
    Row,
    Width,
    edges_of,
    parts_of,
    width_of,
)
from engine.text.spans import Span

#: The form for foreign words is larger than the one that is tried when a pattern is read.
_MORE_MEMORY = 16 * USUAL_MEMORY
_MOST_MARKS = 4
#: So many pieces are looked for one by one rather than by a program.
_FEW = 8
#: Patterns kept for reuse: reading, compiling and explaining ask for the same ones.
MOST_PATTERNS = 20_000


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A pattern and what is known about its matches; made by `parse_pattern`, or from its values.

    What is costly is built on first use.
    """

    source: str
    exact: bool
    """Finds in the original text, respecting case; else in the plain one."""
    factor: str | None
    """A literal that is in the plain text wherever the pattern matches."""
    factors: tuple[str, ...] | None
    """Literals of which one at least is in the plain text wherever the pattern matches."""
    edged: tuple[str, ...] | None
    """The like, with EDGE in them where an edge of a word has to be."""
    besides: tuple[tuple[str, ...], ...]
    """More sets like `edged`, of each of which a match has one too."""
    words: tuple[str, ...] | None
    """All that the pattern matches, edges aside, if that is little."""
    width: Width
    """The fewest and the most characters of plain text that a match takes."""

    def search(self, folded: Folded, start: int = 0, end: int | None = None) -> bool:
        """Whether the pattern is found.

        `start` and `end` say where in the plain text it is worth looking: a match inside is found,
        one outside may be.
        """
        text = folded.original if self.exact else folded.text
        if start == 0 and end is None and text.isascii():
            pieces = self._pieces
            if pieces is not None:
                return any(piece in text for piece in pieces)
            return self._usual.search(text.encode()) is not None
        end = len(text) if end is None else end
        if (start > 0 or end < len(text)) and self._may_look_through_windows:
            found = self._in_window(text, start, end)
            if found is not None:
                return found
        program, subject = self._prepared(text)
        return program.search(subject.data) is not None

    def spans(self, folded: Folded, limit: int = MANY) -> list[Span]:
        """The first places of the original text where the pattern is found."""
        text = folded.original if self.exact else folded.text
        program, subject = self._prepared(text)
        found: list[Span] = []
        match = program.search(subject.data)
        while match is not None and len(found) < limit:
            start, end = map(subject.place, match.span())
            found.append((start, end) if self.exact else folded.origin(start, end))
            match = program.search(subject.data, match.span()[1])
        return found

    @property
    def ascii_source(self) -> str:
        """The pattern for ASCII texts, in the syntax that RE2 and Hyperscan share."""
        return _usual_source(self._node, exact=self.exact)

    @property
    def stands_alone(self) -> bool:
        """Whether a match lies between two edges of words."""
        node = self._node
        ends = (node.parts[0], node.parts[-1]) if isinstance(node, Row) and node.parts else ()
        return ends == (Edge.WORD, Edge.WORD)

    def warm(self) -> None:
        """Build now what most texts need."""
        _ = self._usual

    def _in_window(self, text: str, start: int, end: int) -> bool | None:
        """Whether the pattern is found in a part of a text; None if that does not tell."""
        first, last = max(start - 1, 0), min(end + 1, len(text))
        part = text[first:last]
        if not part.isascii():
            return None
        match = self._usual.search(part.encode())
        if match is None:
            return False
        # At a cut, the edge of a word may only seem to be one.
        found = match.span()
        at_cut = (first > 0 and found[0] == 0) or (last < len(text) and found[1] == last - first)
        return None if at_cut else True

    def _prepared(self, text: str) -> tuple[Program, Subject]:
        """The program to use on a text, and the text as it reads it."""
        if self._knows_words and has_foreign_words(text):
            return self._foreign, in_parts(text, self._marks)
        return self._usual, as_it_is(text)

    @cached_property
    def _pieces(self) -> tuple[str, ...] | None:
        """Of a pattern that is nothing but a few pieces of plain text: these."""
        if self.exact or self.words is None or edges_of(self._node):
            return None
        few = len(self.words) <= _FEW and all(word.isascii() for word in self.words)
        return self.words if few else None

    @cached_property
    def _node(self) -> Node:
        node = read_pattern(self.source, exact=self.exact)
        assert not isinstance(node, PatternProblem)  # noqa: S101 - it was read before
        return node

    @cached_property
    def _usual(self) -> Program:
        return compile_program(_usual_source(self._node, exact=self.exact), _MORE_MEMORY)

    @cached_property
    def _foreign(self) -> Program:
        dialect = Dialect(parted=True, marked=self._marks > 0, ignores_case=not self.exact)
        return compile_program(dialect.source(self._node), _MORE_MEMORY)

    @cached_property
    def _marks(self) -> int:
        return min(_count_of_word_edges(self._node), _MOST_MARKS)

    @cached_property
    def _knows_words(self) -> bool:
        return _uses_kinds(self._node) or Edge.WORD in edges_of(self._node)

    @cached_property
    def _may_look_through_windows(self) -> bool:
        return not self.exact and edges_of(self._node) <= {Edge.WORD}


@lru_cache(maxsize=MOST_PATTERNS)
def parse_pattern(source: str, *, exact: bool) -> Pattern | PatternProblem:
    """Read a pattern, or say why it is refused."""
    node = read_pattern(source, exact=exact)
    if isinstance(node, PatternProblem):
        return node
    width = width_of(node)
    if width[0] == 0:
        message = "the pattern matches the empty text, and so every text"
        return PatternProblem(message, 0, "say what has to be there at least: `+` instead of `*`")
    try:
        compile_program(_usual_source(node, exact=exact))
    except TooLarge:
        hint = "repeats inside of repeats multiply; ask for less of them"
        return PatternProblem("the pattern takes too much memory", 0, hint)
    factors = factors_of(node, exact=exact)
    return Pattern(
        source=source,
        exact=exact,
        factor=factors.one,
        factors=factors.any,
        edged=factors.edged,
        besides=factors.besides,
        words=words_of(node, exact=exact),
        width=(0, None) if exact else width,
    )


def _usual_source(node: Node, *, exact: bool) -> str:
    return Dialect(ignores_case=not exact).source(node)


def _count_of_word_edges(node: Node) -> int:
    return int(node is Edge.WORD) + sum(map(_count_of_word_edges, parts_of(node)))


def _uses_kinds(node: Node) -> bool:
    if isinstance(node, CharClass):
        return any(isinstance(member, Kind) for member in node.members)
    return any(map(_uses_kinds, parts_of(node)))
