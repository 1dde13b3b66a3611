"""Shortcuts of the text package against the long way, on invented texts."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.text.classes import collapse, filter_key
from engine.text.entry import Entry, Spelling
from engine.text.find import compile_entry
from engine.text.folding import fold_plain, plain
from engine.text.letters import canonical, stand_ins
from engine.text.linear import compile_program
from engine.text.loosening import loosen
from engine.text.occurrences import occurrences
from engine.text.pattern_checks import PatternProblem
from engine.text.patterns import Pattern, parse_pattern
from engine.text.shapes import earliest_starts, shape_of, source_of
from engine.text.spelled_out import may_be_spelled_out, spelled_out

ASCII = st.text(st.characters(max_codepoint=0x7F), max_size=60)
MIXED = st.text(
    st.sampled_from([*"aAilost1!|$4@ .-_\tбйßéﬁ’赌กー한이\u0301\u0335\u200b\ud800"]), max_size=30
)
WORDS = st.text(st.sampled_from("ailost"), min_size=1, max_size=5)
SPELLINGS = st.sampled_from(Spelling)


@given(ASCII)
def test_ascii_folds_as_other_text_does(text: str) -> None:
    """The short way for ASCII folds what the long way folds."""
    assert plain(f"{text}é") == f"{plain(text)}é"
    assert filter_key(f"{plain(text)}é") == f"{filter_key(plain(text))}e"
    assert [run.letters for run in spelled_out(f"{text} \u2026\u2026\u2026éé")] == [
        run.letters for run in spelled_out(text)
    ]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded text is folded."""
    folded = plain(text.replace("ŉ", ""))
    assert plain(folded) == folded


@given(MIXED)
def test_every_place_has_an_origin(text: str) -> None:
    """Folded characters come from places of the original that are in order and not empty."""
    folded = fold_plain(text)
    places = [folded.origin(place, place + 1) for place in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)
    loosened = loosen(folded)
    assert len(loosened.letters) == len(loosened.text)


@given(MIXED)
def test_the_quick_test_for_spelled_out_words_misses_none(text: str) -> None:
    """Where a word is spelled out, the quick test says that one may be."""
    folded = plain(text)
    if spelled_out(loosen(fold_plain(text)).text):
        assert may_be_spelled_out(folded)


@given(WORDS, st.data())
def test_a_disguised_word_keeps_its_key(word: str, data: st.DataObject) -> None:
    """However a word is disguised, a text that holds it in a row holds its key."""
    letters = [
        data.draw(st.sampled_from(sorted(stand_ins(letter)))) * data.draw(st.integers(1, 3))
        for letter in word
    ]
    text = plain(data.draw(MIXED) + " " + "".join(letters) + " " + data.draw(MIXED))
    if compile_entry(Entry(text=word, spelling=Spelling.TOLERANT)).search(fold_plain(text)):
        key = collapse(filter_key(word))
        assert key in collapse(filter_key(text)) or spelled_out(loosen(fold_plain(text)).text)


@given(WORDS, st.text(st.sampled_from("ailost1!|$4@ ."), max_size=40), st.booleans())
def test_two_ways_to_list_matches(word: str, text: str, gaps: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """The way for endless matches finds the longest match to every end that the usual way knows."""
    shape = shape_of(word, gaps=gaps)
    slow = list(earliest_starts(shape, canonical(text), lambda _: True, lambda _: True))
    program = compile_program(f"({source_of(shape)})")
    usual = occurrences(program, f"{text}~".encode(), borders=False, overlapping=True)
    assert usual is not None
    assert {start for start, _ in usual} >= {start for start, _ in slow}
    assert {end for _, end in slow} >= {end for _, end in usual}
    assert all(any(a <= start and end <= b for a, b in slow) for start, end in usual)
    assert all(any(a <= start and end <= b for a, b in usual) for start, end in slow)


@given(WORDS, SPELLINGS, MIXED, st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_windows_of_entries(
    word: str, spelling: Spelling, text: str, window: tuple[int, int]
) -> None:
    """A window says nothing that the whole text does not, and misses nothing inside of it."""
    matcher = compile_entry(Entry(text=word, spelling=spelling))
    folded = fold_plain(text)
    start, end = sorted(min(place, len(folded.text)) for place in window)
    found = matcher.search(folded, start, end)
    assert matcher.search(folded) or not found
    inside = folded.origin(start, end)
    if any(inside[0] <= first and last <= inside[1] for first, last in matcher.every_span(folded)):
        assert found


_LETTERS = st.sampled_from(["a", "b", "zo", "é", "ß", "K", "1", " ", "хат", r"\.", "[ab]", "[x-z]"])
_VAGUE = st.sampled_from([r"\d", r"\w", ".", "[^a]", r"\s", r"\b"])
_REPEATS = st.sampled_from(["", "", "", "?", "+", "*", "{2}", "{1,3}", "+?"])

#: Of groups: endless repeats within endless repeats would take Python's own `re` for ever.
_FEW_REPEATS = st.sampled_from(["", "", "?", "{2}"])


@st.composite
def _sources(draw: st.DrawFn) -> str:
    def part(depth: int) -> str:
        if depth and draw(st.booleans()):
            inner = "|".join(row(depth - 1) for _ in range(draw(st.integers(1, 3))))
            return f"(?:{inner}){draw(_FEW_REPEATS)}"
        atom = draw(_LETTERS if draw(st.integers(0, 3)) else _VAGUE)
        repeat = draw(_REPEATS)
        return atom if atom == r"\b" else f"(?:{atom}){repeat}"

    def row(depth: int) -> str:
        return "".join(part(depth) for _ in range(draw(st.integers(1, 4))))

    return row(2)


@settings(max_examples=25)  # drawing a match of a pattern may take a second
@given(_sources(), st.booleans(), st.data())
def test_factors_are_in_every_match(source: str, exact: bool, data: st.DataObject) -> None:  # noqa: FBT001 - hypothesis gives it
    """A text that a pattern finds holds its factor, one of its factors, and one of its words."""
    pattern = parse_pattern(source, exact=exact)
    if isinstance(pattern, PatternProblem):
        assert "empty" in pattern.message or "memory" in pattern.message
        return
    text = data.draw(st.from_regex(re.compile(source, re.NOFLAG if exact else re.IGNORECASE)))
    folded = fold_plain(text)
    if not pattern.search(folded):
        return
    _assert_known(pattern, text, folded.text)


def _assert_known(pattern: Pattern, text: str, folded: str) -> None:
    assert pattern.factor is None or pattern.factor in folded
    assert pattern.factors is None or any(factor in folded for factor in pattern.factors)
    read = text if pattern.exact else folded
    assert pattern.words is None or any(word in read for word in pattern.words)
    least, most = pattern.width
    assert least <= len(folded)
    for start, end in pattern.spans(fold_plain(folded)) if not pattern.exact else []:
        assert least <= end - start
        assert most is None or end - start <= most


@given(_sources(), MIXED, st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_windows_of_patterns(source: str, text: str, window: tuple[int, int]) -> None:
    """A window says nothing that the whole text does not, and misses nothing inside of it."""
    pattern = parse_pattern(source, exact=False)
    if isinstance(pattern, PatternProblem):
        return
    folded = fold_plain(plain(text))
    start, end = sorted(min(place, len(folded.text)) for place in window)
    found = pattern.search(folded, start, end)
    assert pattern.search(folded) or not found
    if any(start <= first and last <= end for first, last in pattern.spans(folded)):
        assert found
