"""What decisions cost: people's time on them, on measuring, on appeals, and the platform.

- A vote costs its active seconds at the loaded hourly rate of its tier; a panel sums its votes.
- Gold, quality samples, second looks, calibration, validation and the platform decide nothing.
  They are shared out evenly over all final decisions, so that parts add up to the whole.
- Idle time is time that is paid for: with occupancy, people's time is divided by the share of it
  that is work. Both are told.
- Intervals take decisions as drawn from traffic like this (Student's t of their costs); what is
  shared out has no spread. Costs are skewed, so below some hundred decisions they are rough.

Money is a float, as rates are, in the currency of the rates.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, sqrt
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from engine.errors import InvalidFigure
from engine.quality.measures import Measure, State
from engine.quality.proportions import ENOUGH

_Floats: TypeAlias = NDArray[np.float64]

_HOUR: Final = 3_600.0
_TAIL: Final = 0.025
_PAIR: Final = 2


class Purpose(StrEnum):
    """What a vote is for."""

    REVIEW = "review"
    APPEAL = "appeal"
    GOLD = "gold"
    QUALITY = "quality"
    OVERLAP = "overlap"
    CALIBRATION = "calibration"
    VALIDATION = "validation"


class Part(StrEnum):
    """By what costs are told apart."""

    RULE = "rule"
    POLICY = "policy"
    TIER = "tier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A final decision."""

    id: Hashable
    by_person: bool
    rule: str | None = None
    """The rule that led to it; None: none did."""
    policy: str | None = None
    tier: str | None = None
    """Of whoever decided it in the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A vote, and the time it took."""

    purpose: Purpose
    seconds: float | None
    """Active seconds; None: they were not told."""
    rate: float
    """Loaded cost of an hour in its tier."""
    decision: Hashable | None = None
    """That it helped to make; votes for one that is not final yet are shared out, as are those of
    None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What it all cost."""

    people: float
    platform: float
    total: float
    by_purpose: Mapping[Purpose, float]
    """Of people."""
    per_decision: Measure
    """The total over all final decisions."""
    per_human_decision: Measure
    """What people's time cost over the decisions that people made: the platform left out."""
    by_part: Mapping[Part, Mapping[str | None, float]]
    """The total again, by what the decision belongs to. None: it belongs to nothing, or there is
    no final decision to share it out over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What it cost, with idle time and without."""

    active: Bill
    """Active time alone."""
    occupied: Bill
    """With the idle time that comes with it."""
    untimed: int
    """Votes with no time, or one below 0: they cost nothing here, so all of it is too low."""


def costs(
    decisions: Sequence[Decision],
    votes: Sequence[Spent],
    *,
    platform: float = 0.0,
    occupancy: float = 1.0,
    needs: int = ENOUGH,
) -> Costs:
    """What the decisions of a window cost.

    Args:
        decisions: Final ones, each once.
        votes: All of the window.
        platform: What the platform cost in it; 0 or more.
        occupancy: The share of paid time that is work; above 0, 1 at most.
        needs: Of fewer decisions nothing is told per decision.

    Raises:
        InvalidFigure: A rate, the platform's cost or occupancy is out of range, or two decisions
            have the same id.
    """
    _check(decisions, votes, platform, occupancy)
    hours = np.array([_seconds(vote) / _HOUR for vote in votes])
    spent = hours * np.array([vote.rate for vote in votes])
    bills = [_bill(decisions, votes, (spent / busy, platform), needs) for busy in (1.0, occupancy)]
    return Costs(
        active=bills[0],
        occupied=bills[1],
        untimed=sum(not _timed(vote) for vote in votes),
    )


def with_idle_time(cost: Measure, occupancy: float) -> Measure:
    """What people's time costs with the idle time that comes with it.

    Args:
        cost: Of active time alone.
        occupancy: The share of paid time that is work; above 0, 1 at most.

    Raises:
        InvalidFigure: Occupancy is out of range.
    """
    _check_occupancy(occupancy)
    value, low, high, naive = (
        None if each is None else each / occupancy
        for each in (cost.value, cost.low, cost.high, cost.naive)
    )
    return Measure(
        state=cost.state,
        value=value,
        low=low,
        high=high,
        n=cost.n,
        needs=cost.needs,
        naive=naive,
    )


