"""What comes of so many people in a tier or queue: figures for the page, from what was seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import Final

from scipy.special import gammainccinv, gammaincinv

from dashboard.gateway import Answer
from engine.quality.staffing import Load, Prospect, prospect

_NORMAL: Final = 1.959963984540054
"""Standard deviations within which 95 % of a normal distribution lie."""
_TAIL: Final = 0.025
_MOST: Final = 40
"""Numbers of people that a chart can show."""
#: Without anything to go by.
_HANDLING: Final = 30.0
_WITHIN: Final = 7_200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the window says of a tier or a queue."""

    arrived: int
    votes: int
    decided: int
    handling: float
    """Mean active seconds of a vote."""
    handling_low: float
    """The interval of 95 %."""
    handling_high: float
    timed: int
    """Votes that tell it; 0: nothing was seen, and 30 s are taken."""
    within: float
    """Seconds from when a case comes in to its deadline."""
    busiest: int
    """Cases that came in the hour in which most did."""

    @property
    def votes_each(self) -> float:
        """Votes that a case takes: of a panel several."""
        return max(1.0, self.votes / self.decided) if self.decided else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What comes of a number of people, as told and at both ends of what was seen."""

    best: Prospect
    """Where little comes, and votes are quick."""
    told: Prospect
    worst: Prospect


def seen(queues: Sequence[Answer], hours: Iterable[Answer]) -> Seen:
    """What queues of one tier carried.

    Args:
        queues: Of `GET /v1/quality/workload`.
        hours: Those of the same queues, or of the tier.
    """
    timed = sum(each["timed"] for each in queues)
    told = [each for each in queues if each["timed"]]
    handling = (
        sum(each["handling"] * each["timed"] for each in told) / timed if timed else _HANDLING
    )
    squares = sum(
        (each["timed"] - 1) * (each["deviation"] or 0.0) ** 2
        + each["timed"] * (each["handling"] - handling) ** 2
        for each in told
    )
    error = sqrt(squares / (timed - 1) / timed) if timed > 1 else handling / 2
    came = [each for each in queues if each["arrived"] and each["allowed"]]
    arrived = sum(each["arrived"] for each in came)
    return Seen(
        arrived=sum(each["arrived"] for each in queues),
        votes=sum(each["votes"] for each in queues),
        decided=sum(each["decided"] for each in queues),
        handling=handling,
        handling_low=max(handling / 10, handling - _NORMAL * error),
        handling_high=handling + _NORMAL * error,
        timed=timed,
        within=sum(e["allowed"] * e["arrived"] for e in came) / arrived if arrived else _WITHIN,
        busiest=max((each["arrived"] for each in hours), default=0),
    )


def limits_of(count: float) -> tuple[float, float]:
    """Within which the mean of a count of Poisson lies, 95 % (Garwood, 1936)."""
    low = float(gammaincinv(count, _TAIL)) if count > 0 else 0.0
    return low, float(gammainccinv(count + 1, _TAIL))


def outcome(
    people: int, load: Load, *, per_hour: tuple[float, float], handling: tuple[float, float]
) -> Outcome:
    """What comes of so many people.

    Args:
        people: Who are there.
        load: As told.
        per_hour: The interval of what comes in, as of `load`.
        handling: The interval of the seconds that each takes.
    """
    return Outcome(
        best=prospect(people, replace(load, per_hour=per_hour[0], handling=handling[0])),
        told=prospect(people, load),
        worst=prospect(people, replace(load, per_hour=per_hour[1], handling=handling[1])),
    )


def around(people: int, needed: int) -> list[int]:
    """Numbers of people that a chart shows: some fewer and some more than both of these."""
    low, high = sorted((max(1, people), max(1, needed)))
    reach = max(3, ceil(high * 0.3))
    first, last = max(1, low - reach), high + reach
    step = ceil((last - first + 1) / _MOST)
    return sorted({*range(first, last + 1, step), low, high})
