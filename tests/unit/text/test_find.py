"""Where entries match."""

import pytest

from engine.text.entry import Entry, Spelling
from engine.text.find import compare, compile_entry, find
from engine.text.folding import fold_plain
from engine.text.matching import WholeText

EXACT, PLAIN = Spelling.EXACT, Spelling.PLAIN
TOLERANT, AGGRESSIVE = Spelling.TOLERANT, Spelling.AGGRESSIVE

FOUND = [
    (PLAIN, "zorb", "a ZORB.", "ZORB"),
    (PLAIN, "big zorb", "the Big \n Zorb!", "Big \n Zorb"),
    (PLAIN, "zorb", "_zorb_", "zorb"),
    (PLAIN, "c++", "use c++14", "c++"),
    (PLAIN, "$$$", "a$$$$b", "$$$"),
    (PLAIN, "strasse", "Straße", "Straße"),
    (PLAIN, "赌博", "在线赌博网", "赌博"),
    (PLAIN, "zorb", "赌zorb博", "zorb"),
    (PLAIN, "กิน", "อยากกินข้าว", "กิน"),
    (PLAIN, "도박", "온라인 도박을 했다", "도박"),
    (PLAIN, "도박", "도박에서는!", "도박"),
    (EXACT, "Zorb", "zorb Zorb", "Zorb"),
    (TOLERANT, "xanax", "XXXánnax", "XXXánnax"),
    (TOLERANT, "xanax", "x4n@x!", "x4n@x"),
    (TOLERANT, "xanax", "$xanax$", "xanax"),
    (TOLERANT, "xanax", "xаnаx", "xаnаx"),
    (TOLERANT, "xanax", "𝐗𝐀𝐍𝐀𝐗", "𝐗𝐀𝐍𝐀𝐗"),
    (TOLERANT, "xanax", "buy x.a.n.a.x.", "x.a.n.a.x"),
    (TOLERANT, "xanax", "b u y x a n a x n o w", "x a n a x"),
    (TOLERANT, "for sale", "f o r s a l e", "f o r s a l e"),
    (TOLERANT, "book", "boooook", "boooook"),
    (TOLERANT, "bill", "b1!|", "b1!|"),
    (TOLERANT, "도박", "도박이", "도박"),
    (AGGRESSIVE, "zorbling", "z-o..r_bl ing", "z-o..r_bl ing"),
    (AGGRESSIVE, "big zorb", "bigz.orb", "bigz.orb"),
]


@pytest.mark.parametrize(("spelling", "word", "text", "part"), FOUND)
def test_found(spelling: Spelling, word: str, text: str, part: str) -> None:
    """The entry is found, and the span covers it as it was written."""
    entry = Entry(text=word, spelling=spelling)
    assert [text[start:end] for start, end in find(entry, text)] == [part]
    assert compile_entry(entry).search(fold_plain(text))


NOT_FOUND = [
    (PLAIN, "zorb", "zorbs"),
    (PLAIN, "zorb", "azorb"),
    (PLAIN, "zorb", "zorb\u0335"),
    (PLAIN, "zorb", "zörb"),
    (PLAIN, "도박", "도박장"),
    (PLAIN, "", "anything"),
    (PLAIN, "\u200b", "\u200b"),
    (PLAIN, " ", "a b"),
    (EXACT, "Zorb", "zorb"),
    (EXACT, "a b", "a  b"),
    (TOLERANT, "book", "bok"),
    (TOLERANT, "xanax", "xanaxs"),
    (TOLERANT, "xanax", "x.a.n-a.x"),
    (TOLERANT, "shit", "is hit"),
    (TOLERANT, "ab", "a.b"),
    (TOLERANT, "$", "s"),
    (TOLERANT, " ", "a b"),
    (AGGRESSIVE, "zorbling", "z....orbling"),
    (AGGRESSIVE, "zorbling", "zorb@ling"),
    (AGGRESSIVE, " ", "a b"),
]


@pytest.mark.parametrize(("spelling", "word", "text"), NOT_FOUND)
def test_not_found(spelling: Spelling, word: str, text: str) -> None:
    """What is another word is left alone."""
    entry = Entry(text=word, spelling=spelling)
    assert find(entry, text) == []
    assert not compile_entry(entry).search(fold_plain(text))


@pytest.mark.parametrize("spelling", [PLAIN, TOLERANT])
def test_open_sides(spelling: Spelling) -> None:
    """At an open side, letters may follow; at the other they may not."""
    right = Entry(text="zorb", spelling=spelling, open_right=True)
    left = Entry(text="zorb", spelling=spelling, open_left=True)
    assert find(right, "zorblings unzorb") == [(0, 4)]
    assert find(left, "zorblings unzorb") == [(12, 16)]


@pytest.mark.parametrize("spelling", [PLAIN, TOLERANT, AGGRESSIVE])
def test_exceptions(spelling: Spelling) -> None:
    """A match inside an exception does not count, another one beside it does."""
    friend = Entry(text="zorb cake")
    entry = Entry(text="zorb", spelling=spelling, exceptions=(friend,))
    assert find(entry, "a Zorb  cake") == []
    assert find(entry, "a zorb cake, zorb") == [(13, 17)]
    assert compile_entry(entry).search(fold_plain("a zorb cake, zorb"))
    assert not compile_entry(entry).search(fold_plain("a zorb cake"))


