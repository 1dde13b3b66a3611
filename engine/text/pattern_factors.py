"""Literals that every match of a pattern contains: what a text is filtered by, quickly."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from engine.text.folding import plain
from engine.text.pattern_tree import (
    Char,
    CharClass,
    Choice,
    Edge,
    Kind,
    Node,
    Repeat,
    Row,
    parts_of,
)
from engine.text.scripts import joins_the_one_before

#: Stands in literals for an edge of a word.
EDGE = "\ue000"

_SHORTEST = 2
_MOST_FACTORS = 32
_MOST_WORDS = 64
_WIDEST_CLASS = 8
_LONGEST_COMMON = 40

#: How many bits of surprise a character of ordinary text carries, roughly.
_BITS = {
    **dict.fromkeys("0123456789", 6.5),
    **dict.fromkeys((" ", "e", EDGE), 3.0),
    **dict.fromkeys("taoinsr", 4.0),
    **dict.fromkeys("hldcum", 5.0),
    **dict.fromkeys("fpgwyb.,'", 6.0),
    **dict.fromkeys("vk", 7.0),
    **dict.fromkeys("jxqz", 9.0),
}
_RARE = 8.0

Strings: TypeAlias = frozenset[str]
_EMPTY = frozenset({""})
_ONE_SPACE = frozenset({" "})
_ONE_EDGE = frozenset({EDGE})


@dataclass(frozen=True, slots=True)
class _Content:
    """What a part of a pattern matches."""

    exactly: Strings | None
    """All it matches, if that is a small set."""
    needed: tuple[Strings, ...] = ()
    """Sets of strings; every match contains a string of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """What every match of a pattern contains, in plain folded text."""

    one: str | None
    """One literal that every match contains."""
    any: tuple[str, ...] | None
    """Literals of which every match contains at least one."""
    edged: tuple[str, ...] | None
    """The same, with EDGE wherever an edge of a word has to be; perhaps of other literals."""
    besides: tuple[tuple[str, ...], ...]
    """More such sets: every match contains a literal of each of them too."""


def factors_of(node: Node, *, exact: bool) -> Factors:
    """The literals that are most telling about a pattern."""
    useful = _useful_sets(node, exact=exact, edged=False)
    single = [factor for factor in map(_common, useful) if len(factor) >= _SHORTEST]
    best = max(useful, key=_surprise, default=None)
    ranked = sorted(_useful_sets(node, exact=exact, edged=True), key=_surprise, reverse=True)
    return Factors(
        one=max(single, key=lambda factor: (len(factor), _bits(factor), factor), default=None),
        any=None if best is None else tuple(sorted(best)),
        edged=tuple(sorted(ranked[0])) if ranked else None,
        besides=tuple(tuple(sorted(strings)) for strings in ranked[1:]),
    )


def _useful_sets(node: Node, *, exact: bool, edged: bool) -> list[Strings]:
    analysis = _Analysis(exact=exact, most=_MOST_FACTORS, folds=True, edged=edged)
    content = analysis.content(node)
    sets = list(content.needed)
    if content.exactly is not None:
        sets.append(_cut_short(content.exactly) if exact else content.exactly)
    return [strings for strings in map(_shortest_only, sets) if _is_useful(strings)]


