"""Words, phrases and patterns of the engine against those of the naive interpreter."""

from collections.abc import Callable, Iterable

import pytest

from engine.text.entry import Entry
from engine.text.find import compare, compile_entry
from engine.text.folding import fold_plain
from engine.text.matching import WholeText
from engine.text.pattern_checks import PatternProblem
from engine.text.patterns import parse_pattern
from tests.generators.draws import Draws, seeded
from tests.generators.items import SNIPPETS
from tests.generators.spellings import text_around
from tests.generators.words import entry, pattern
from tests.oracle.differences import shown
from tests.oracle.patterns import finds
from tests.oracle.text import Spans, find, find_at_end, find_at_start, find_exactly

PARTS = 10
TEXTS = 8
WHOLE_TEXT: dict[WholeText, Callable[[Entry, str], Spans]] = {
    "starts_with": find_at_start,
    "ends_with": find_at_end,
    "exactly": find_exactly,
}


def _texts(draws: Draws, wanted: Entry) -> list[str]:
    return [text_around(draws, [wanted], most=3) for _ in range(TEXTS)]


def _leftmost_longest(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted(spans, key=lambda span: (span[0], -span[1]))[:1]


@pytest.mark.parametrize("part", range(PARTS))
def test_entries(part: int, pairs: int, first_seed: int) -> None:
    """Both find an entry in the same texts, and the engine shows places where it is."""
    for place in range(max(1, pairs // (PARTS * TEXTS * 2))):
        draws = seeded(first_seed, part, place)
        wanted = entry(draws)
        compiled = compile_entry(wanted)
        for text in _texts(draws, wanted):
            folded = fold_plain(text)
            expected, found = find(wanted, text), compiled.spans(folded)
            case = f"{shown(wanted)} in {text!a}: {sorted(expected)} | {found}"
            assert compiled.search(folded) == bool(expected), case
            assert expected.issuperset(found), case
            assert found[:1] == _leftmost_longest(expected), case


@pytest.mark.parametrize("part", range(PARTS))
def test_whole_texts(part: int, pairs: int, first_seed: int) -> None:
    """Both agree on what a text begins with, ends with, and is."""
    for place in range(max(1, pairs // (PARTS * TEXTS * 2))):
        draws = seeded(first_seed, part, place, 1)
        wanted = entry(draws)
        for text in _texts(draws, wanted):
            for operator, search in WHOLE_TEXT.items():
                expected = bool(search(wanted, text))
                case = f"{operator} {shown(wanted)} in {text!a}: {expected}"
                assert compare(operator, wanted, fold_plain(text)) == expected, case


@pytest.mark.parametrize("part", range(PARTS))
def test_patterns(part: int, pairs: int, first_seed: int) -> None:
    """Both find a pattern in the same texts."""
    for place in range(max(1, pairs // (PARTS * TEXTS * 2))):
        draws = seeded(first_seed, part, place, 2)
        wanted = pattern(draws)
        parsed = parse_pattern(wanted.source, exact=wanted.exact)
        assert not isinstance(parsed, PatternProblem), f"{wanted.source!a}: {parsed}"
        for text in _texts(draws, entry(draws)):
            mixed = text + draws.pick(SNIPPETS)
            expected = finds(wanted, mixed)
            case = f"{shown(wanted)} in {mixed!a}: {expected}"
            assert parsed.search(fold_plain(mixed)) == expected, case