def test_a_longer_match_survives_an_exception() -> None:
    """Where several matches start at one place, one that the exception does not cover counts."""
    friend = Entry(text="hi!")
    entry = Entry(text="hi", spelling=TOLERANT, exceptions=(friend,))
    assert find(entry, "hi!") == []
    assert find(entry, "hi!!") == [(0, 4)]


@pytest.mark.parametrize("text", ["il" * 3_000, "1!|" * 3_000, "i l " * 3_000, "ili..." * 3_000])
@pytest.mark.parametrize("spelling", [TOLERANT, AGGRESSIVE])
def test_exceptions_in_endless_matches(text: str, spelling: Spelling) -> None:
    """Matches that overlap without end are judged as few are."""

    def open_entry(word: str, *exceptions: Entry) -> Entry:
        return Entry(
            text=word, spelling=spelling, open_left=True, open_right=True, exceptions=exceptions
        )

    assert find(open_entry("ili"), text)
    assert find(open_entry("ili", Entry(text="ilix", spelling=spelling)), text)
    assert not find(open_entry("ili", open_entry("ili")), text)
    everything = Entry(text=text.strip(), open_left=True, open_right=True)
    assert not find(open_entry("ili", everything), text)
    assert find(open_entry("ili", everything), f"{text}_ili")


def test_spans_do_not_overlap() -> None:
    """Places that are shown follow one another, and no more than asked for."""
    entry = Entry(text="aa", open_left=True, open_right=True)
    assert find(entry, "aaaaa") == [(0, 2), (2, 4)]
    assert compile_entry(entry).spans(fold_plain("aa" * 50), limit=3) == [(0, 2), (2, 4), (4, 6)]


def test_spelled_out_alone() -> None:
    """It can be asked whether an entry is there letter by letter, and exceptions count."""
    entry = Entry(text="xanax", spelling=TOLERANT)
    excepted = Entry(text="xanax", spelling=TOLERANT, exceptions=(Entry(text="no x a n a x"),))
    assert compile_entry(entry).search_spelled_out(fold_plain("no x a n a x"))
    assert not compile_entry(entry).search_spelled_out(fold_plain("no xanax"))
    assert not compile_entry(excepted).search_spelled_out(fold_plain("no x a n a x"))
    assert not compile_entry(Entry(text="xanax")).search_spelled_out(fold_plain("x a n a x"))


@pytest.mark.parametrize("spelling", [PLAIN, TOLERANT, AGGRESSIVE])
@pytest.mark.parametrize("text", ["say zorb here", "sáy zorb here", "say zorb을 here"])
def test_windows(spelling: Spelling, text: str) -> None:
    """A window finds what lies inside, and what stands around it is judged on the whole text."""
    matcher = compile_entry(Entry(text="zorb", spelling=spelling))
    folded = fold_plain(text)
    assert matcher.search(folded, 4, 8) == ("을" not in text)
    longer = compile_entry(Entry(text="zor", spelling=spelling))
    assert not longer.search(folded, 4, 7)


WHOLE: list[tuple[WholeText, Spelling, str, str, bool]] = [
    ("starts_with", PLAIN, "zorb", "  Zorbling", True),
    ("starts_with", PLAIN, "zorb", "a zorb", False),
    ("ends_with", PLAIN, "ling", "Zorbling \n", True),
    ("exactly", PLAIN, "zorb", " ZORB ", True),
    ("exactly", PLAIN, "zorb", "zorbs", False),
    ("exactly", EXACT, "Zorb", " Zorb ", True),
    ("exactly", EXACT, "Zorb", "zorb", False),
    ("starts_with", TOLERANT, "zorb", "Z0Órbling", True),
    ("ends_with", TOLERANT, "ling", "zorb1!n9", True),
    ("exactly", TOLERANT, "zorb", "zzörb ", True),
    ("exactly", AGGRESSIVE, "zorb", "z.o.r.b", False),
    ("exactly", PLAIN, "", "", False),
    ("starts_with", TOLERANT, " ", "a", False),
]


@pytest.mark.parametrize(("operator", "spelling", "word", "text", "expected"), WHOLE)
def test_whole_texts(
    operator: WholeText, spelling: Spelling, word: str, text: str, *, expected: bool
) -> None:
    """What a text begins with, ends with or is, spaces at its ends aside."""
    entry = Entry(text=word, spelling=spelling)
    assert compare(operator, entry, text) == expected


def test_whole_text_spans() -> None:
    """The span of a whole-text match is that of the original; exceptions count."""
    matcher = compile_entry(Entry(text="ling", spelling=TOLERANT))
    assert matcher.whole("ends_with", fold_plain("  zórb l1ng  ")) == (7, 11)
    assert compile_entry(Entry(text="ling")).whole("ends_with", fold_plain(" zorbling ")) == (5, 9)
    excepted = Entry(text="zorb", exceptions=(Entry(text="zorb cake"),))
    assert not compare("starts_with", excepted, "zorb cake")


def test_warm_matchers_find_the_same() -> None:
    """Building beforehand changes nothing."""
    for spelling in Spelling:
        matcher = compile_entry(Entry(text="zorb", spelling=spelling))
        matcher.warm()
        assert matcher.search(fold_plain("a zorb"))
