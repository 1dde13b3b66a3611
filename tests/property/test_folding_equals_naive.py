"""Characters and folding of the engine against those of the naive interpreter."""

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from engine.text import scripts
from engine.text.entry import Spelling
from engine.text.folding import fold_plain
from tests.generators.draws import seeded
from tests.generators.spellings import text_around
from tests.generators.words import entries
from tests.oracle import characters
from tests.oracle.folding import fold, joined

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]
#: Without those that no one assigned, and ideographs and syllables that are all alike.
TELLING = [
    char
    for char in EVERY_CHARACTER
    if unicodedata.category(char) not in ("Cn", "Co")
    and not unicodedata.name(char, "").startswith(("CJK UNIFIED", "HANGUL SYLLABLE"))
]


def _agree_on(text: str) -> None:
    folded = fold_plain(text)
    expected = fold(text, Spelling.PLAIN)
    assert folded.text == joined(expected)
    for place, glyph in enumerate(expected):
        assert folded.origin(place, place + 1) == (glyph.start, glyph.end)


def test_kinds_of_characters() -> None:
    """Both agree on what every character is."""
    for char in EVERY_CHARACTER:
        word = characters.is_word(char)
        assert scripts.is_word(char) == word
        assert not word or scripts.is_no_space(char) == characters.is_no_space(char)
        assert scripts.loses_marks(char) == characters.loses_marks(char)


def test_every_character() -> None:
    """Both fold characters alike, alone and among others."""
    for chars in zip(*[iter(TELLING)] * 64, strict=False):
        _agree_on("x".join(chars))
        _agree_on("".join(chars))


def test_disguised_texts() -> None:
    """Both fold texts alike, and know where each folded character came from."""
    draws = seeded(7)
    for _ in range(3_000):
        _agree_on(text_around(draws, entries(draws, most=4)))


@given(
    st.text(st.sampled_from([*"aA \n\u0301\u0327\u200b\u1100\u1161\u11a8가ｶﾞé'’ß\ud800赌\ufe0f"]))
)
def test_invented_texts(text: str) -> None:
    """So they do with whatever hypothesis makes of marks, jamo and invisible characters."""
    _agree_on(text)
