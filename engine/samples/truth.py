"""What is right for a sample item: hidden from rules, known to simulated reviewers."""

from engine.samples.dice import Dice
from engine.samples.pictures import Picture
from engine.samples.scenario import Scenario

#: Scenarios about groups, where even careful people sometimes label differently.
_ABOUT_GROUPS = frozenset(
    {
        "groups-welcome",
        "counter-speech",
        "quotes",
        "reclaimed",
        "hate-plain",
        "hate-beasts",
        "hate-slur",
        "hate-implicit",
    }
)

Truth = dict[str, str | bool | float]


def of_text(scenario: Scenario, dice: Dice) -> Truth:
    """The truth about a text. Close cases are now and then labelled the other way."""
    difficulty = min(1.0, max(0.0, scenario.difficulty + dice.between(-0.05, 0.15)))
    truth: Truth = {
        "policy": scenario.policy,
        "toxic": scenario.toxic,
        "hate": scenario.hate,
        "action": scenario.action,
        "severity": scenario.severity,
        "difficulty": round(difficulty, 3),
    }
    if scenario.name in _ABOUT_GROUPS and dice.happens(0.005 + 0.12 * scenario.difficulty**2):
        truth |= _other_way(hate=not scenario.hate)
    if scenario.policy == "appeal" and dice.happens(0.75):
        truth["action"] = "remove"
    return truth


def of_picture(picture: Picture, dice: Dice) -> Truth:
    """The truth about an image."""
    difficulty = min(1.0, max(0.0, picture.difficulty + dice.between(-0.05, 0.1)))
    return {
        "policy": picture.policy,
        "toxic": False,
        "hate": False,
        "action": picture.action,
        "severity": picture.severity,
        "difficulty": round(difficulty, 3),
    }


def _other_way(*, hate: bool) -> Truth:
    return {
        "policy": "hate" if hate else "none",
        "toxic": hate,
        "hate": hate,
        "action": "remove" if hate else "publish",
        "severity": "medium" if hate else "low",
        "difficulty": 1.0,
    }
