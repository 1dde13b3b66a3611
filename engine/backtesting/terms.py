"""What work costs, and how long the log is: what a backtest cannot tell from items."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Final

from engine.errors import InvalidFigure
from engine.verdict import Tier

PEOPLE: Final = (Tier.SINGLE, Tier.SENIOR)
HOURS_A_DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How long a case of a tier takes, and what that costs."""

    seconds: float
    """Active seconds of all votes on a case, on average, those of a panel that took over too."""
    rate: float
    """What an hour of them costs."""
    votes: float = 1.0
    """Votes that a case takes."""
    spread: float = 0.0
    """Standard deviation of the seconds."""
    seen: int | None = None
    """Cases that the seconds were told from; None: they were given."""

    @property
    def error(self) -> float:
        """Standard error of the mean of the seconds."""
        return self.spread / self.seen**0.5 if self.seen else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the figures of a backtest rest on, beside items."""

    handling: Mapping[Tier, Handling] = field(
        default_factory=lambda: {
            Tier.SINGLE: Handling(seconds=30.0, rate=20.0),
            Tier.SENIOR: Handling(seconds=180.0, rate=28.0, votes=3.0),
        }
    )
    hours: float | None = None
    """How long the log is; None: from its first hour with an item to its last."""
    horizon: float = 7.0
    """Days that the forecast is about."""
    on_time: float = 0.8
    """The share of cases that is to be begun in time."""
    occupancy: float = 0.85
    """Of the time people are there, at most so much is work."""
    shrinkage: float = 0.3
    """Of the time people are rostered, so much they are not there."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for tier in PEOPLE:
            known = self.handling[tier]
            for what, value in (("seconds", known.seconds), ("rate", known.rate)):
                if not (isfinite(value) and value >= 0):
                    name = f"{what} of {tier}"
                    raise InvalidFigure(name, f"{value} is not 0 or more")
        for what, given in (("hours", self.hours), ("horizon", self.horizon)):
            if given is not None and not (isfinite(given) and given > 0):
                raise InvalidFigure(what, f"{given} is not above 0")
