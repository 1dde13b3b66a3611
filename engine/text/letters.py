"""Which characters of a text may stand for which characters of an entry.

A text is compared in *canonical letters*: characters that look alike become one, and each kind of
character moves to planes of its own, so that a few ranges tell the kinds apart.
"""

from functools import cache, lru_cache

from engine.text.look_alikes import groups, skeleton
from engine.text.scripts import is_hangul_syllable, is_no_space, is_word
from engine.text.tables import LazyTable

#: For each sign or digit of a text: the letters of an entry it may stand for.
LEET = {
    "4": "a", "@": "a", "8": "b", "3": "e", "€": "e", "9": "g", "1": "il", "!": "il", "|": "il",
    "0": "o", "5": "s", "$": "s", "7": "t", "+": "t", "2": "z", "¢": "c",
}  # fmt: skip
#: Signs that are letters inside a match and no word characters outside of it.
LEET_SIGNS = "@$!|+€¢"

_NO_SPACE_PLANE = 0x40000
_NO_WORD_PLANE = 0x80000
#: As a character class without its brackets: canonical letters that keep a word from standing alone
STICKY = r"0-9a-z\x{80}-\x{3ffff}"
#: ... and those that may not stand in a gap between two letters: word characters and leet signs.
NO_GAP = r"0-9a-z@$!|+\x{80}-\x{7ffff}\x{800a2}\x{820ac}"

#: Leet signs are told from their look-alikes, and so are ASCII characters.
_THEMSELVES = "€¢"


@lru_cache(maxsize=20_000)
def stand_ins(letter: str) -> frozenset[str]:
    """The characters of a text that may stand for a character of an entry, both accent-less."""
    found = {letter}
    found.update(sign for sign, letters in LEET.items() if letter in letters)
    looks = [skeleton(letter), "l"] if letter == "i" else [skeleton(letter)]
    twins = {twin for look in looks for twin in groups().get(look, ())}
    if not letter.isascii() and looks == ["l"]:
        twins.add("i")
    found.update(twin for twin in twins if not (letter.isascii() and twin.isascii()))
    return frozenset(found)


@lru_cache(maxsize=20_000)
def canonical_stand_ins(letter: str) -> frozenset[str]:
    """The canonical letters of the characters that may stand for a character of an entry."""
    return frozenset(map(canonical_letter, stand_ins(letter)))


def canonical(text: str) -> str:
    """An accent-less text in canonical letters, one for each character."""
    return text if text.isascii() else text.translate(_CANONICAL)


def canonical_letter(char: str) -> str:
    """One letter for all characters of one kind that look alike."""
    if char.isascii():
        return char
    if char not in _THEMSELVES:
        char = _twins_of_one_kind().get((skeleton(char), *_kind(char)), char)
    if not is_word(char):
        # Nothing is assigned in planes 4 to 11; the planes after them stay where they are.
        return chr(ord(char) % _NO_SPACE_PLANE + _NO_WORD_PLANE) if char < "\U000c0000" else char
    return chr(ord(char) + _NO_SPACE_PLANE) if is_no_space(char) else char


_CANONICAL = LazyTable(canonical_letter)


def _kind(char: str) -> tuple[bool, bool, bool]:
    return is_word(char), is_no_space(char), is_hangul_syllable(char)


@cache
def _twins_of_one_kind() -> dict[tuple[str, bool, bool, bool], str]:
    """For each look and kind of character, the one that stands for all."""
    first: dict[tuple[str, bool, bool, bool], str] = {}
    for look, chars in groups().items():
        for char in chars:
            if not char.isascii() and char not in _THEMSELVES:
                first.setdefault((look, *_kind(char)), char)
    return first
