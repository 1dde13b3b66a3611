r"""Writes the parts of a pattern in RE2's syntax.

RE2 knows word characters of ASCII alone. Texts with others are searched in *parted* form: each
kind of foreign character moved to planes of its own, so that `\w` and `\d` are a few ranges, and
marks at the edges of words, which stand for `\b`.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from engine.text.pattern_tree import (
    AnyChar,
    Char,
    CharClass,
    Choice,
    Edge,
    Kind,
    Member,
    Node,
    Repeat,
    Row,
)
from engine.text.scripts import is_word

Range = tuple[int, int]

#: Stands at the edges of words in parted texts.
MARK = "\U0003fffe"

_LAST = 0x10FFFF
_DIGIT_PLANE = 0x40000
_NO_WORD_PLANE = 0x80000
#: With them ſ and the Kelvin sign, variants of s and k: else `\W` would hold these two as soon as
#: case is ignored. A text with either of them is searched in parted form.
_ASCII_WORD: list[Range] = [
    (0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0x17F, 0x17F), (0x212A, 0x212A),
]  # fmt: skip
_ASCII_DIGIT: list[Range] = [(0x30, 0x39)]
_SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_KIND_AND_ITS_OPPOSITE = {
    Kind.NO_WORD: Kind.WORD,
    Kind.NO_DIGIT: Kind.DIGIT,
    Kind.NO_SPACE: Kind.SPACE,
}
_EDGES = {
    Edge.TEXT_START: r"\A",
    Edge.TEXT_END: r"\z",
    Edge.LINE_START: "(?m:^)",
    Edge.LINE_END: "(?m:$)",
}


def parted(char: str) -> str:
    """A character of a parted text."""
    if char.isascii():
        return char
    code = ord(char)
    if is_word(char):
        return chr(code + _DIGIT_PLANE) if char.isdecimal() else char
    # Nothing is assigned in planes 4 to 11; the planes after them stay where they are.
    return chr(code % _DIGIT_PLANE + _NO_WORD_PLANE) if char < "\U000c0000" else char


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What a pattern is written for."""

    parted: bool = False
    """Parted texts, or texts without foreign word characters."""
    marked: bool = False
    """Texts with marks at the edges of words."""
    ignores_case: bool = False
    """Case is ignored everywhere, and need not be at single parts."""

    def source(self, node: Node) -> str:
        """A whole pattern as RE2 reads it."""
        return ("(?i)" if self.ignores_case else "") + self.write(node)

    def write(self, node: Node) -> str:
        """The part as RE2 reads it."""
        if isinstance(node, Edge):
            return self._edge(node)
        if isinstance(node, Row):
            return "".join(map(self.write, node.parts))
        if isinstance(node, Choice):
            return f"(?:{'|'.join(map(self.write, node.options))})"
        if isinstance(node, Repeat):
            return self._repeat(node)
        return self._marks + self._one(node)

    @property
    def _marks(self) -> str:
        r"""What may stand before a character: the marks that no `\b` has asked for."""
        return f"{MARK}*" if self.marked else ""

    def _edge(self, edge: Edge) -> str:
        if edge is Edge.WORD:
            return MARK if self.marked else r"\b"
        at_end = edge in (Edge.TEXT_END, Edge.LINE_END)
        return (self._marks if at_end else "") + _EDGES[edge]

    def _repeat(self, node: Repeat) -> str:
        most = "" if node.most is None else str(node.most)
        count = f"{{{node.least},{most}}}" if most != str(node.least) else f"{{{most}}}"
        simple = {"{0,}": "*", "{1,}": "+", "{0,1}": "?"}
        return f"(?:{self.write(node.part)}){simple.get(count, count)}{'?' if node.lazy else ''}"

    def _one(self, node: Char | CharClass | AnyChar) -> str:
        if isinstance(node, Char):
            code = f"\\x{{{ord(self._moved(node.char)):x}}}"
            return self._cased(code, any_case=node.any_case)
        if isinstance(node, AnyChar):
            return self._class([] if node.newline else [(0x0A, 0x0A)], negated=True)
        ranges = [each for member in node.members for each in self._ranges(member)]
        written = self._class(ranges, negated=node.negated)
        return self._cased(written, any_case=node.any_case)

    def _cased(self, written: str, *, any_case: bool) -> str:
        return f"(?i:{written})" if any_case and not self.ignores_case else written

    def _class(self, ranges: list[Range], *, negated: bool) -> str:
        mark = (ord(MARK), ord(MARK))
        if negated:
            ranges = [*ranges, mark] if self.marked else ranges
        elif self.marked:
            ranges = _complement([*_complement(ranges), mark])
        if not ranges:
            return "(?s:.)" if negated else rf"[^\x00-\x{{{_LAST:x}}}]"
        members = "".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in ranges)
        return f"[{'^' if negated else ''}{members}]"

    def _ranges(self, member: Member) -> list[Range]:
        if isinstance(member, str):
            code = ord(self._moved(member))
            return [(code, code)]
        if isinstance(member, tuple):
            low, high = member
            return list(_parted_ranges(low, high)) if self.parted else [(ord(low), ord(high))]
        opposite = _KIND_AND_ITS_OPPOSITE.get(member)
        return _complement(self._kind(opposite)) if opposite else self._kind(member)

    def _kind(self, kind: Kind) -> list[Range]:
        if kind is Kind.SPACE:
            return [(code, code) for code in map(ord, map(self._moved, _SPACES))]
        if kind is Kind.DIGIT:
            foreign = [(_DIGIT_PLANE, _NO_WORD_PLANE - 1)]
            return _ASCII_DIGIT + (foreign if self.parted else [])
        return _ASCII_WORD + ([(0x80, _NO_WORD_PLANE - 1)] if self.parted else [])

    def _moved(self, char: str) -> str:
        return parted(char) if self.parted else char


@lru_cache(maxsize=1_000)
def _parted_ranges(low: str, high: str) -> tuple[Range, ...]:
    """Where the characters of a range are in a parted text."""
    codes = [ord(parted(chr(code))) for code in range(ord(low), ord(high) + 1)]
    runs = groupby(enumerate(codes), lambda pair: pair[1] - pair[0])
    stretches = ([code for _, code in run] for _, run in runs)
    return tuple((stretch[0], stretch[-1]) for stretch in stretches)


def _complement(ranges: list[Range]) -> list[Range]:
    outside, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            outside.append((start, low - 1))
        start = max(start, high + 1)
    return [*outside, (start, _LAST)] if start <= _LAST else outside
