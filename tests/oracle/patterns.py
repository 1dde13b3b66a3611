r"""Patterns, by `re` on the folded text, with `\w`, `\b` and `$` rewritten to their meaning."""

import re
import sys
from functools import cache
from itertools import groupby
from unicodedata import category

from engine.rules.model import TextPattern
from engine.text.entry import Spelling
from tests.oracle.folding import fold, joined

_SPECIAL_GROUP = re.compile(r"\(\?(?P<flags>[ims]+)(?P<close>[:)])")
_CHAR = re.compile(r"\\x[0-9a-fA-F]{2}|\\.|.", re.DOTALL)


def finds(pattern: TextPattern, text: str) -> bool:
    """Whether the pattern is found anywhere in the text."""
    return bool(spans(pattern, text))


def spans(pattern: TextPattern, text: str) -> frozenset[tuple[int, int]]:
    """The first place in the original text where the pattern is found, or none."""
    folded = fold(text, Spelling.EXACT if pattern.exact else Spelling.PLAIN)
    found = _compiled(pattern).search(joined(folded))
    if found is None:
        return frozenset()
    return frozenset({(folded[found.start()].start, folded[found.end() - 1].end)})


@cache
def _compiled(pattern: TextPattern) -> re.Pattern[str]:
    flags = re.NOFLAG if pattern.exact else re.IGNORECASE
    return re.compile(rewritten(pattern.source), flags)


@cache
def rewritten(source: str) -> str:
    """The pattern as Python has to read it."""
    written: list[str] = []
    multiline = [False]
    place = 0
    while place < len(source):
        group = _SPECIAL_GROUP.match(source, place)
        if group:
            whole_rest = group["close"] == ")"
            here = multiline[-1] or "m" in group["flags"]
            multiline[-1:] = [here] if whole_rest else [multiline[-1], here]
            written.append(group[0])
            place = group.end()
        elif source[place] == "[":
            end = _end_of_class(source, place)
            written.append(_class(source[place + 1 : end]))
            place = end + 1
        else:
            char = _CHAR.match(source, place)
            assert char is not None
            _nest(multiline, char[0])
            written.append(_outside_class(char[0], multiline=multiline[-1]))
            place = char.end()
    return "".join(written)


def _nest(multiline: list[bool], char: str) -> None:
    if char == "(":
        multiline.append(multiline[-1])
    elif char == ")":
        multiline.pop()


def _outside_class(char: str, *, multiline: bool) -> str:
    word = _word()
    if char == r"\b":
        return f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
    if char == "$" and not multiline:
        return r"\Z"
    return {r"\w": word, r"\W": f"(?:(?!{word})[\\s\\S])"}.get(char, char)


def _end_of_class(source: str, start: int) -> int:
    place = start + 1
    if source[place] == "^":
        place += 1
    if source[place] == "]":
        place += 1
    while source[place] != "]":
        place += 2 if source[place] == "\\" else 1
    return place


def _class(content: str) -> str:
    negated = content.startswith("^")
    members = [char[0] for char in _CHAR.finditer(content.removeprefix("^"))]
    plain = "".join(
        rf"\{member}" if member in "[]&~|" else member
        for member in members
        if member not in (r"\w", r"\W")
    )
    choices = [f"[{plain}]"] if plain else []
    choices += [
        _outside_class(member, multiline=False) for member in members if member in (r"\w", r"\W")
    ]
    either = f"(?:{'|'.join(choices)})"
    return f"(?:(?!{either})[\\s\\S])" if negated else either


@cache
def _word() -> str:
    r"""A class of `_`, letters, numbers and combining marks; Python's `\w` leaves out the marks."""
    marks = [code for code in range(sys.maxunicode + 1) if category(chr(code))[0] == "M"]
    ranges = []
    for _, run in groupby(enumerate(marks), lambda pair: pair[1] - pair[0]):
        codes = [code for _, code in run]
        ranges.append(f"\\U{codes[0]:08x}-\\U{codes[-1]:08x}")
    return f"(?-i:[\\w{''.join(ranges)}])"
