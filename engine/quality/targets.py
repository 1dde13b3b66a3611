"""What is wanted of the service, and whether it is so: met, missed, or not sure yet.

A figure meets its target where all of its interval does, and misses it where none does. Else nobody
can be sure: more data may tell.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

from engine.errors import InvalidFigure
from engine.quality.measures import Measure, State


class Standing(StrEnum):
    """How a figure stands to its target."""

    MET = "met"
    MISSED = "missed"
    #: Its interval holds the target, or there is none.
    NOT_SURE = "not_sure"
    INSUFFICIENT_DATA = "insufficient_data"


class Unit(StrEnum):
    """What a figure is counted in."""

    SHARE = "share"
    SECONDS = "seconds"
    MONEY = "money"
    PER_HOUR = "per_hour"
    TIMES = "times"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a figure is to be."""

    name: str
    unit: Unit
    above: float = -inf
    below: float = inf
    inclusive: bool = False
    """Whether the ends are good, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A figure beside its target."""

    target: Target
    measure: Measure
    standing: Standing


#: What is wanted by default. Money is in the currency of the rates.
TARGETS: Final = (
    Target(name="automation_rate", unit=Unit.SHARE, above=0.85, below=0.95, inclusive=True),
    Target(name="review_latency", unit=Unit.SECONDS, below=7_200),
    Target(name="accuracy", unit=Unit.SHARE, above=0.95),
    Target(name="cost_per_decision", unit=Unit.MONEY, below=0.5),
    Target(name="agreement", unit=Unit.SHARE, above=0.85),
    Target(name="human_ai_agreement", unit=Unit.SHARE, above=0.9),
    Target(name="cases_per_hour", unit=Unit.PER_HOUR, above=100),
    Target(name="false_positives", unit=Unit.SHARE, below=0.05),
    Target(name="expert_validation", unit=Unit.SHARE, above=0.95),
    Target(name="learning_acceleration", unit=Unit.TIMES, above=3, inclusive=True),
)


def judge(measure: Measure, target: Target) -> Judged:
    """How a figure stands to its target.

    Raises:
        InvalidFigure: No number is above and below what is wanted.
    """
    if not target.above < target.below:
        raise InvalidFigure(
            target.name, f"nothing is above {target.above} and below {target.below}"
        )
    return Judged(target=target, measure=measure, standing=_standing(measure, target))


def _standing(measure: Measure, target: Target) -> Standing:
    if measure.state is State.INSUFFICIENT_DATA:
        return Standing.INSUFFICIENT_DATA
    low = -inf if measure.low is None else measure.low
    high = inf if measure.high is None else measure.high
    if measure.value is None or (measure.low is None and measure.high is None):
        return Standing.NOT_SURE
    if _fits(low, target) and _fits(high, target):
        return Standing.MET
    # Both ends lie on the same side of it.
    if _under(high, target) or _over(low, target):
        return Standing.MISSED
    return Standing.NOT_SURE


def _fits(value: float, target: Target) -> bool:
    return not (_under(value, target) or _over(value, target))


def _under(value: float, target: Target) -> bool:
    return value < target.above or (value == target.above > -inf and not target.inclusive)


def _over(value: float, target: Target) -> bool:
    return value > target.below or (value == target.below < inf and not target.inclusive)
