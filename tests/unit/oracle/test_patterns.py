"""Hand-worked examples of patterns."""

import pytest

from engine.rules.model import TextPattern
from tests.oracle.patterns import finds, spans


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        (r"\bzorb\b", "a ZORB!", True),
        (r"\bzorb\b", "zorb\u0301s", False),
        (r"\bzorb\b", "_zorb", False),
        (r"zorb\w", "zorb\u0334", True),
        (r"[^\w]b", "a\u0334b", False),
        (r"[\w.]b", ".b", True),
        (r"\W", "\u0334", False),
        (r"a.b", "a\nb", True),
        (r"a$", "ba\n", False),
        (r"(?m)^b", "a\nb", False),
        (r"\d{3}", "٣٤٥", True),
        (r"\+?\d[\d ]{8,}", "call +49 170 1234567", True),
        (r"\x41", "a", True),
    ],
)
def test_plain_patterns(source: str, text: str, *, expected: bool) -> None:
    """Patterns see the plain text, and mean by a word what words and phrases mean by it."""
    assert finds(TextPattern(source), text) is expected


def test_exact_patterns() -> None:
    """An exact pattern sees the text as written."""
    assert not finds(TextPattern("a", exact=True), "A")
    assert not finds(TextPattern("a.b", exact=True), "a\nb")
    assert finds(TextPattern("(?m)a$", exact=True), "a\nb")
    assert not finds(TextPattern("a$", exact=True), "a\n")
    assert finds(TextPattern("(?i:A)b", exact=True), "ab")
    assert not finds(TextPattern("(?i:A)b", exact=True), "aB")


def test_spans_of_patterns() -> None:
    """What a pattern finds is shown in the text as written."""
    assert spans(TextPattern("b c"), "a\u200bB \t C") == {(2, 7)}
