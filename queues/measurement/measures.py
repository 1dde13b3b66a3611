"""Figures about votes and waits with what they rest on, or the reason why there are none."""

from typing import Final

from engine.quality import Agreement, Interval, Measure, Quantile, State, Undefined

#: Fewest items with two votes: with 20, an agreement of .9 has an interval of a quarter.
_FEWEST_RATED: Final = 20
#: Fewest decisions of which a median is told.
_FEWEST_WAITS: Final = 10


def enough(found: Agreement) -> bool:
    """Whether a coefficient of agreement is told at all."""
    return found.items >= _FEWEST_RATED


def agreed(figure: float | Undefined, interval: Interval | None, found: Agreement) -> Measure:
    """A coefficient of agreement, if there were enough items."""
    if not enough(found):
        return Measure.none(State.INSUFFICIENT_DATA, found.items, _FEWEST_RATED)
    if isinstance(figure, Undefined):
        return Measure.none(State.ONE_CATEGORY, found.items, _FEWEST_RATED)
    return Measure(
        state=State.KNOWN,
        value=figure,
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
        n=found.items,
        needs=_FEWEST_RATED,
    )


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