def _bill(
    decisions: Sequence[Decision],
    votes: Sequence[Spent],
    money: tuple[_Floats, float],
    needs: int,
) -> Bill:
    spent, platform = money
    people, n = float(spent.sum()), len(decisions)
    own = _own(decisions, votes, spent)
    total = people + platform
    shared = total - float(own.sum())
    each = own + (shared / n if n else 0.0)
    human = np.array([decision.by_person for decision in decisions], bool)
    # What people's time on other decisions and on measuring cost is shared out over their own.
    made = int(human.sum())
    of_people = own[human] + ((people - float(own[human].sum())) / made if made else 0.0)
    return Bill(
        people=people,
        platform=platform,
        total=total,
        by_purpose={
            purpose: float(
                sum(
                    cost for vote, cost in zip(votes, spent, strict=True) if vote.purpose is purpose
                )
            )
            for purpose in Purpose
        },
        per_decision=_mean(each, needs),
        per_human_decision=_mean(of_people, needs),
        by_part={part: _by(part, decisions, each, shared) for part in Part},
    )


def _own(decisions: Sequence[Decision], votes: Sequence[Spent], spent: _Floats) -> _Floats:
    """What the votes for each decision cost."""
    place = {decision.id: number for number, decision in enumerate(decisions)}
    # What belongs to no decision is counted one behind the last.
    rows = [
        len(place) if vote.decision is None else place.get(vote.decision, len(place))
        for vote in votes
    ]
    found = np.bincount(np.array(rows, np.intp), spent, minlength=len(place) + 1)
    own: _Floats = found[: len(place)].astype(np.float64)
    return own


def _by(
    part: Part, decisions: Sequence[Decision], each: _Floats, shared: float
) -> dict[str | None, float]:
    found: dict[str | None, float] = {}
    for decision, cost in zip(decisions, each.tolist(), strict=True):
        key: str | None = getattr(decision, part.value)
        found[key] = found.get(key, 0.0) + cost
    return found if decisions else {None: shared}


def _mean(each: _Floats, needs: int) -> Measure:
    n = len(each)
    if n < max(needs, 1):
        return Measure.none(State.INSUFFICIENT_DATA, n, max(needs, 1))
    mean, low, high = float(each.mean()), None, None
    if n >= _PAIR:
        reach = -float(stdtrit(n - 1, _TAIL)) * float(each.std(ddof=1)) / sqrt(n)
        low, high = max(0.0, mean - reach), mean + reach
    return Measure(state=State.KNOWN, value=mean, low=low, high=high, n=n, needs=max(needs, 1))


def _timed(vote: Spent) -> bool:
    return vote.seconds is not None and isfinite(vote.seconds) and vote.seconds >= 0


def _seconds(vote: Spent) -> float:
    return vote.seconds if _timed(vote) and vote.seconds is not None else 0.0


def _check(
    decisions: Sequence[Decision], votes: Sequence[Spent], platform: float, occupancy: float
) -> None:
    if not (isfinite(platform) and platform >= 0):
        what = "platform"
        raise InvalidFigure(what, f"{platform} is no cost")
    _check_occupancy(occupancy)
    wrong = next(
        (vote.rate for vote in votes if not (isfinite(vote.rate) and vote.rate >= 0)), None
    )
    if wrong is not None:
        what = "rate"
        raise InvalidFigure(what, f"{wrong} is no hourly rate")
    if len({decision.id for decision in decisions}) < len(decisions):
        what = "decisions"
        raise InvalidFigure(what, "two have the same id; each counts once")


def _check_occupancy(occupancy: float) -> None:
    if not 0 < occupancy <= 1:
        what = "occupancy"
        raise InvalidFigure(what, f"{occupancy} is not above 0 and 1 at most")
