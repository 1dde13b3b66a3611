"""A figure with what it rests on, or the reason why there is none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from engine.quality import Agreement, Interval, Quantile, Undefined

#: Fewest items with two votes: with 20, an agreement of .9 has an interval of a quarter.
_FEWEST_RATED: Final = 20
#: Fewest decisions of which a median is told.
_FEWEST_WAITS: Final = 10


class State(StrEnum):
    """Whether there is a figure."""

    #: There is.
    KNOWN = "known"
    #: Fewer than `needs` were seen.
    INSUFFICIENT_DATA = "insufficient_data"
    #: All votes were for one action: agreement beyond chance is 0/0.
    ONE_CATEGORY = "one_category"
    #: Half of all still wait, so nobody knows yet.
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure."""

    state: State
    value: float | None
    """None unless it is known."""
    low: float | None
    """The interval of 95 %, where it can be told."""
    high: float | None
    n: int
    """How many it is told from."""
    needs: int
    """How many it takes."""

    @classmethod
    def of(cls, figure: float, interval: Interval | None, found: Agreement) -> Self:
        """A coefficient of agreement that is known."""
        return cls(
            state=State.KNOWN,
            value=figure,
            low=None if interval is None else interval.low,
            high=None if interval is None else interval.high,
            n=found.items,
            needs=_FEWEST_RATED,
        )

    @classmethod
    def none(cls, state: State, n: int, needs: int) -> Self:
        """There is no figure."""
        return cls(state=state, value=None, low=None, high=None, n=n, needs=needs)


def agreed(figure: float | Undefined, interval: Interval | None, found: Agreement) -> Measure:
    """A coefficient of agreement, if there were enough items."""
    if found.items < _FEWEST_RATED:
        return Measure.none(State.INSUFFICIENT_DATA, found.items, _FEWEST_RATED)
    if isinstance(figure, Undefined):
        return Measure.none(State.ONE_CATEGORY, found.items, _FEWEST_RATED)
    return Measure.of(figure, interval, found)


def waited(found: Quantile) -> Measure:
    """Seconds to a decision, if there were enough of them."""
    if found.n < _FEWEST_WAITS:
        return Measure.none(State.INSUFFICIENT_DATA, found.n, _FEWEST_WAITS)
    if found.seconds is None:
        return Measure.none(State.NOT_REACHED, found.n, _FEWEST_WAITS)
    return Measure(
        state=State.KNOWN,
        value=found.seconds,
        low=found.low,
        high=found.high,
        n=found.n,
        needs=_FEWEST_WAITS,
    )
