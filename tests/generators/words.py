"""Entries and patterns to look for, in several scripts and at every level of spelling."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.rules.model import TextPattern
from engine.text.entry import Entry, Spelling
from tests.generators.draws import Draws

WORDS = (
    "xanax", "zorbling", "quenthead", "molly", "con", "oxy", "speed", "ab", "x", "llama", "illicit",
    "good golly miss molly", "dm me", "for sale", "miss sally", "a b c", "no", "book", "loot",
    "bbee", "it's me", "rock 'n' roll", "café", "naïve", "straße", "ﬁne", "İzmir", "ñandú", "coöp",
    "420", "h8", "l33t", "c++", "$$$", "a.b", "#tag", "@home", "a_b", "x-ray", "100%", "\U0001f44d",
    "хата", "йод", "привет", "сор", "мир", "λόγος", "ωμέγα", "οξυ",
    "赌博", "博彩平台", "在线 赌博", "カジノ", "ガチャ", "ばくち", "スキー",
    "พนัน", "กิน", "ຫວຍ", "ល្បែង", "카지노", "도박", "사기 도박",
    "कैसीनो", "जुआ", "قمار", "מזל", "e\u0301te\u0301", "३५", "aаa", "pаypal",
    "ǀxam", "iǃni", "ha" * 101, "dm me " * 35 + "x", "ⅳ", "ǆ", "n\u0303o",
)  # fmt: skip

_TAILS = ("s", "ed", "gen", "lord", "x", "e", " bar", "er", "i", " 1")
_HEADS = ("", "", "", "un", "big ", "s", "e", "1 ")

_ATOMS = (
    "zorb", "qu", "x", "an", "a", "b", "1", "me", "d", " ", "-", r"\.", r"\d", r"\w", r"\s", r"\W",
    "[aeiou]", "[a-f0-9]", "[^a-m]", r"[\w.]", r"[^\w]", r"[\d-]", r"[\s,]", ".", r"\x41",
    "(?:an|ab)", "(?:x|an)", "(a|e)", "(?P<part>o)", "(?i:MO)", "(?s:.)", "хат", "赌", "ガ", "카",
    "é", "ñ", "4", "0", r"\D", r"\S", r"\+", r"\$",
)  # fmt: skip
_REPEATS = ("", "", "", "", "+", "*", "?", "{2}", "{1,3}", "+?", "*?", "{2,}")
_SOLID = ("zorb", "x", "a", "m", r"\d", r"\w", "[a-z]", "o", "赌", "n", "카", "9", "dm")


_SPELLINGS = (
    Spelling.PLAIN,
    Spelling.TOLERANT,
    Spelling.TOLERANT,
    Spelling.AGGRESSIVE,
    Spelling.EXACT,
)
_ASCII = tuple(word for word in WORDS if word.isascii() and len(word) < 30)


@dataclass(frozen=True, slots=True)
class Language:
    """The words a policy looks for, and how they are spelled."""

    words: Sequence[str] = WORDS
    spellings: Sequence[Spelling] = _SPELLINGS
    bare: bool = False
    """Words alone: not open at an end, without exceptions."""


EVERYTHING = Language()


def language(draws: Draws) -> Language:
    """A few words, so that one text is looked at by many leaves; some policies keep it simple."""
    chosen = draws.some(WORDS, 5, 2)
    match draws.below(10):
        case 9:
            return Language(draws.some(_ASCII, 6, 2), (Spelling.PLAIN,), bare=True)
        case 8:
            return Language(draws.some(_ASCII, 5, 2), (Spelling.PLAIN,))
        case 7:
            return Language(chosen, (draws.pick(tuple(Spelling)),))
        case _:
            return Language(chosen)


def entry(draws: Draws, known: Language = EVERYTHING) -> Entry:
    """A word or phrase, perhaps open at an end, perhaps with exceptions."""
    word = draws.pick(known.words)
    if known.bare:
        return Entry(text=word, spelling=draws.pick(known.spellings))
    return Entry(
        text=word,
        spelling=draws.pick(known.spellings),
        open_left=draws.chance(12),
        open_right=draws.chance(18),
        exceptions=tuple(_exception(draws, known, word) for _ in range(_few(draws))),
    )


def entries(draws: Draws, known: Language = EVERYTHING, most: int = 3) -> tuple[Entry, ...]:
    """A few entries."""
    return tuple(entry(draws, known) for _ in range(draws.between(1, most)))


def exceptions(draws: Draws, known: Language) -> tuple[Entry, ...]:
    """Further exceptions, as a leaf that names lists may carry."""
    if known.bare or not draws.chance(20):
        return ()
    words = [draws.pick(known.words) for _ in range(draws.between(1, 2))]
    return tuple(_exception(draws, known, word) for word in words)


def pattern(draws: Draws) -> TextPattern:
    """A pattern that matches no empty text."""
    if draws.chance(20):
        return TextPattern(_whole_words(draws), exact=draws.chance(20))
    written = "".join(_atom(draws) for _ in range(draws.below(3)))
    written += draws.pick(_SOLID) + "".join(_atom(draws) for _ in range(draws.below(3)))
    if draws.chance(25):
        written = rf"\b{written}"
    if draws.chance(25):
        written = rf"{written}\b"
    if draws.chance(15):
        written = f"{written}|{draws.pick(_SOLID)}{_atom(draws)}z"
    if draws.chance(8):
        written = draws.pick((r"^{}", r"\A{}", "{}$")).format(written)
    if draws.chance(10):
        written = draws.pick(("(?i)", "(?s)", "(?m)")) + written
    named = "(?P<part>o)"
    if written.count(named) > 1:
        written = written.replace(named, "(o)")
    return TextPattern(written, exact=draws.chance(20))


def _whole_words(draws: Draws) -> str:
    """A pattern of words, as one who thinks in patterns writes them."""
    words = [re.escape(word) for word in draws.some(_ASCII, 4)]
    written = draws.pick(("{}", "(?:{})", "({})s?", "(?:{})(?:s|ed)?", "(?i:{})"))
    return rf"\b{written.format('|'.join(words))}\b"


def _atom(draws: Draws) -> str:
    return draws.pick(_ATOMS) + draws.pick(_REPEATS)


def _few(draws: Draws) -> int:
    return draws.pick((0, 0, 0, 0, 1, 1, 2))


def _exception(draws: Draws, known: Language, word: str) -> Entry:
    return Entry(
        text=draws.pick(_HEADS) + word + draws.pick(_TAILS),
        spelling=draws.pick(known.spellings),
        open_right=draws.chance(15),
        open_left=draws.chance(8),
    )
