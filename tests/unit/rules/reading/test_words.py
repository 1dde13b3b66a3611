"""Plain words are taken as they are; patterns in their place are refused."""

import pytest

from engine.rules.reading.words import looks_like_pattern


@pytest.mark.parametrize(
    "word",
    [
        "tr[a4]p",
        "[a4]",
        "[^x]y",
        "[a-z]orb",
        r"\d+",
        r"\bzorb\b",
        r"example\.org",
        "(a|b)",
        "(?:zorb)",
        "(?i)zorb",
        "zorb.*",
        "zorb.+",
        "zo+?rb",
        "(zorb)+",
        "colou?r",
        "zo{2,}rb",
        "^zorb",
        "^zorb$",
        "zorb|quent",
        "[[:alpha:]]",
    ],
)
def test_patterns_are_recognised(word: str) -> None:
    """What only makes sense as a regular expression is seen."""
    assert looks_like_pattern(word)


@pytest.mark.parametrize(
    "word",
    [
        "c++",
        "$$$",
        "50%",
        ":)",
        ":-(",
        "(c)",
        "(sic)",
        "[deleted]",
        "[m4f]",
        "really?",
        "what??",
        "18+",
        "he||o",
        "ki|l",
        "<3",
        "^_^",
        "c#",
        "...",
        "a.b",
        "dr. zorb",
        "f*ck",
        "zorb*",
        "¯\\_(ツ)_/¯",
        "{zorb}",
        "e=mc^2",
    ],
)
def test_words_with_signs_are_words(word: str) -> None:
    """What people really write is no pattern."""
    assert not looks_like_pattern(word)
