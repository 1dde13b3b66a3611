"""Skeletons, groups of look-alikes, and what letters stand for."""

import sys
import unicodedata
from importlib.resources import files

import pytest

from engine.text.accents import without_accents
from engine.text.classes import ASCII_CLASSES, collapse, filter_key
from engine.text.folding import plain
from engine.text.letters import canonical_letter, canonical_stand_ins, stand_ins
from engine.text.look_alikes import compact, groups, skeleton

CONFUSABLES = """\
# a comment
0430 ;\t0061 ;\tMA\t# ( а → a ) CYRILLIC SMALL LETTER A → LATIN SMALL LETTER A\t#
0251 ;\t0061 ;\tMA\t# ( ɑ → a )

217F ;\t0072 006E ;\tMA\t# ( ⅿ → rn )
"""


def _seen_in_texts() -> list[str]:
    """Characters that are left in a text without accents."""
    return [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) not in ("Cn", "Co", "Cs")
        and not "\uac00" <= char <= "\ud7a3"
        and without_accents(plain(char))[0] == char
    ]


def test_the_table_is_whole() -> None:
    """All 6,311 characters of the Unicode table are there."""
    table = files("engine.text").joinpath("look_alikes.txt").read_text(encoding="ascii")
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    assert sum(len(line.partition(":")[2].split()) for line in lines) == 6_311


def test_compact() -> None:
    """Unicode's own file is turned into a line for each look, sources in order."""
    assert list(compact(CONFUSABLES.splitlines())) == ["0061: 0251 0430", "0072 006E: 217F"]


def test_compact_breaks_long_lines() -> None:
    """A line that would be too long goes on after a colon."""
    lines = list(compact(f"{code:04X} ; 0061 ; MA" for code in range(0x400, 0x440)))
    assert lines[0].startswith("0061: 0400")
    assert lines[1].startswith(": ")
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(
    ("char", "like"), [("а", "a"), ("𝐌", "m"), ("ⅿ", "m"), ("ѕ", "s"), ("ο", "o"), ("0", "o")]
)
def test_skeletons(char: str, like: str) -> None:
    """What looks alike has the same skeleton, whatever its case."""
    assert skeleton(char) == skeleton(like)


def test_groups_are_complete() -> None:
    """No character that texts are left with looks like others and is in no group."""
    looks: dict[str, set[str]] = {}
    for char in _seen_in_texts():
        looks.setdefault(skeleton(char), set()).add(char)
    missed = {
        look: chars
        for look, chars in looks.items()
        if len(chars) > 1 and not chars <= set(groups().get(look, ()))
    }
    assert not missed


@pytest.mark.parametrize(
    ("letter", "those", "none"),
    [
        ("a", "a4@аαɑ𝐚", "oAá"),
        ("i", "i1!|іıӏ", "l7"),
        ("l", "l1!|ⅼǀ", "i7ӏ"),
        ("o", "o0оο०", "øO"),
        ("s", "s5$ѕ", "z"),
        ("c", "c¢сϲ", "ç("),
        ("e", "e3€е", "а"),
        ("0", "0о०", "oa"),
        ("$", "$", "s5"),
        ("а", "аaα", "4@"),
        ("ⅼ", "ⅼl1|iǀ", "!"),
        ("-", "-‐–", "."),
    ],
)
def test_stand_ins(letter: str, those: str, none: str) -> None:
    """Leet stands for letters of the entry, look-alikes for each other, ASCII for itself alone."""
    found = stand_ins(letter)
    for char in those:
        assert char in found, ascii(char)
    for char in none:
        assert char not in found, ascii(char)


def test_canonical_letters_say_the_same() -> None:
    """A character stands for a letter exactly if its canonical letter is among the letter's."""
    seen = set(_seen_in_texts())
    likes = [char for chars in groups().values() for char in chars if char in seen]
    for letter in [*"abcdefghijklmnopqrstuvwxyz0123456789$€¢-'", *likes[::97]]:
        those, canonical = stand_ins(letter), canonical_stand_ins(letter)
        assert all((char in those) == (canonical_letter(char) in canonical) for char in likes)


def test_stand_ins_share_a_class() -> None:
    """Whatever may stand for a letter has the letter's key."""
    seen = set(_seen_in_texts())
    letters = {char for chars in groups().values() for char in chars} | set(map(chr, range(128)))
    for letter in letters & seen:
        keys = {filter_key(char) for char in stand_ins(letter) & seen}
        assert keys == {filter_key(letter)}, ascii(letter)


def test_ascii_classes_are_the_keys_of_ascii() -> None:
    """The table for bytes says what the slow way would."""
    for code in range(128):
        key = chr(ASCII_CLASSES[code])
        if not chr(code).isupper() and not chr(code).isspace():
            assert filter_key(f"{chr(code)}赌") == f"{key}赌"
    assert ASCII_CLASSES[128:] == bytes(range(128, 256))


def test_collapse() -> None:
    """Runs of one character count once."""
    assert collapse(filter_key("b00kkeeper\n\n")) == "bokeper "
