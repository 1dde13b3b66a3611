"""How many people a tier needs: Erlang's waiting formula, an occupancy cap, and shrinkage.

With a = arrivals * handling time (in erlangs) and n people, who has to wait does so with
C = B / (1 - r(1 - B)), r = a/n, and B, Erlang's loss formula, is the Poisson probability of n over
that of n or fewer (Erlang, *Post Office Electr. Eng. J.* 10 (1917), 189-197). On time is
1 - C·exp(-(n - a)·t/h). All of it in logarithms, and n by halving, so thousands of people are no
matter.

The formula takes arrivals at random and exponential handling times, nobody who gives up, and work
that people take in order. It has no rush hours: feed it the busiest hour.
"""

from dataclasses import dataclass
from math import ceil, exp, isfinite
from typing import Final

from scipy.special import gammaincc, gammaln, xlogy

from engine.errors import InvalidFigure

_HOUR: Final = 3_600.0
#: Rounding: 5.000000001 people are five.
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The work of a tier, and what is wanted of it."""

    per_hour: float
    """Items or cases that come in; of a panel, votes."""
    handling: float
    """Seconds that each takes."""
    within: float
    """Seconds in which work is to begin."""
    on_time: float = 0.8
    """The share of which it is to begin so soon; above 0, below 1."""
    occupancy: float = 0.85
    """Of the time people are there, at most so much is work; above 0, 1 at most."""
    shrinkage: float = 0.3
    """Of the time people are rostered, so much they are not there; 0 or more, below 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """How many people, and what comes of it."""

    erlangs: float
    """People who would be busy all the time, if work came evenly."""
    working: int
    """Who have to be there at any time."""
    rostered: int
    """Who have to be rostered, with breaks, training and days off."""
    occupancy: float
    """Of those who are there, how busy; 0 to 1."""
    waiting: float
    """The share that has to wait at all."""
    on_time: float
    """The share that is begun in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What comes of a number of people."""

    people: int
    """Who are there."""
    occupancy: float
    """How busy they are; 0 to 1."""
    waiting: float
    """The share that has to wait at all."""
    on_time: float
    """The share that is begun in time."""
    wait: float | None
    """Mean seconds until work begins, of all; None: it grows without end, as more comes in than
    these people do."""


def staffing(load: Load) -> Staffing:
    """How many people the work of a tier takes; nobody where nothing comes.

    Raises:
        InvalidFigure: A number is out of range.
    """
    _check(load)
    erlangs = load.per_hour * load.handling / _HOUR
    if erlangs == 0:
        return Staffing(erlangs=0, working=0, rostered=0, occupancy=0, waiting=0, on_time=1)
    working = max(_up(erlangs / load.occupancy), _fewest(load, erlangs))
    return Staffing(
        erlangs=erlangs,
        working=working,
        rostered=_up(working / (1 - load.shrinkage)),
        occupancy=min(1.0, erlangs / working),
        waiting=waiting(working, erlangs),
        on_time=_on_time(working, erlangs, load),
    )


def prospect(people: int, load: Load) -> Prospect:
    """What comes of so many people: the same formula the other way round.

    The mean wait is C*h/(n - a) (Gross et al., *Fundamentals of Queueing Theory*, 4th ed., 2.3).

    Args:
        people: Who are there; 0 or more.
        load: Its `occupancy` and `shrinkage` make no difference here.

    Raises:
        InvalidFigure: A number is out of range.
    """
    _check(load)
    if people < 0:
        what = "people"
        raise InvalidFigure(what, f"{people} is out of range")
    erlangs = load.per_hour * load.handling / _HOUR
    if erlangs == 0:
        return Prospect(people=people, occupancy=0, waiting=0, on_time=1, wait=0)
    late = waiting(people, erlangs)
    return Prospect(
        people=people,
        occupancy=min(1.0, erlangs / people) if people else 1.0,
        waiting=late,
        on_time=_on_time(people, erlangs, load),
        wait=late * load.handling / (people - erlangs) if people > erlangs else None,
    )


def waiting(people: int, erlangs: float) -> float:
    """The share that has to wait (Erlang C); 1 where the work is more than the people can do.

    Args:
        people: 0 or more.
        erlangs: Arrivals * handling time, in the same unit of time; 0 or more.
    """
    if erlangs <= 0:
        return 0.0
    if people <= erlangs:
        return 1.0
    exactly = xlogy(people, erlangs) - erlangs - gammaln(people + 1)
    lost = float(exp(exactly) / gammaincc(people + 1, erlangs))
    return lost / (1 - erlangs / people * (1 - lost))


def _on_time(people: int, erlangs: float, load: Load) -> float:
    if people <= erlangs:
        return 0.0
    return 1 - waiting(people, erlangs) * exp(-(people - erlangs) * load.within / load.handling)


def _fewest(load: Load, erlangs: float) -> int:
    """The fewest people who begin enough of it in time: more people never do worse."""
    low = int(erlangs)  # as many, or fewer, never catch up
    high = low + 1
    while _on_time(high, erlangs, load) < load.on_time:
        low, high = high, high + 2 * (high - int(erlangs))
    while high - low > 1:
        middle = (low + high) // 2
        if _on_time(middle, erlangs, load) < load.on_time:
            low = middle
        else:
            high = middle
    return high


def _up(people: float) -> int:
    return ceil(round(people, _DIGITS))


def _check(load: Load) -> None:
    for what, value, fits in (
        ("per_hour", load.per_hour, load.per_hour >= 0),
        ("handling", load.handling, load.handling >= 0),
        ("within", load.within, load.within >= 0),
        ("on_time", load.on_time, 0 < load.on_time < 1),
        ("occupancy", load.occupancy, 0 < load.occupancy <= 1),
        ("shrinkage", load.shrinkage, 0 <= load.shrinkage < 1),
    ):
        if not (isfinite(value) and fits):
            raise InvalidFigure(what, f"{value} is out of range")
