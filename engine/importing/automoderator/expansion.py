"""The few words that a pattern means, if it means a few."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from engine.text.letters import LEET
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
    parts_of,
)
from engine.text.scripts import is_word

#: More words than this are clearer as a pattern.
MOST_WORDS: Final = 40
_MOST_MEMBERS: Final = 12
_MOST_REPEATS: Final = 3
_LONGEST: Final = 200

#: Signs for what is no letter; none of them can stand in a text.
_WILD, _EDGE, _START, _END = "\x00", "\x01", "\x02", "\x03"
_MARKS = _WILD + _EDGE + _START + _END
_SPACES = re.compile(" +")
_EDGES = {Edge.WORD: _EDGE, Edge.TEXT_START: _START, Edge.TEXT_END: _END}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """One of the words, and what the pattern asks for beside it."""

    text: str
    open_left: bool
    """Anything may stand before it."""
    open_right: bool
    edge_left: bool
    """The edge of a word has to be before it."""
    edge_right: bool
    starts: bool
    """The text has to start with it."""
    ends: bool


#: The empty text, as `^$` asks for it.
_NOTHING = Spelled(
    text="",
    open_left=False,
    open_right=False,
    edge_left=False,
    edge_right=False,
    starts=True,
    ends=True,
)


def expanded(node: Node) -> tuple[Spelled, ...] | None:
    """The words a pattern means; None: there are many, or it asks for more than words."""
    found = _texts(node)
    if found is None:
        return None
    spelled = [_spelled(one) for one in dict.fromkeys(found)]
    words = tuple(one for one in spelled if one is not None)
    return words if len(words) == len(spelled) else None


def substitutes(node: Node) -> list[str]:
    """Classes of a pattern in which signs stand for a letter, such as `[a4@]`."""
    found = []
    if isinstance(node, CharClass) and not node.negated:
        chars = list(dict.fromkeys(one for one in node.members if isinstance(one, str)))
        stands = [one for one in chars if set(LEET.get(one, "")) & set(chars)]
        if stands:
            found.append(f"[{''.join(chars)}]")
    for part in parts_of(node):
        found += [one for one in substitutes(part) if one not in found]
    return found


def _texts(node: Node) -> list[str] | None:
    match node:
        case Char() if node.any_case:
            found: list[str] | None = [node.char]
        case CharClass():
            found = _members(node)
        case Edge() if node in _EDGES:
            found = [_EDGES[node]]
        case Row():
            found = _joined(node.parts)
        case Choice():
            options = [_texts(one) for one in node.options]
            texts = [text for one in options if one is not None for text in one]
            found = _few(texts) if None not in options else None
        case Repeat():
            found = _repeated(node)
        case _:
            found = None
    return found


def _members(node: CharClass) -> list[str] | None:
    if node.negated:
        return None
    found: list[str] = []
    for member in node.members:
        if isinstance(member, Kind):
            if member is not Kind.SPACE:
                return None
            found.append(" ")
        elif isinstance(member, str):
            found.append(member)
        else:
            found += map(chr, range(ord(member[0]), min(ord(member[1]), ord(member[0]) + 99) + 1))
    found = list(dict.fromkeys(found))
    return found if len(found) <= _MOST_MEMBERS else None


def _repeated(node: Repeat) -> list[str] | None:
    if node.most is None and _is_wild(node.part):
        return [_WILD] if node.least == 0 else None
    part = _texts(node.part)
    if part == [" "] and node.most is None:
        # Runs of white space are one space in a text.
        return [" "] if node.least else ["", " "]
    if part is None or node.most is None or node.most > _MOST_REPEATS:
        return None
    found: list[str] = []
    for count in range(node.least, node.most + 1):
        times = _joined((node.part,) * count)
        if times is None:
            return None
        found += times
    return _few(found)


def _is_wild(node: Node) -> bool:
    if isinstance(node, CharClass):
        return not node.negated and set(node.members) in ({Kind.WORD}, {Kind.NO_SPACE})
    return isinstance(node, AnyChar)


def _joined(parts: tuple[Node, ...]) -> list[str] | None:
    found = [""]
    for part in parts:
        texts = _texts(part)
        if texts is None or len(found) * len(texts) > MOST_WORDS * 4:
            return None
        found = ["".join(pair) for pair in product(found, texts)]
        if any(len(one) > _LONGEST for one in found):
            return None
    return _few(found)


def _few(found: list[str]) -> list[str] | None:
    unique = list(dict.fromkeys(found))
    return unique if len(unique) <= MOST_WORDS else None


def _spelled(text: str) -> Spelled | None:
    inner = text.strip(_MARKS)
    if not inner:
        return _NOTHING if _is_empty_text(text) else None
    before, _, after = text.partition(inner)
    bare = "".join(_without_idle_edges(inner))
    if any(mark in bare for mark in _MARKS):
        return None
    if _misplaced(before, _END) or _misplaced(after, _START):
        return None
    if _beside_a_sign(before, bare[0]) or _beside_a_sign(after, bare[-1]):
        return None
    return Spelled(
        text=_SPACES.sub(" ", bare),
        open_left=_WILD in before and _EDGE not in before[before.index(_WILD) :],
        open_right=_WILD in after and _EDGE not in after[: after.rindex(_WILD)],
        edge_left=_EDGE in before,
        edge_right=_EDGE in after,
        starts=_START in before,
        ends=_END in after,
    )


def _is_empty_text(marks: str) -> bool:
    return _START in marks and _END in marks and not set(marks) - {_START, _END}


def _beside_a_sign(marks: str, char: str) -> bool:
    """Whether the edge of a word is asked for beside what is no word."""
    return _EDGE in marks and not is_word(char)


def _misplaced(marks: str, wrong: str) -> bool:
    return wrong in marks or (_WILD in marks and (_START in marks or _END in marks))


def _without_idle_edges(text: str) -> Iterator[str]:
    """The text without edges of words where there is one anyway."""
    for place, char in enumerate(text):
        if char != _EDGE or is_word(text[place - 1]) == is_word(text[place + 1]):
            yield char
