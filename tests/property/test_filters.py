"""Literals of the scan: what a text must contain before a probe can find anything."""

import pytest

from engine.rules.filters import Lane, filter_of
from engine.rules.model import TextPattern
from engine.rules.targets import matcher_of
from engine.text.folding import fold_plain
from engine.text.words import word_lane

SOURCES = (
    r"\bzorb(?:s|ling)?\b",
    r"zorb\s+cake",
    r"\bzorb\b.{0,9}\bcakes?\b",
    r"(?:zorb|quent)\W+cake",
    r"\bz[o0]rb[s5$]?\b",
    r"\b\$5 zorb",
    r"cake\b \bzorb",
)
TEXTS = (
    "zorb", "Zorbs!", "a zorbling b", "zorb  cake", "zorb\ncake", "ZORB and cakes", "zorb_cake",
    "quent -- cake", "z0rb5", "zorb$ now", "a$5 zorb", "cake zorb", "xzorb cakex", "zörb cake",
    "été zorb cake", "「zorb」cake", "zorb\u200b cake", "ｚｏｒｂ ｃａｋｅ",
)  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
def test_what_a_pattern_finds_holds_its_literals(source: str) -> None:
    """Wherever a pattern is found, a literal of its filter and of each further set stands."""
    target = TextPattern(source)
    announced = filter_of(target)
    assert announced is not None
    assert announced.lane is Lane.WORDS
    found = [text for text in TEXTS if matcher_of(target).search(fold_plain(text), 0, None)]
    assert found
    for text in found:
        lane = f" {word_lane(fold_plain(text).text)} "
        for literals in (announced.literals, *announced.besides):
            assert any(literal in lane for literal in literals)


@pytest.mark.parametrize("source", SOURCES)
def test_whole_words_of_a_pattern_are_proof(source: str) -> None:
    """In an ASCII text without `_`, a pattern is found wherever one of its words stands."""
    target = TextPattern(source)
    announced = filter_of(target)
    assert announced is not None
    for text in TEXTS:
        lane = f" {word_lane(fold_plain(text).text)} "
        if text.isascii() and "_" not in text and any(word in lane for word in announced.words):
            assert matcher_of(target).search(fold_plain(text), 0, None)
