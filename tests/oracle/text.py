"""Where an entry matches a text, by trying every position."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from engine.text.entry import Entry, Spelling
from engine.text.scripts import PARTICLES
from tests.oracle.characters import is_gap, is_hangul_syllable, is_letter, is_no_space, is_word
from tests.oracle.folding import Folded, Glyph, fold, joined
from tests.oracle.likeness import may_stand_for

Spans = frozenset[tuple[int, int]]

_LOOSE = (Spelling.TOLERANT, Spelling.AGGRESSIVE)


class Token(NamedTuple):
    """A character of an entry, `times` times in a row; `more` if further ones may follow."""

    char: str
    times: int
    more: bool


@lru_cache(maxsize=20_000)
def find(entry: Entry, text: str) -> Spans:
    """Every span of the text in which the entry matches, those inside an exception left out."""
    spans = _in_a_row(entry, text)
    if entry.spelling in _LOOSE:
        spans |= _spelled_out(entry, text)
    return _outside_exceptions(spans, entry.exceptions, text)


def find_any(entries: Iterable[Entry], text: str, exceptions: Sequence[Entry] = ()) -> Spans:
    """Every span of one of the entries; the further exceptions hold for all of them."""
    spans = frozenset(span for entry in entries for span in find(entry, text))
    return _outside_exceptions(spans, exceptions, text)


def find_at_start(entry: Entry, text: str) -> Spans:
    """Every span in which the text begins with the entry."""
    return _whole_text(entry, text, start=True, end=False)


def find_at_end(entry: Entry, text: str) -> Spans:
    """Every span in which the text ends with the entry."""
    return _whole_text(entry, text, start=False, end=True)


def find_exactly(entry: Entry, text: str) -> Spans:
    """The span of the text if it is the entry."""
    return _whole_text(entry, text, start=True, end=True)


@lru_cache(maxsize=20_000)
def spelled_out_runs(text: str) -> tuple[list[Glyph], ...]:
    """The letters of each spelled-out run, such as `x.a.n.a.x`."""
    folded = fold(text, Spelling.TOLERANT)
    runs: list[list[Glyph]] = []
    letters: list[Glyph] = []
    separator = ""
    for (start, end), between in _word_runs(folded):
        single = end - start == 1
        if single and letters and 1 <= len(between) <= 3:
            if len(letters) > 1 and between != separator:
                runs.append(letters)
                letters = letters[-1:]
            separator = between
            letters = [*letters, folded[start]]
        else:
            runs.append(letters)
            letters = [folded[start]] if single else []
    return tuple(run for run in [*runs, letters] if len(run) >= 3)


def _word_runs(folded: Folded) -> list[tuple[tuple[int, int], str]]:
    """Maximal runs of word characters, each with what stands between it and the one before."""
    runs: list[tuple[tuple[int, int], str]] = []
    place = last_end = 0
    while place < len(folded):
        start = place
        while place < len(folded) and is_word(folded[place].char):
            place += 1
        if place > start:
            runs.append(((start, place), joined(folded[last_end:start])))
            last_end = place
        else:
            place += 1
    return runs


def _in_a_row(entry: Entry, text: str) -> Spans:
    folded, tokens = fold(text, entry.spelling), _tokens(entry)
    if not tokens:
        return frozenset()
    gaps = entry.spelling is Spelling.AGGRESSIVE
    return frozenset(
        (folded[start].start, folded[end - 1].end)
        for start in range(len(folded))
        if _alone_on_the_left(entry, tokens[0].char, folded, start)
        for end in _ends(tokens, folded, start, loose=entry.spelling in _LOOSE, gaps=gaps)
        if _alone_on_the_right(entry, tokens[-1].char, folded, end)
    )


def _spelled_out(entry: Entry, text: str) -> Spans:
    tokens = [token for token in _tokens(entry) if token.char != " "]
    if sum(token.times for token in tokens if is_word(token.char)) < 3:
        return frozenset()
    return frozenset(
        (letters[start].start, letters[end - 1].end)
        for letters in spelled_out_runs(text)
        for start in range(len(letters))
        for end in _ends(tokens, letters, start, loose=True, gaps=False)
    )


def _whole_text(entry: Entry, text: str, *, start: bool, end: bool) -> Spans:
    spelling = Spelling.TOLERANT if entry.spelling in _LOOSE else entry.spelling
    tokens = _tokens(Entry(text=entry.text, spelling=spelling))
    folded = list(fold(text, spelling))
    while folded and folded[0].char.isspace():
        folded.pop(0)
    while folded and folded[-1].char.isspace():
        folded.pop()
    if not tokens:
        return frozenset()
    spans = frozenset(
        (folded[first].start, folded[last - 1].end)
        for first in range(len(folded))
        if first == 0 or not start
        for last in _ends(tokens, folded, first, loose=spelling in _LOOSE, gaps=False)
        if last == len(folded) or not end
    )
    return _outside_exceptions(spans, entry.exceptions, text)


@lru_cache(maxsize=20_000)
def _tokens(entry: Entry) -> tuple[Token, ...]:
    chars = joined(fold(entry.text, entry.spelling))
    if entry.spelling is Spelling.AGGRESSIVE:
        chars = chars.replace(" ", "")
    if not chars.strip():
        return ()
    loose = entry.spelling in _LOOSE
    tokens: list[Token] = []
    for char in chars:
        if loose and is_letter(char) and tokens and tokens[-1].char == char:
            tokens[-1] = tokens[-1]._replace(times=tokens[-1].times + 1)
        else:
            tokens.append(Token(char, 1, more=loose and is_letter(char)))
    return tuple(tokens)


def _ends(
    tokens: Sequence[Token], glyphs: Sequence[Glyph], start: int, *, loose: bool, gaps: bool
) -> set[int]:
    """Every place at which a match that begins at `start` may end."""
    if not _is_at(glyphs, start, tokens[0].char, loose=loose):
        return set()

    def one_more(places: set[int], char: str) -> set[int]:
        return {
            there + 1
            for place in places
            for there in (_after_gap(glyphs, place) if gaps and place > start else [place])
            if _is_at(glyphs, there, char, loose=loose)
        }

    places = {start}
    for token in tokens:
        if not places:
            break
        for _ in range(token.times):
            places = one_more(places, token.char)
        further = places
        while token.more and further:
            further = one_more(further, token.char) - places
            places = places | further
    return places


def _is_at(glyphs: Sequence[Glyph], place: int, char: str, *, loose: bool) -> bool:
    if place == len(glyphs):
        return False
    seen = glyphs[place].char
    return may_stand_for(seen, char) if loose else seen == char


def _after_gap(glyphs: Sequence[Glyph], place: int) -> list[int]:
    places = [place]
    while len(places) <= 3 and place < len(glyphs) and is_gap(glyphs[place].char):
        place += 1
        places.append(place)
    return places


def _alone_on_the_left(entry: Entry, edge: str, folded: Folded, start: int) -> bool:
    if entry.open_left or not is_word(edge) or is_no_space(edge):
        return True
    return _is_border(folded, start - 1)


def _alone_on_the_right(entry: Entry, edge: str, folded: Folded, end: int) -> bool:
    if entry.open_right or not is_word(edge) or is_no_space(edge) or _is_border(folded, end):
        return True
    return is_hangul_syllable(edge) and any(
        joined(folded[end : end + len(particle)]) == particle
        and _is_border(folded, end + len(particle))
        for particle in PARTICLES
    )


def _is_border(folded: Folded, place: int) -> bool:
    if not 0 <= place < len(folded):
        return True
    return not is_word(folded[place].char) or is_no_space(folded[place].char)


def _outside_exceptions(spans: Spans, exceptions: Sequence[Entry], text: str) -> Spans:
    friends = [span for exception in exceptions for span in find(exception, text)] if spans else []
    return frozenset(
        (start, end)
        for start, end in spans
        if not any(first <= start and end <= last for first, last in friends)
    )
