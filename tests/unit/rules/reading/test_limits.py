"""Files that are made to hurt are refused, briefly."""

from collections.abc import Callable

import pytest

from engine.rules.limits import (
    DIAGNOSTICS_PER_FILE,
    DOCUMENT_DEPTH,
    ENTRY_LENGTH,
    FILE_BYTES,
    PATTERN_LENGTH,
)
from engine.rules.reading import read_policy

CodesOf = Callable[[str], list[str]]
HEAD = "rule: sample\nowner: o\npolicy: p\nstatus: live\n"
THEN = "then: { tier: single, reason: hate.attack }\n"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("file", "# " + "x" * FILE_BYTES, "too-large"),
        ("values", "list: a\nof: words\nentries:\n" + "- a\n" * 500_000, "too-large"),
        ("brackets", "list: a\nof: " + "[" * 5_000, "too-deep"),
        ("braces", "list: a\nof: " + "{a: " * 5_000, "too-deep"),
        ("dashes", "list: a\nof:\n  " + "- " * 5_000 + "a\n", "too-deep"),
        ("keys", "list: a\nof:\n  " + "? " * 5_000 + "a\n", "too-deep"),
        (
            "indentation",
            "list: a\nof:\n" + "".join(" " * n + "a:\n" for n in range(1, 100)),
            "too-deep",
        ),
        (
            "bomb",
            "list: a\nof: &a [a, a]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
            "anchor",
        ),
        ("word", f"list: a\nof: words\nentries: [{'z' * (ENTRY_LENGTH + 1)}]\n", "too-large"),
        (
            "pattern",
            HEAD + f"when: {{ text: {{ matches: '{'z' * (PATTERN_LENGTH + 1)}' }} }}\n" + THEN,
            "pattern",
        ),
        ("name", f"list: {'z' * 200}\nof: words\nentries: [z]\n", "name"),
    ],
)
def test_what_is_too_large_is_refused(codes_of: CodesOf, name: str, text: str, code: str) -> None:
    """Depth, size and expansion are bounded, each with one code."""
    assert set(codes_of(text)) == {code}, name


def test_depth_inside_the_limit_is_accepted() -> None:
    """Thirty-two levels are fine, one more is not."""

    def nested(levels: int) -> str:
        return "list: a\nof: " + "[" * levels + "a" + "]" * levels + "\n"

    for levels, refused in ((DOCUMENT_DEPTH - 2, False), (DOCUMENT_DEPTH, True)):
        _, found = read_policy({"a.yaml": nested(levels)})
        assert ("too-deep" in {one.code for one in found}) is refused


def test_a_flood_is_cut() -> None:
    """A file with thousands of mistakes shows some, and says how many there are more."""
    _, found = read_policy({"a.yaml": "nonsense: a\n---\n" * 3_000})
    assert len(found) == DIAGNOSTICS_PER_FILE + 1
    assert found[-1].code == "too-many-mistakes"
    assert f"{3_000 - DIAGNOSTICS_PER_FILE:,}" in found[-1].message


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_order_marks_change_nothing(mark: str, end: str) -> None:
    """Files from any editor read the same, and mistakes keep their line and column."""
    text = "# a comment\nlist: a\nof: words\nentries: [zorb, quent]\n---\nlist: b\nof: wordz\n"
    text += "entries: [z]\n"
    _, found = read_policy({"a.yaml": (mark + text.replace("\n", end)).encode()})
    assert [(one.code, one.span.line, one.span.column) for one in found] == [("choice", 7, 5)]


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x7f", "\x85", "\u2028", "\ufeff", "\ud800"])
def test_invisible_characters_are_pointed_at(char: str) -> None:
    """A character nobody sees is said with its number, at its place."""
    _, found = read_policy({"a.yaml": f"list: a\nof: wo{char}rds\nentries: [z]\n"})
    expected = "encoding" if char == "\ud800" else "control-character"
    assert [(one.code, one.span.line, one.span.column) for one in found] == [(expected, 2, 7)]
