"""Folding, one step after the other over a list of characters that know where they came from."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from engine.text.entry import Spelling
from tests.oracle.characters import is_mark, joins_cluster, loses_marks


class Glyph(NamedTuple):
    """A folded character and the place in the original text it came from."""

    char: str
    start: int
    end: int


Folded = tuple[Glyph, ...]

_DROPPED = frozenset("\u034f\u115f\u1160\u3164\uffa0")
_QUOTES = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
}


@lru_cache(maxsize=20_000)
def fold(text: str, spelling: Spelling) -> Folded:
    """The text as it is compared at a level of spelling."""
    if spelling is Spelling.EXACT:
        return tuple(Glyph(char, place, place + 1) for place, char in enumerate(text))
    plain = _plain(text)
    return plain if spelling is Spelling.PLAIN else _without_accents(plain)


def joined(folded: Sequence[Glyph]) -> str:
    """The folded characters as one text."""
    return "".join(glyph.char for glyph in folded)


def _plain(text: str) -> Folded:
    glyphs = [Glyph(char, place, place + 1) for place, char in enumerate(text)]
    glyphs = [glyph for glyph in glyphs if not _is_dropped(glyph.char)]
    glyphs = [glyph._replace(char=_ordinary(glyph.char)) for glyph in glyphs]
    glyphs = _single_spaces(glyphs)
    glyphs = [glyph._replace(char=char) for glyph in glyphs for char in glyph.char.casefold()]
    return tuple(
        Glyph(char, cluster[0].start, cluster[-1].end)
        for cluster in _clusters(glyphs)
        for char in unicodedata.normalize("NFC", joined(cluster))
    )


def _without_accents(plain: Folded) -> Folded:
    folded: list[Glyph] = []
    for cluster in _clusters(plain):
        decomposed = unicodedata.normalize("NFD", joined(cluster))
        if not loses_marks(decomposed[0]):
            folded += cluster
            continue
        folded += [
            Glyph(char, cluster[0].start, cluster[-1].end)
            for char in decomposed
            if not is_mark(char)
        ]
    return tuple(folded)


def _is_dropped(char: str) -> bool:
    selector = 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF
    return unicodedata.category(char) == "Cf" or char in _DROPPED or selector


def _ordinary(char: str) -> str:
    if 0xD800 <= ord(char) <= 0xDFFF:
        return "\ufffd"
    decomposition = unicodedata.decomposition(char)
    if decomposition.startswith(("<wide>", "<narrow>")):
        char = chr(int(decomposition.split()[1], 16))
    return _QUOTES.get(char, char)


def _single_spaces(glyphs: Sequence[Glyph]) -> list[Glyph]:
    spaced: list[Glyph] = []
    in_run = False
    for glyph in glyphs:
        if not glyph.char.isspace():
            spaced.append(glyph)
            in_run = False
        elif in_run:
            spaced[-1] = spaced[-1]._replace(end=glyph.end)
        else:
            spaced.append(Glyph(" ", glyph.start, glyph.end))
            in_run = True
    return spaced


def _clusters(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Each base character with the marks (in Hangul, the vowels and tails) after it."""
    clusters: list[list[Glyph]] = []
    for glyph in glyphs:
        if clusters and joins_cluster(glyph.char):
            clusters[-1].append(glyph)
        else:
            clusters.append([glyph])
    return clusters
