"""The people who write the sample items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.samples.dice import Dice
from engine.samples.words import ENGLISH

DAY = 86_400

#: Where people of a language are registered.
COUNTRIES: Mapping[str, Mapping[str, float]] = {
    "en": {"US": 0.6, "GB": 0.25, "NO": 0.08, "IN": 0.07},
    "de": {"DE": 0.75, "AT": 0.15, "CH": 0.1},
    "es": {"ES": 0.5, "MX": 0.5},
    "zh": {"SG": 0.6, "TW": 0.4},
    "ar": {"EG": 0.5, "MA": 0.5},
}
_LANGUAGES: Mapping[str, float] = {"en": 0.8, "de": 0.08, "es": 0.06, "zh": 0.035, "ar": 0.025}
_CHARACTERS: Mapping[str, float] = {"kind": 0.8, "hostile": 0.1, "seller": 0.1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Somebody with an account."""

    id: str
    display_name: str
    language: str
    country: str
    character: str
    """`kind`, `hostile` or `seller`: which scenarios fall to them."""
    account_age: int
    """Seconds, at the first item of the sample."""
    followers: int
    verified: bool
    is_minor: bool
    prior_removals_90d: int


def population(size: int, dice: Dice) -> Sequence[Author]:
    """As many authors, most of them kind, of every language and character."""
    spread = [
        (language, character)
        for language in _LANGUAGES
        for character in ("kind", "hostile", "seller")
    ]
    return [
        _author(number, dice, *(spread[number] if number < len(spread) else _somebody(dice)))
        for number in range(max(size, len(spread)))
    ]


def newcomer(name: str, dice: Dice) -> Author:
    """An account of a few hours, made to send spam."""
    return Author(
        id=name,
        display_name=_display_name(dice),
        language="en",
        country=dice.weighted(COUNTRIES["en"]),
        character="seller",
        account_age=dice.whole(1, 40) * 3_600,
        followers=dice.whole(0, 4),
        verified=False,
        is_minor=False,
        prior_removals_90d=0,
    )


def _somebody(dice: Dice) -> tuple[str, str]:
    return dice.weighted(_LANGUAGES), dice.weighted(_CHARACTERS)


def _author(number: int, dice: Dice, language: str, character: str) -> Author:
    kind = character == "kind"
    days = int(dice.waiting(900 if kind else 200)) + (20 if kind else 1)
    return Author(
        id=f"u-{number:05d}",
        display_name=_display_name(dice),
        language=language,
        country=dice.weighted(COUNTRIES[language]),
        character=character,
        account_age=days * DAY + dice.whole(0, DAY - 1),
        followers=int(dice.waiting(300 if kind else 40)),
        verified=kind and dice.happens(0.04),
        is_minor=kind and dice.happens(0.06),
        prior_removals_90d=0 if kind and dice.happens(0.97) else int(dice.waiting(1.2)),
    )


def _display_name(dice: Dice) -> str:
    name = dice.pick(ENGLISH["name"])
    return name if dice.happens(0.4) else f"{name}{dice.pick(('', '_', '.'))}{dice.whole(2, 99)}"
