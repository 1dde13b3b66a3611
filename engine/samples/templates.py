"""Fills templates: `{slot}` takes a word of a bank, `[one|two|]` one of the choices."""

import re

from engine.samples.dice import Dice
from engine.samples.spelling import disguised
from engine.samples.words import BANKS, ENGLISH

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SPACES = re.compile(r" {2,}")
_GAP = re.compile(r" +(?=[,.!?])")

#: Words that somebody who wants to get through spells in another way.
TELLING = frozenset({"slur", "insult", "drug"})


def fill(template: str, language: str, dice: Dice, *, masked: float = 0.0) -> str:
    """Turn a template into a text.

    Args:
        template: With slots and choices, which may stand inside each other.
        language: Whose words are taken; where it has none, English ones.
        dice: Where the choices come from.
        masked: The chance that a telling word is spelled in a disguised way.
    """
    bank = BANKS[language]
    text = template
    while found := _CHOICE.search(text):
        text = text[: found.start()] + dice.pick(found[1].split("|")) + text[found.end() :]
    while slot := _SLOT.search(text):
        word = dice.pick(bank.get(slot[1]) or ENGLISH[slot[1]])
        if slot[1] in TELLING and dice.happens(masked):
            word = disguised(word, dice)
        text = text[: slot.start()] + word + text[slot.end() :]
    return _GAP.sub("", _SPACES.sub(" ", text)).strip()
