"""Codes mean something, and each is shown by a stored mistake."""

import re
from pathlib import Path

from engine.rules import codes
from engine.rules.codes import CODES

ROOT = Path(__file__).parents[3]
SAID = re.compile(r"(?:error|warning)\[([a-z-]+)\]")
#: Shown by tests that make their files themselves: bytes that no stored file should have.
ELSEWHERE = {"empty-file", "empty-folder", "encoding", "too-many-mistakes", "unreadable"}


def test_codes_have_a_form_and_a_sentence() -> None:
    """A code is words with hyphens; what it means is one sentence."""
    for code, meaning in CODES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert meaning.endswith(".")
        assert meaning[0].isupper() or meaning[0] == "`"


def test_every_mistake_of_reading_is_stored() -> None:
    """No code goes without an example of what the author is told."""
    stored = {
        code
        for path in (ROOT / "tests" / "mistakes").glob("*.expected")
        for code in SAID.findall(path.read_text(encoding="utf-8"))
    }
    lints = set(codes._LINTS)
    assert CODES.keys() - lints - ELSEWHERE - stored == set()
    assert stored <= CODES.keys()
