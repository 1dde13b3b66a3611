"""Patterns of the source: as words where they mean a few, else as patterns of ours."""

import re
from dataclasses import dataclass

from engine.importing.automoderator.expansion import Spelled, expanded, substitutes
from engine.importing.automoderator.fates import ByHand, Notes
from engine.importing.automoderator.modifiers import Method, Search
from engine.importing.automoderator.terms import (
    ANY_EDGES,
    Terms,
    can_be_entry,
    ends_in_underscore,
    starred,
    wrapped,
)
from engine.rules.limits import PATTERN_LENGTH
from engine.rules.suggestions import shown
from engine.text.pattern_checks import PatternProblem
from engine.text.pattern_syntax import read_pattern
from engine.text.pattern_tree import (
    AnyChar,
    Char,
    CharClass,
    Choice,
    Edge,
    Kind,
    Node,
    Repeat,
    Row,
    edges_of,
    width_of,
)
from engine.text.patterns import parse_pattern
from engine.text.scripts import is_word

#: What is different about lengths.
ENDS_COUNT = "spaces and signs at both ends of the text count here, and not in the source"

#: Stands for an operator where a text without characters is meant.
_EMPTY = ""
_COMMENT = re.compile(r"\(\?#[^)]*\)")
_FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")


def add_pattern(terms: Terms, value: str, search: Search, notes: Notes, line: int) -> None:
    """Add a value that is a pattern.

    Raises:
        ByHand: It uses what no pattern here has, or cannot be read at all.
    """
    source = _without_flags(value, line)
    node = read_pattern(source, exact=search.exact)
    if isinstance(node, PatternProblem):
        raise _refused(line, value, node)
    for leet in substitutes(node):
        message = f"`{leet}` spells letters with signs: the plain word with `spelling: tolerant`"
        notes.proposed(line, f"{message} finds these and more")
    found = _as_words(node, search)
    if found is not None:
        for operator, word in found:
            if operator == _EMPTY:
                terms.shorter.append(1)
            else:
                terms.add(operator, word, exact=search.exact)
        return
    if _add_length(terms, node, search):
        if search.method is Method.FULL:
            notes.changed(line, ENDS_COUNT)
        return
    _add_as_pattern(terms, _Pattern(value, source, node), search, line)


@dataclass(frozen=True, slots=True)
class _Pattern:
    written: str
    source: str
    node: Node


def _add_as_pattern(terms: Terms, pattern: _Pattern, search: Search, line: int) -> None:
    result = wrapped(pattern.source, search.method, _edges(pattern.node))
    problem = parse_pattern(result, exact=search.exact)
    if not isinstance(problem, PatternProblem):
        if len(result) > PATTERN_LENGTH:
            raise ByHand(line, f"a pattern has at most {PATTERN_LENGTH:,} characters")
        terms.add("matches", result, exact=search.exact)
    elif _is_everywhere(pattern, search.method):
        terms.always = True
    else:
        raise _refused(line, pattern.written, problem)


def _is_everywhere(pattern: _Pattern, method: Method) -> bool:
    """Whether a pattern finds nothing at all, and so is found in every text.

    Here one may seem to that looks for characters which are folded away, so `re` is asked.
    """
    anywhere = method in (Method.WORD, Method.INSIDE)
    if not anywhere or width_of(pattern.node)[0] > 0 or edges_of(pattern.node):
        return False
    return re.match(pattern.source, "") is not None


def _refused(line: int, value: str, problem: PatternProblem) -> ByHand:
    advice = f" ({problem.hint})" if problem.hint else ""
    return ByHand(line, f"the pattern `{shown(value)}` needs a person: {problem.message}{advice}")


def _without_flags(source: str, line: int) -> str:
    """The pattern without comments and flags that hold anyway; `(?m)` is moved to its start."""
    flags = "".join(_FLAGS.findall(source))
    if "x" in flags:
        raise ByHand(line, "a pattern with `(?x)` needs a person")
    source = _COMMENT.sub("", _FLAGS.sub("", source)).replace("\n", r"\n")
    source = re.sub(r"(?<!\\)((?:\\\\)*)\\Z", r"\1$", source)
    return f"(?m){source}" if "m" in flags else source


def _as_words(node: Node, search: Search) -> list[tuple[str, str]] | None:
    """The words that a pattern means, each with its operator; None: too many, or more than words.

    White space in a pattern is one space, as runs of it are in texts.
    """
    if search.method is Method.FULL or search.exact:
        return None
    spelled = expanded(node)
    if spelled is None:
        return None
    found = [_entry(one, search.method) for one in spelled]
    words = [one for one in found if one is not None]
    return words if len(words) == len(found) else None


