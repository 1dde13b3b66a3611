"""Ways in which people write a word so that filters miss it, and texts made of such words."""

import unicodedata
from collections.abc import Callable, Sequence

from engine.text.entry import Entry
from tests.generators.draws import Draws

_LEET = {
    "a": "4@", "b": "8", "e": "3€", "g": "9", "i": "1!|", "l": "1!|", "o": "0", "s": "5$",
    "t": "7+", "z": "2", "c": "¢", "x": "%", "n": "ñ", "d": "đ",
}  # fmt: skip
_TWINS = {
    "a": "аα𝐚", "o": "оο০", "x": "хχ×", "e": "еҽ", "c": "сϲ", "p": "рρ", "i": "іιⅼǀ", "s": "ѕ",
    "n": "ո", "l": "ӏⅼǀ", "b": "Ьƅ", "y": "у", "d": "ԁ", "m": "м", "0": "O", "1": "l",
    "а": "aα", "о": "o0", "р": "p", "с": "c", "ο": "o", "χ": "x", "π": "п", "п": "π",
    "ω": "ѡ", "ǀ": "ilⅼ", "ǃ": "!i",
}  # fmt: skip
_INVISIBLE = ("\u200b", "\u00ad", "\ufe0f", "\u034f", "\u202e", "\u3164", "\ufeff", "\U000e0101")
_MARKS = ("\u0301", "\u0308", "\u0327", "\u0335", "\u0345", "\u0302\u0301")
_SEPARATORS = (
    ".", " ", "-", "*", "_", " . ", ". ", "  ", "...", "....", "·", "\t", "\n", "!", "+", "\u200b",
    ". . ", "~", "'", "’",
)  # fmt: skip
_AROUND = (
    "", "", "", "", "", " ", ".", ",", "!", "?", "s", "x", "e", "1", "_", "-", "$", "@", "赌", "ー",
    "ก", "\u0301", "\u200b", "é", "а", "(", "'", "\u3099", "을", "이", "은", "에서", "까지는", "들",
    "한", "\n", "\u2003", "\u00a0", "\ud800", "\U0001f44d", "५", "\u0e35", "\u0653", "oo",
    "\x00", "\x1c", "\x7f", "\x85", "\xff", "\uffff", "\U00040061", "\U000bffff", "\U0010ffff",
)  # fmt: skip
_LONG = (
    "the quiet river runs on and on under the old bridge ", "no. ", "xana ", "dm m e for sal e ",
    "x.a.n.a. ", "river\n", "zorblin-g, ", "miss golly, molly! ", "été à Paris ", "a b ",
)  # fmt: skip
_FILLERS = (
    "we", "the quiet river", "2 of 3", "I like it", "d e f", "ok!", "https://bbc.co.uk/x",
    "@zorb", "in 2024", "平台", "오늘", "и", "ไป", "1 2 3 4", "q.w.e", "…", "—", "a", "\u0301",
)  # fmt: skip


def text_around(draws: Draws, entries: Sequence[Entry], most: int = 4) -> str:
    """A text in which some of the entries occur, more or less disguised."""
    parts = []
    for _ in range(draws.between(0, most)):
        if entries and draws.chance(75):
            parts.append(occurrence(draws, draws.pick(entries)))
        else:
            parts.append(draws.pick(_FILLERS))
        parts.append(draws.pick((" ", " ", " ", "", ", ", "\n", "  ", ".", "\u3000")))
    if draws.chance(4):
        # Long texts are looked through in windows.
        parts.insert(draws.between(0, len(parts)), draws.pick(_LONG) * draws.between(10, 60))
    text = "".join(parts)
    return _change(draws, text, _OF_TEXT) if draws.chance(20) else text


def occurrence(draws: Draws, entry: Entry) -> str:
    """The entry (or one of its exceptions), more or less disguised."""
    word = entry.text
    if entry.exceptions and draws.chance(30):
        word = draws.pick(entry.exceptions).text
    for _ in range(draws.pick((0, 1, 1, 2, 3))):
        word = _change(draws, word, _OF_WORD)
    return draws.pick(_AROUND) + word + draws.pick(_AROUND)


def _change(draws: Draws, word: str, ways: Sequence[Callable[[Draws, str], str]]) -> str:
    return draws.pick(ways)(draws, word)


def _letterwise(draws: Draws, word: str, percent: int, change: Callable[[str], str]) -> str:
    return "".join(change(char) if draws.chance(percent) else char for char in word)


def _leet(draws: Draws, word: str) -> str:
    return _letterwise(draws, word, 40, lambda char: draws.pick(_LEET.get(char.lower(), char)))


def _twins(draws: Draws, word: str) -> str:
    return _letterwise(draws, word, 40, lambda char: draws.pick(_TWINS.get(char.lower(), char)))


def _repeated(draws: Draws, word: str) -> str:
    return _letterwise(draws, word, 30, lambda char: char * draws.between(2, 4))


def _case(draws: Draws, word: str) -> str:
    changed = (word.upper(), word.title(), word.swapcase(), _letterwise(draws, word, 50, str.upper))
    return draws.pick(changed)


def _invisible(draws: Draws, word: str) -> str:
    return _letterwise(draws, word, 25, lambda char: char + draws.pick(_INVISIBLE))


def _accents(draws: Draws, word: str) -> str:
    return _letterwise(draws, word, 25, lambda char: char + draws.pick(_MARKS))


def _wide(draws: Draws, word: str) -> str:
    def widened(char: str) -> str:
        return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char

    return _letterwise(draws, word, 60, widened)


def _spelled_out(draws: Draws, word: str) -> str:
    return draws.pick(_SEPARATORS).join(word)


def _separators(draws: Draws, word: str) -> str:
    one, other = draws.pick(_SEPARATORS), draws.pick(_SEPARATORS)
    return _letterwise(draws, word, 40, lambda char: char + (other if draws.chance(20) else one))


def _spaces(draws: Draws, word: str) -> str:
    space = draws.pick(("", "  ", "\n", "-", ".", "\u00a0", " . ", "\u3000", "...."))
    return word.replace(" ", space)


def _decomposed(draws: Draws, word: str) -> str:
    return unicodedata.normalize(draws.pick(("NFD", "NFC", "NFKD")), word)


def _damaged(draws: Draws, word: str) -> str:
    place = draws.between(0, len(word))
    return word[:place] + draws.pick(("", "x", " ", "o", "\ud83d", "\u0301")) + word[place + 1 :]


def _unchanged(_: Draws, word: str) -> str:
    return word


_OF_WORD = (
    _unchanged, _leet, _leet, _twins, _twins, _repeated, _case, _invisible, _accents, _wide,
    _spelled_out, _spelled_out, _separators, _spaces, _decomposed, _damaged,
)  # fmt: skip
_OF_TEXT = (_case, _invisible, _decomposed, _damaged, _spelled_out, _wide, _spaces)
