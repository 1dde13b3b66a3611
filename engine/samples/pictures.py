"""Images of the sample items: no pixels, only what classifiers would say about them."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.samples.dice import Dice

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A kind of image, and what would be right to do about it."""

    weight: float
    nudity: Range = (0.0, 0.2)
    minor: Range = (0.0, 0.12)
    gore: Range = (0.0, 0.2)
    is_art: bool = False
    policy: str = "none"
    action: str = "publish"
    severity: str = "low"
    difficulty: float = 0.05


_HARMLESS = "harmless"
PICTURES: Mapping[str, Picture] = {
    _HARMLESS: Picture(weight=0.9),
    "family": Picture(weight=0.03, minor=(0.5, 0.95)),
    "painting": Picture(weight=0.015, nudity=(0.7, 0.99), is_art=True, difficulty=0.4),
    "beach": Picture(weight=0.015, nudity=(0.6, 0.9), difficulty=0.6),
    "explicit": Picture(
        weight=0.02, nudity=(0.93, 1.0), policy="nudity", action="remove", severity="high"
    ),
    "accident": Picture(
        weight=0.012, gore=(0.8, 1.0), policy="graphic", action="age_gate", severity="medium"
    ),
    "danger": Picture(
        weight=0.003,
        nudity=(0.5, 0.9),
        minor=(0.4, 0.9),
        policy="child-safety",
        action="remove",
        severity="critical",
        difficulty=0.3,
    ),
}


def taken(dice: Dice, *, alone: bool) -> Picture:
    """An image; one that stands beside a text of its own is harmless."""
    if not alone:
        return PICTURES[_HARMLESS]
    return PICTURES[dice.weighted({name: one.weight for name, one in PICTURES.items()})]


def described(picture: Picture, dice: Dice) -> dict[str, object]:
    """What arrives with an item that has this image. Three in a hundred were not scanned."""
    seen: dict[str, object] = {
        "count": 1,
        "hash": [f"{int(dice.share() * 2**48):012x}"],
        "is_art": picture.is_art,
    }
    scanned = dice.happens(0.97) or picture.policy != "none"
    if scanned:
        ranges = {"nudity": picture.nudity, "minor": picture.minor, "gore": picture.gore}
        seen["score"] = {name: round(dice.between(*ends), 3) for name, ends in ranges.items()}
    return seen
