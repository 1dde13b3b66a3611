"""Hand-worked examples of what matches what."""

import pytest

from engine.text.entry import Entry, Spelling
from tests.oracle.characters import is_no_space
from tests.oracle.folding import fold, joined
from tests.oracle.text import find, find_any, find_at_end, find_at_start, find_exactly

EXACT, PLAIN = Spelling.EXACT, Spelling.PLAIN
TOLERANT, AGGRESSIVE = Spelling.TOLERANT, Spelling.AGGRESSIVE


def _entry(written: str, spelling: Spelling, *exceptions: str) -> Entry:
    return Entry(
        text=written.strip("*"),
        spelling=spelling,
        open_left=written.startswith("*"),
        open_right=written.endswith("*"),
        exceptions=tuple(Entry(text=each) for each in exceptions),
    )


@pytest.mark.parametrize(
    ("text", "spelling", "folded"),
    [
        ("Straße ＡＢＣ", PLAIN, "strasse abc"),
        ("a\u200bb\u00adc\u034fd\ufe0fe\u3164f", PLAIN, "abcdef"),
        ("a \u200b\t\n b", PLAIN, "a b"),
        ("‘it’s’ “so”", PLAIN, "'it's' \"so\""),
        ("Cafe\u0301", PLAIN, "caf\u00e9"),
        ("\ud800x", PLAIN, "\ufffdx"),
        ("ｶﾞﾁｬ", PLAIN, "ガチャ"),
        ("Cafe\u0301 Й ἄ ٣\u0301", TOLERANT, "cafe и α ٣"),
        ("कै", TOLERANT, "कै"),
        ("Aé\u200b", EXACT, "Aé\u200b"),
    ],
)
def test_folding(text: str, spelling: Spelling, folded: str) -> None:
    """Each level folds away what the definition says, and no more."""
    assert joined(fold(text, spelling)) == folded


@pytest.mark.parametrize(
    ("written", "spelling", "text", "spans"),
    [
        ("xanax", TOLERANT, "got x4n4x, dm me", {(4, 9)}),
        ("xanax", TOLERANT, "X.A.N.A.X for sale", {(0, 9)}),
        ("xanax", TOLERANT, "хаnах prices", {(0, 5)}),
        ("xanax", TOLERANT, "xaaanax", {(0, 7)}),
        ("xanax", TOLERANT, "x a n a x", {(0, 9)}),
        ("xanax", TOLERANT, "xanadu for sale", set()),
        ("xanax", TOLERANT, "my.x.a.n.a.x", {(3, 12)}),
        ("xanax", TOLERANT, "x.a-n.a.x", set()),
        ("xanax", TOLERANT, "x.a.n a x", set()),
        ("xanax", PLAIN, "x4n4x x.a.n.a.x", set()),
        ("hit", TOLERANT, "is hit", {(3, 6)}),
        ("shit", TOLERANT, "is hit", set()),
        ("con", TOLERANT, "coon", {(0, 4)}),
        ("coon", TOLERANT, "con", set()),
        ("oxy*", TOLERANT, "oxycodone", {(0, 3)}),
        ("oxy*", PLAIN, "foxy oxy_1", {(5, 8)}),
        ("*coin", PLAIN, "bitcoin coins", {(3, 7)}),
        ("赌博", PLAIN, "在线赌博平台，欢迎加入", {(2, 4)}),
        ("con", PLAIN, "赌con博", {(1, 4)}),
        ("con", PLAIN, "con\u0301 con_ con1 (con)", {(5, 8), (16, 19)}),
        ("도박", PLAIN, "도박을 도박장", {(0, 2)}),
        ("$$$", PLAIN, "a$$$b", {(1, 4)}),
        ("c++", PLAIN, "use c++11", {(4, 7)}),
        ("ass", TOLERANT, "pa$$ a$$ a$$$", {(5, 8), (9, 12), (9, 13)}),
        ("dm me", PLAIN, "DM \n me!", {(0, 7)}),
        ("dm me", PLAIN, "dmme", set()),
        ("dm me", AGGRESSIVE, "dmme d-m..me", {(0, 4), (5, 12)}),
        ("dm me", TOLERANT, "d.m.m.e", {(0, 7)}),
        ("zorbling", AGGRESSIVE, "z-orb...l ing zo....rbling z!orbling", {(0, 13)}),
        ("café", TOLERANT, "cafe", {(0, 4)}),
        ("café", PLAIN, "cafe", set()),
        ("Zorb", EXACT, "Zorb zorb", {(0, 4)}),
    ],
)
def test_find(written: str, spelling: Spelling, text: str, spans: set[tuple[int, int]]) -> None:
    """An entry is found where it stands alone, as loosely spelled as its level allows."""
    assert find(_entry(written, spelling), text) == spans


def test_a_run_whose_separator_changes() -> None:
    """The last letter before another separator opens a new run."""
    assert find(_entry("abc", TOLERANT), "x.a-b-c") == {(2, 7)}
    assert find(_entry("cde", TOLERANT), "a.b.c-d-e") == {(4, 9)}
    assert find(_entry("abcde", TOLERANT), "a.b.c-d-e") == set()


def test_exceptions() -> None:
    """A match inside an exception does not count; the same word elsewhere does."""
    molly = _entry("molly", PLAIN, "good golly miss molly")
    assert find(molly, "Good golly Miss Molly, prices are up") == set()
    assert find(molly, "good golly miss molly; molly") == {(23, 28)}
    shared = (Entry(text="oxygen"),)
    assert find_any([_entry("oxy*", TOLERANT)], "oxygen", shared) == set()


def test_spans_point_into_the_original() -> None:
    """Whatever was folded away, spans count code points of the text as written."""
    assert find(_entry("cafe dm", TOLERANT), "\u200bca\u00adfe\u0301 \t dm\u200b") == {(1, 12)}


def test_whole_text() -> None:
    """Beginning, end and whole are compared folded and stripped, without asking for boundaries."""
    assert find_at_start(_entry("zorb", PLAIN), "  Zorbling") == {(2, 6)}
    assert find_at_end(_entry("ling", TOLERANT), "Zorbl1ng ") == {(4, 8)}
    assert find_exactly(_entry("Zorb", PLAIN), "\n zorb ") == {(2, 6)}
    assert find_exactly(_entry("zorb", PLAIN), "zorbs") == set()
    assert find_at_start(_entry("orb", PLAIN), "zorb") == set()
    assert find_exactly(_entry("zorb", AGGRESSIVE), "z-orb") == set()


def test_scripts_without_spaces() -> None:
    """Han, kana, Thai, Lao, Khmer, Myanmar and Tibetan, and no others."""
    assert all(is_no_space(char) for char in "赌々〇ひカーｶกລខမབ")
    assert not any(is_no_space(char) for char in "aжβ도अم1、")