def words_of(node: Node, *, exact: bool) -> tuple[str, ...] | None:
    """All that a pattern matches, edges aside, if these are few strings; else None."""
    if exact and _ignores_case_somewhere(node):
        return None
    exactly = _Analysis(exact=exact, most=_MOST_WORDS, folds=False).content(node).exactly
    return None if exactly is None else tuple(sorted(exactly))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Analysis:
    """Works out what the parts of a pattern match."""

    exact: bool
    """The pattern reads the original text, whereas literals are looked for in the folded one."""
    most: int
    """How many strings a set may have."""
    folds: bool
    """Whether to give what is seen in folded text; else what the pattern itself says."""
    edged: bool = False
    """Whether edges of words are kept, as EDGE."""

    def content(self, node: Node) -> _Content:
        if isinstance(node, Edge):
            return _Content(_ONE_EDGE if self.edged and node is Edge.WORD else _EMPTY)
        if isinstance(node, Char):
            return _Content(self._seen([node.char]))
        if isinstance(node, CharClass):
            return _Content(self._members(node))
        if isinstance(node, Choice):
            return self._choice([self.content(option) for option in node.options])
        return self._row((node,)) if isinstance(node, Row | Repeat) else _Content(None)

    def _members(self, node: CharClass) -> Strings | None:
        chars: list[str] = []
        for member in node.members:
            if isinstance(member, Kind):
                if member is not Kind.SPACE or self.exact:
                    return None
                chars.append(" ")
            elif isinstance(member, str):
                chars.append(member)
            elif ord(member[1]) - ord(member[0]) >= _WIDEST_CLASS:
                return None
            else:
                chars += self._range(*member)
        return None if node.negated or len(chars) > _WIDEST_CLASS else self._seen(chars)

    def _range(self, low: str, high: str) -> list[str]:
        chars = [chr(code) for code in range(ord(low), ord(high) + 1)]
        if self.exact:
            return chars
        # A character that folds to several is in no folded text.
        return [folded for char in chars if len(folded := plain(char)) == 1]

    def _seen(self, chars: list[str]) -> Strings | None:
        """How characters of the pattern show in the text that is filtered; None if it depends."""
        if not (self.exact and self.folds):
            return frozenset(chars)
        if any(char.isspace() or joins_the_one_before(char) for char in chars):
            return None
        return frozenset(map(plain, chars))

    def _choice(self, contents: list[_Content]) -> _Content:
        exact = [content.exactly for content in contents if content.exactly is not None]
        together = frozenset().union(*exact)
        if len(exact) == len(contents) and len(together) <= self.most:
            return _Content(together)
        best = [max(self._sets(content), key=_surprise, default=_EMPTY) for content in contents]
        either = frozenset().union(*best)
        return _Content(None, (either,) if "" not in either and len(either) <= self.most else ())

    def _sets(self, content: _Content) -> list[Strings]:
        exactly = () if content.exactly is None else (self._finished(content.exactly),)
        return [strings for strings in (*content.needed, *exactly) if strings and "" not in strings]

    def _finished(self, strings: Strings) -> Strings:
        return _cut_short(strings) if self.exact and self.folds else strings

    def _row(self, parts: Iterable[Node]) -> _Content:
        """What the parts one after the other match: literals grow until something vague comes."""
        grown, needed, is_exact = _EMPTY, list[Strings](), True
        for exactly, further in self._pieces(parts):
            needed += further
            joined = None if exactly is None else _joined(grown, exactly, self.most)
            if joined is None:
                is_exact = False
                needed.append(self._finished(grown))
                grown = _EMPTY if exactly is None else exactly
            else:
                grown = joined
        if is_exact:
            return _Content(grown)
        needed.append(self._finished(grown))
        return _Content(None, tuple(strings for strings in needed if "" not in strings))

    def _pieces(
        self, parts: Iterable[Node]
    ) -> Iterator[tuple[Strings | None, tuple[Strings, ...]]]:
        """What each part matches exactly, or None; and what else its matches contain."""
        for part in parts:
            if isinstance(part, Row):
                yield from self._pieces(part.parts)
            elif isinstance(part, Repeat):
                yield from self._repeated(part)
            else:
                content = self.content(part)
                yield content.exactly, content.needed

    def _repeated(self, node: Repeat) -> Iterator[tuple[Strings | None, tuple[Strings, ...]]]:
        content = self.content(node.part)
        if content.exactly == _ONE_SPACE and not self.exact and node.least <= 1 and node.most != 0:
            # Plain text has no two spaces in a row.
            yield (content.exactly if node.least else content.exactly | _EMPTY), ()
            return
        if node.least == 0:
            optional = content.exactly is not None and node.most == 1
            yield (content.exactly | _EMPTY if content.exactly and optional else None), ()
            return
        least = self._times(content.exactly, node.least)
        yield least, content.needed
        if node.least != node.most and least is not None:
            # Between its first times and its last there may be more.
            yield None, ()
            yield least, ()

    def _times(self, strings: Strings | None, times: int) -> Strings | None:
        """What a part matches that stands several times in a row."""
        found: Strings | None = _EMPTY if times <= _MOST_WORDS else None
        for _ in range(times if found else 0):
            if found is not None and strings is not None:
                found = _joined(found, strings, self.most)
            else:
                return None
        return found


def _joined(before: Strings, after: Strings, most: int) -> Strings | None:
    if len(before) * len(after) > most:
        return None
    return frozenset(one + other for one, other in product(before, after))


def _cut_short(strings: Strings) -> Strings:
    """Without the last characters: a mark that follows in the text could change them."""
    return frozenset(string[:-1] for string in strings)


def _shortest_only(strings: Strings) -> Strings:
    """Without those that contain another one."""
    return frozenset(
        string
        for string in strings
        if not any(other in string and other != string for other in strings)
    )


def _common(strings: Strings) -> str:
    """The longest literal that all of them contain."""
    shortest, *others = sorted(strings, key=lambda string: (len(string), string))
    if not others:
        return shortest
    lengths = range(min(len(shortest), _LONGEST_COMMON), 0, -1)
    parts = (
        shortest[start : start + length]
        for length in lengths
        for start in range(len(shortest) - length + 1)
    )
    return next((part for part in parts if all(part in other for other in others)), "")


def _is_useful(strings: Strings) -> bool:
    return 0 < len(strings) <= _MOST_FACTORS and min(map(_letters, strings)) >= _SHORTEST


def _letters(string: str) -> int:
    return len(string) - string.count(EDGE)


def _surprise(strings: Strings) -> float:
    """How seldom a text contains one of the strings, in bits."""
    return -math.log2(sum(2 ** -_bits(string) for string in strings))


def _bits(string: str) -> float:
    return min(sum(_BITS.get(char, _RARE) for char in string), 1_000.0)


def _ignores_case_somewhere(node: Node) -> bool:
    if isinstance(node, Char | CharClass):
        return node.any_case
    return any(map(_ignores_case_somewhere, parts_of(node)))
