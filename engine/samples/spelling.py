"""How people write: disguised words, small mistakes, shouting."""

from collections.abc import Mapping

from engine.samples.dice import Dice

_LEET: Mapping[str, str] = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "$", "t": "7"}
#: Cyrillic letters that look Latin.
_LOOKALIKE: Mapping[str, str] = {
    "a": "\u0430",
    "e": "\u0435",
    "o": "\u043e",
    "c": "\u0441",
    "x": "\u0445",
}


def disguised(word: str, dice: Dice) -> str:
    """A word as somebody writes it who wants a filter to miss it."""
    match dice.whole(0, 4):
        case 0:
            return "".join(_LEET.get(letter, letter) for letter in word)
        case 1:
            return dice.pick((".", " ", "-")).join(word)
        case 2:
            place = dice.whole(0, len(word) - 1)
            return word[:place] + word[place] * dice.whole(3, 5) + word[place + 1 :]
        case 3:
            return "".join(_LOOKALIKE.get(letter, letter) for letter in word)
        case _:
            place = dice.whole(1, max(1, len(word) - 1))
            return word[:place] + "\u200b" + word[place:]


def mistyped(text: str, dice: Dice) -> str:
    """A text with two neighbouring letters exchanged, or one left out."""
    if len(text) < 8:  # noqa: PLR2004 a slip would hide the whole text
        return text
    place = dice.whole(1, len(text) - 3)
    if dice.happens(0.5):
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + text[place + 1 :]


def casual(text: str, dice: Dice) -> str:
    """A text as typed in a hurry: lower case, shouted, without its full stop, or as it was."""
    style = dice.weighted({"as is": 0.52, "lower": 0.28, "bare": 0.14, "shout": 0.06})
    match style:
        case "lower":
            return text.lower()
        case "bare":
            return text.rstrip(".")
        case "shout":
            return text if "http" in text else text.upper()
        case _:
            return text[:1].upper() + text[1:]
