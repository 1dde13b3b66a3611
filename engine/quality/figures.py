"""What a figure can be: a number with its limits, or the reason why there is none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias


class Undefined(StrEnum):
    """Why a figure cannot be told."""

    #: No item has two ratings.
    NO_PAIRS = "no pairs"
    #: All ratings are of one category: agreement beyond chance is 0/0.
    ONE_CATEGORY = "one category"
    #: Items have different numbers of ratings, and the figure is defined for one number alone.
    UNEQUAL_VOTES = "unequal numbers of votes"
    #: There is nothing to take a mean of.
    NO_ITEMS = "no items"


Figure: TypeAlias = float | Undefined


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where a figure lies with 95 %."""

    low: float
    high: float


class Strength(StrEnum):
    """How Landis and Koch call agreement beyond chance (*Biometrics* 33 (1977), 159-174)."""

    POOR = "poor"
    SLIGHT = "slight"
    FAIR = "fair"
    MODERATE = "moderate"
    SUBSTANTIAL = "substantial"
    ALMOST_PERFECT = "almost perfect"


#: Up to where each is called so.
_UP_TO: Final = (
    (0.2, Strength.SLIGHT),
    (0.4, Strength.FAIR),
    (0.6, Strength.MODERATE),
    (0.8, Strength.SUBSTANTIAL),
)


def strength(interval: Interval | None) -> Strength | None:
    """What a coefficient beyond chance deserves to be called: the word for its lower limit.

    A word for the value itself would praise a handful of items. Not for p_a, in which chance is.

    Args:
        interval: Of alpha, κ or AC1; None: it cannot be told, and there is no word either.
    """
    if interval is None:
        return None
    if interval.low < 0:
        return Strength.POOR
    return next((word for end, word in _UP_TO if interval.low <= end), Strength.ALMOST_PERFECT)
