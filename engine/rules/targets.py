"""Text leaves taken apart: the single things they look for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from engine.errors import InvalidPattern
from engine.rules.model import Leaf, ListRefs, PolicyList, TextPattern
from engine.rules.vocabulary import Operator
from engine.text.entry import Entry
from engine.text.find import compare, compile_entry
from engine.text.folding import Folded
from engine.text.pattern_checks import PatternProblem
from engine.text.patterns import Pattern, parse_pattern
from engine.text.scripts import is_no_space, is_word

if TYPE_CHECKING:
    from engine.text.matching import WholeText


@dataclass(frozen=True, slots=True)
class Comparison:
    """`starts_with`, `ends_with` or `exactly`, with one entry."""

    operator: Operator
    entry: Entry


Target = Entry | TextPattern | Comparison

#: Longer literals gain nothing.
LONGEST = 200
#: Matchers kept for reuse; each is a few kilobytes once it was used.
MOST_MATCHERS = 50_000


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds a target in a folded text."""

    search: Callable[[Folded, int, int | None], bool]
    """Between two places, give or take; borders are judged on the whole text."""
    spans: Callable[[Folded], list[tuple[int, int]]]
    """Where it stands in the original text."""
    warm: Callable[[], None]
    """Builds now what is otherwise built on first use."""
    reach: int | None = None
    """Characters around its literal that bear on a match; None: the whole text may."""


def whole_words_of(pattern: Pattern) -> list[str]:
    """Of a pattern that is nothing but a few things between edges of words: the whole words."""
    if pattern.exact or not pattern.stands_alone:
        return []
    return [word for word in pattern.words or () if _is_one_word(word)]


def _is_one_word(word: str) -> bool:
    return 0 < len(word) < LONGEST and all(is_word(char) and not is_no_space(char) for char in word)


@lru_cache(maxsize=MOST_MATCHERS)
def matcher_of(target: Target) -> Matcher:
    """The matcher of a target."""
    match target:
        case Entry():
            entry = compile_entry(target)
            return Matcher(entry.search, entry.spans, entry.warm)
        case Comparison():
            return Matcher(
                lambda folded, _start, _end: compares(target, folded),
                lambda folded: [(0, len(folded.original))] if compares(target, folded) else [],
                lambda: None,
            )
        case TextPattern(source=source, exact=exact):
            pattern = parse_pattern(source, exact=exact)
            if isinstance(pattern, PatternProblem):  # the reader lets no such pattern pass
                raise InvalidPattern(source, pattern.message)
            widest = pattern.width[1]
            reach = None if exact or widest is None else widest + 8
            return Matcher(pattern.search, pattern.spans, pattern.warm, reach)


def compares(target: Comparison, folded: Folded) -> bool:
    """Whether the comparison is true of a whole text."""
    return compare(cast("WholeText", target.operator.value), target.entry, folded)


def targets_of(
    operator: Operator, leaf: Leaf, lists: Mapping[str, PolicyList]
) -> tuple[Target, ...] | None:
    """What a positive text operator looks for; None where it looks for nothing (lengths)."""
    constant = leaf.constant
    if isinstance(constant, ListRefs):
        entries = dict.fromkeys(entry for name in constant.names for entry in lists[name].entries)
        if not constant.exceptions:
            return tuple(entries)
        return tuple(
            replace(entry, exceptions=entry.exceptions + constant.exceptions) for entry in entries
        )
    if not isinstance(constant, tuple):
        return None
    found = tuple(part for part in constant if isinstance(part, Entry | TextPattern))
    if operator in (Operator.STARTS_WITH, Operator.ENDS_WITH, Operator.EXACTLY):
        return tuple(Comparison(operator, part) for part in found if isinstance(part, Entry))
    return found


def length_of(target: Target) -> int:
    """How long it is as written: longer ones are rarer."""
    match target:
        case Entry(text=text):
            return len(text)
        case TextPattern(source=source):
            return len(source)
        case Comparison(entry=entry):
            return len(entry.text)
