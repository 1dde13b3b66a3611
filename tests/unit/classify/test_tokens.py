"""Texts are cut into tokens and letter groups."""

import pytest
from sklearn.feature_extraction.text import CountVectorizer

from engine.classify.tokens import LONGEST_WORD, character_ngrams, tokenise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \t\n", []),
        ("All Zorbs, now!!", ["all", "zorbs", ",", "now", "!!"]),
        ("don't <user> #tag", ["don't", "<", "user", ">", "#", "tag"]),
        ("ＺＯＲＢ", ["zorb"]),
        ("zo\u200brb Straße", ["zorb", "strasse"]),
        ("日本 ok", ["日", "本", "ok"]),
        ("zorb\ud800", ["zorb\ufffd"]),
        ("a\x00b", ["a\x00b"]),
        ("so😀good", ["so", "😀", "good"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    """Case, width and invisible characters are folded; signs stand apart from words."""
    assert tokenise(text) == tokens


@pytest.mark.parametrize(
    "text", ["z" * 1_000, "é" * 1_000, "!" * 1_000, "a" + "\u0301\u0316" * 500]
)
def test_no_token_is_long(text: str) -> None:
    """A run without a space is cut, so what is remembered of a token stays small."""
    assert max(map(len, tokenise(text))) <= LONGEST_WORD


def test_both_patterns_cut_ascii_alike() -> None:
    """A text is cut in the same way whether or not another one in it is no ASCII."""
    signs = "".join(f"{sign}a{sign}{sign}" for sign in map(chr, range(128)))
    text = "".join(map(chr, range(128))) + signs + " Don't x_y 'q' a-b"
    assert tokenise(text + " é") == [*tokenise(text), "é"]


@pytest.mark.parametrize("token", ["a", "ab", "abc", "zorbling", "aaaaaa", "日"])
def test_letter_groups_are_those_of_scikit_learn(token: str) -> None:
    """The groups are what `char_wb` takes from a word."""
    analyse = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5)).build_analyzer()
    assert sorted(character_ngrams(token)) == sorted(analyse(token))