def _entry(spelled: Spelled, method: Method) -> tuple[str, str] | None:
    """A word with its operator; None: only a pattern can say it."""
    if not spelled.text:
        return _EMPTY, ""
    if not can_be_entry(spelled.text) or ends_in_underscore(spelled.text, method):
        return None
    start = spelled.starts or method in (Method.START, Method.EXACT)
    end = spelled.ends or method in (Method.END, Method.EXACT)
    if start or end:
        return _of_the_whole(spelled, method, start=start, end=end)
    open_by_method = method is Method.INSIDE
    left = spelled.open_left or (open_by_method and not spelled.edge_left)
    right = spelled.open_right or (open_by_method and not spelled.edge_right)
    return "has_any", starred(spelled.text, left=left, right=right)


def _of_the_whole(
    spelled: Spelled, method: Method, *, start: bool, end: bool
) -> tuple[str, str] | None:
    """The operator for a word at the start or the end of a text, where there is one."""
    if start and end:
        plain = not (spelled.open_left or spelled.open_right)
        return ("exactly", spelled.text) if plain else None
    left_free = spelled.open_left or not is_word(spelled.text[0])
    right_free = spelled.open_right or not is_word(spelled.text[-1])
    if start:
        loose = method is not Method.WORD and not spelled.edge_right
        fits = not spelled.open_left and (loose or right_free)
        return ("starts_with", spelled.text) if fits else None
    loose = method is not Method.WORD and not spelled.edge_left
    fits = not spelled.open_right and (loose or left_free)
    return ("ends_with", spelled.text) if fits else None


def _add_length(terms: Terms, node: Node, search: Search) -> bool:
    """Add a pattern that only counts characters, such as `^.{0,20}$`; whether it was one."""
    parts = list(node.parts) if isinstance(node, Row) else [node]
    starts = search.method in (Method.EXACT, Method.FULL, Method.START)
    ends = search.method in (Method.EXACT, Method.FULL, Method.END)
    if parts and parts[0] is Edge.TEXT_START:
        starts, parts = True, parts[1:]
    if parts and parts[-1] is Edge.TEXT_END:
        ends, parts = True, parts[:-1]
    if not parts and starts and ends:
        terms.shorter.append(1)
        return True
    if len(parts) != 1 or not isinstance(parts[0], Repeat):
        return False
    repeat = parts[0]
    if not isinstance(repeat.part, AnyChar) or not starts:
        return False
    least, most = repeat.least, repeat.most if ends else None
    if least == 0 and most is None:
        terms.always = True
    elif least == 0 and most is not None:
        terms.shorter.append(most + 1)
    else:
        terms.between.append((least - 1, None if most is None else most + 1))
    return True


def _edges(node: Node) -> tuple[str, str]:
    """What has to stand around a pattern for it to be a whole word, as short as its signs allow."""
    return _edge(_ends(node, 0), ANY_EDGES[0]), _edge(_ends(node, -1), ANY_EDGES[1])


def _edge(kinds: frozenset[str], usual: str) -> str:
    if kinds == {"word"}:
        return r"\b"
    return "" if kinds <= {"edge"} or kinds == {"sign"} else usual


def _ends(node: Node, place: int) -> frozenset[str]:
    """What may stand at one end of a match: `word`, `sign`, `edge`, or `any`."""
    if isinstance(node, Row) and node.parts:
        return _ends(node.parts[place], place)
    if isinstance(node, Choice):
        return frozenset().union(*(_ends(one, place) for one in node.options))
    if isinstance(node, Repeat) and node.least > 0:
        return _ends(node.part, place)
    if isinstance(node, Char):
        return frozenset({"word" if is_word(node.char) or node.char == "_" else "sign"})
    if isinstance(node, CharClass):
        return frozenset({_kind_of(node)})
    return frozenset({"edge" if isinstance(node, Edge) else "any"})


def _kind_of(node: CharClass) -> str:
    if node.negated:
        return "any"
    kinds = set()
    for member in node.members:
        if isinstance(member, Kind):
            word = member in (Kind.WORD, Kind.DIGIT)
            sign = member in (Kind.NO_WORD, Kind.SPACE)
            kinds.add("word" if word else "sign" if sign else "any")
        else:
            kinds |= {"word" if is_word(one) or one == "_" else "sign" for one in member}
    return kinds.pop() if len(kinds) == 1 else "any"
