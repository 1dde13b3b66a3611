"""Reads the source of a pattern into its parts."""

import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module

from engine.text.folding import plain
from engine.text.pattern_checks import PatternProblem, first_problem
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

# The parser of `re`: it has no public name, and there is no better one.
_PARSER = import_module("re._parser")

#: An operation of that parser by name, and what goes with it.
_Part = tuple[str, object]

_EDGES = {
    "AT_BOUNDARY": Edge.WORD,
    "AT_BEGINNING_STRING": Edge.TEXT_START,
    "AT_BEGINNING": Edge.TEXT_START,
    "AT_END": Edge.TEXT_END,
}
_LINE_EDGES = {"AT_BEGINNING": Edge.LINE_START, "AT_END": Edge.LINE_END}
_KINDS = {
    "CATEGORY_WORD": Kind.WORD,
    "CATEGORY_NOT_WORD": Kind.NO_WORD,
    "CATEGORY_DIGIT": Kind.DIGIT,
    "CATEGORY_NOT_DIGIT": Kind.NO_DIGIT,
    "CATEGORY_SPACE": Kind.SPACE,
    "CATEGORY_NOT_SPACE": Kind.NO_SPACE,
}


def read_pattern(source: str, *, exact: bool) -> Node | PatternProblem:
    """The parts of a pattern, or why it is refused."""
    problem = first_problem(source)
    if problem:
        return problem
    if not exact:
        source = unicodedata.normalize("NFC", source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _PARSER.parse(source)
    except re.error as error:
        return PatternProblem(error.msg, error.pos or 0)
    except OverflowError:
        return PatternProblem("a repeat of too many times", 0)
    return _Reader(exact=exact).row(parsed, parsed.state.flags)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Turns what `re` parsed into parts without flags; letters of plain patterns are folded."""

    exact: bool

    def row(self, parsed: Iterable[tuple[object, object]], flags: int) -> Node:
        """The parts of a sequence."""
        parts = [self._part(str(operation), value, flags) for operation, value in parsed]
        return parts[0] if len(parts) == 1 else Row(_with_edges_in_order(parts))

    def _part(self, operation: str, value: object, flags: int) -> Node:
        readers: dict[str, Callable[..., Node]] = {
            "LITERAL": self._literal,
            "NOT_LITERAL": self._not_literal,
            "IN": self._in,
            "ANY": _any,
            "AT": _at,
            "BRANCH": self._branch,
            "SUBPATTERN": self._group,
            "MAX_REPEAT": self._greedy,
            "MIN_REPEAT": self._lazy,
        }
        return readers[operation](value, flags)

    def _literal(self, code: int, flags: int) -> Node:
        any_case = self._any_case(flags)
        chars = tuple(Char(char, any_case) for char in self._folded(chr(code)))
        return chars[0] if len(chars) == 1 else Row(chars)

    def _not_literal(self, code: int, flags: int) -> Node:
        return self._in([("NEGATE", None), ("LITERAL", code)], flags)

    def _in(self, parsed: Sequence[tuple[object, object]], flags: int) -> Node:
        named = [(str(operation), value) for operation, value in parsed]
        negated = named[0][0] == "NEGATE"
        members = [_member(part) for part in named[negated:]]
        folded = [self._folded(member) if isinstance(member, str) else member for member in members]
        any_case = self._any_case(flags)
        # A character that folds to several, or to none, cannot be a member.
        single = [each for each in folded if not isinstance(each, str) or len(each) == 1]
        chars = CharClass(tuple(single), negated, any_case)
        several = [each for each in folded if isinstance(each, str) and len(each) > 1]
        if negated or not several:
            return chars
        rows = [Row(tuple(Char(char, any_case) for char in each)) for each in several]
        return Choice((*([chars] if single else []), *rows))

    def _branch(self, value: tuple[None, Sequence[object]], flags: int) -> Node:
        return Choice(tuple(self.row(option, flags) for option in value[1]))  # type: ignore[arg-type]  # rows

    def _group(self, value: tuple[object, int, int, object], flags: int) -> Node:
        return self.row(value[3], flags | value[1])  # type: ignore[arg-type]  # rows

    def _greedy(self, value: tuple[int, int, object], flags: int) -> Node:
        return self._repeat(value, flags, lazy=False)

    def _lazy(self, value: tuple[int, int, object], flags: int) -> Node:
        return self._repeat(value, flags, lazy=True)

    def _repeat(self, value: tuple[int, int, object], flags: int, *, lazy: bool) -> Node:
        least, most, parsed = value
        part = self.row(parsed, flags)  # type: ignore[arg-type]  # rows
        return Repeat(part, least, None if most == _PARSER.MAXREPEAT else most, lazy)

    def _any_case(self, flags: int) -> bool:
        return not self.exact or bool(flags & re.IGNORECASE)

    def _folded(self, char: str) -> str:
        return char if self.exact else plain(char)


def _with_edges_in_order(parts: Iterable[Node]) -> tuple[Node, ...]:
    """The parts, word edges before ends and after starts: at one place, their order is the same."""
    ordered: list[Node] = []
    for part in parts:
        ordered.append(part)
        place = len(ordered) - 1
        while place and _rank(ordered[place - 1]) > _rank(part) >= 0:
            ordered[place - 1 : place + 1] = [part, ordered[place - 1]]
            place -= 1
    return tuple(ordered)


def _rank(part: Node) -> int:
    if not isinstance(part, Edge):
        return -1
    return {Edge.TEXT_START: 0, Edge.LINE_START: 0, Edge.WORD: 1}.get(part, 2)


def _member(part: _Part) -> Member:
    operation, value = part
    if operation == "LITERAL" and isinstance(value, int):
        return chr(value)
    if operation == "RANGE" and isinstance(value, tuple):
        return chr(value[0]), chr(value[1])
    return _KINDS[str(value)]


def _any(value: None, flags: int) -> Node:
    del value
    return AnyChar(newline=bool(flags & re.DOTALL))


def _at(place: object, flags: int) -> Node:
    name = str(place)
    if flags & re.MULTILINE and name in _LINE_EDGES:
        return _LINE_EDGES[name]
    return _EDGES[name]
