"""Words written letter by letter: `x.a.n.a.x`, `x a n a x`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from engine.text.accents import without_accents
from engine.text.scripts import is_word
from engine.text.tables import LazyTable

_FEWEST = 3
_ASCII_KINDS = bytes(ord("w" if chr(code).isalnum() else " ") for code in range(128)) + bytes(128)
_KINDS = LazyTable(lambda char: "w" if is_word(char) else " ")
_CHAIN = re.compile(r"(?<!w)w(?!w)(?: {1,3}w(?!w)){2,}")


@dataclass(frozen=True, slots=True)
class Run:
    """The letters of a word written letter by letter, and where each of them stands."""

    letters: str
    positions: tuple[int, ...]


def may_be_spelled_out(text: str) -> bool:
    """Whether a plain text may hold a spelled-out run; quick, and true wherever there is one."""
    return _holds_singles(_kinds(without_accents(text)[0]))


def spelled_out(text: str) -> list[Run]:
    """The spelled-out runs of an accent-less text, of three letters or more each."""
    kinds = _kinds(text)
    if not _holds_singles(kinds):
        return []
    return [
        Run("".join([text[place] for place in places]), tuple(places))
        for chain in _CHAIN.finditer(kinds)
        for places in _same_separators(text, chain.start(), chain[0])
    ]


def _holds_singles(kinds: str) -> bool:
    kinds = f" {kinds} "
    return " w w w " in kinds or " w  w  w " in kinds or " w   w   w " in kinds


def _kinds(text: str) -> str:
    if text.isascii():
        return text.encode("ascii").translate(_ASCII_KINDS).decode("ascii")
    return text.translate(_KINDS)


def _same_separators(text: str, offset: int, chain: str) -> Iterator[list[int]]:
    """The stretches of a chain of single letters between which the same separator stands."""
    letters = [offset + place for place, kind in enumerate(chain) if kind == "w"]
    run, separator = letters[:1], ""
    for before, letter in pairwise(letters):
        between = text[before + 1 : letter]
        if between != separator:
            if len(run) >= _FEWEST:
                yield run
            run, separator = [before], between
        run.append(letter)
    if len(run) >= _FEWEST:
        yield run
