"""A figure under two policies: what it was, what it would be, and how sure that is.

- **Shares** of items (automation) change by what goes one way less what goes the other: both are
  shares with Wilson's limits, and the limits of the difference join them as Newcombe does for
  pairs (*Stat. Med.* 17 (1998), 2635-2650), with the covariance of two cells of a table, -ab/n.
  Of labelled items the shares are Hájek's, weighted by 1/π.
- **Amounts** (minutes, money) a day are sums over items. Items arrive at random, so a sum has the
  variance of a compound Poisson process: that of its squares. Bursts, nights and weekends make it
  larger, so the variance between spans of a day is taken where that is larger; between spans of six
  hours, or of one, where there are fewer than seven whole days, or of these.
- A **forecast** is of the new policy alone, for as many days as the horizon: its interval holds
  what will happen with 95 %, so it has the variance of those days, too, and not only that of the
  estimate.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
from scipy.special import stdtrit

from engine.backtesting.sums import Moved, Side
from engine.backtesting.terms import HOURS_A_DAY
from engine.quality.measures import State
from engine.quality.proportions import ENOUGH, Share, weighted_share
from engine.quality.wilson import WIDTH, wilson

#: Fewest whole spans whose spread says something.
_ENOUGH_SPANS: Final = 7
#: Hours of a span, the longest that there are enough of.
_SPANS: Final = (24, 6, 1)
_TAIL: Final = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure under two policies."""

    name: str
    unit: str
    """`share`, `minutes`, `money`, `cases`, `people` or `items`."""
    state: State
    old: float | None = None
    new: float | None = None
    change: float | None = None
    low: float | None = None
    """The interval of 95 % of the change, for traffic like this."""
    high: float | None = None
    forecast_low: float | None = None
    """The interval that holds what will be under the new policy with 95 %."""
    forecast_high: float | None = None
    n: int = 0
    needs: int = ENOUGH
    naive: float | None = None
    """Of weighted figures the change among those that people saw, as if they were all."""


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount a day, and how it varies."""

    mean: float
    variance: float
    """Of the amount of one day."""
    reach: float
    """Standard deviations that hold 95 %."""


@dataclass(frozen=True, slots=True)
class Window:
    """How long the log is, by the hours in which items came."""

    first: int
    hours: float
    dated: bool = True
    """Whether items have dates, so that days can be told apart."""

    @property
    def days(self) -> float:
        """In days."""
        return self.hours / HOURS_A_DAY

    @property
    def spans(self) -> tuple[int, int]:
        """Whole spans whose spread says something, and their hours.

        There are none where they are too few, or cannot be told apart.
        """
        for hours in _SPANS if self.dated else ():
            if self.hours >= _ENOUGH_SPANS * hours:
                return int(self.hours // hours), hours
        return 0, HOURS_A_DAY


def untold(name: str, unit: str, n: int, needs: int = ENOUGH) -> Change:
    """A figure of which too little is known."""
    return Change(name=name, unit=unit, state=State.INSUFFICIENT_DATA, n=n, needs=needs)


def unchanged(found: Change) -> Change:
    """The figure where both policies are the same: nothing changes, and that is certain."""
    if found.state is not State.KNOWN:
        return found
    naive = None if found.naive is None else 0.0
    return replace(found, change=0.0, low=0.0, high=0.0, naive=naive)


def share_of(
    name: str,
    moved: Mapping[Moved, int],
    holds: Callable[[Side], bool],
    window: Window | None,
    horizon: float,
) -> Change:
    """The share of items for which something holds.

    Args:
        name: Of the figure.
        moved: Items by hour and by what both policies make of them.
        holds: Whether it holds for one of them.
        window: How long they took to come; None: not known, and there is no forecast.
        horizon: Days of the forecast.
    """
    n = sum(moved.values())
    if n < ENOUGH:
        return untold(name, "share", n)
    more = sum(count for (_, old, new), count in moved.items() if holds(new) and not holds(old))
    less = sum(count for (_, old, new), count in moved.items() if holds(old) and not holds(new))
    was = sum(count for (_, old, _), count in moved.items() if holds(old))
    low, high = _paired(more / n, less / n, n)
    old, new = was / n, (was + more - less) / n
    found = Change(
        name=name,
        unit="share",
        state=State.KNOWN,
        old=old,
        new=new,
        change=new - old,
        low=low,
        high=high,
        n=n,
    )
    if window is None:
        return found
    reach = _share_reach(moved, holds, window, horizon)
    # Wilson's limits of so many as the spread of both windows is worth, as shares end at 0 and 1.
    spread = new * (1 - new)
    size = spread / reach**2 if spread and reach else n * horizon / (window.days + horizon)
    down, up = wilson(new, size)
    return replace(found, forecast_low=down, forecast_high=up)


def labelled_share(
    name: str, rows: Sequence[tuple[float, bool, bool, int]], *, needs: int = ENOUGH
) -> Change:
    """The share of all items, told from those with labels.

    Args:
        name: Of the figure.
        rows: π, whether it holds under the old policy and under the new one, and of how many.
        needs: Of a smaller effective size nothing is told.
    """
    weights, times = [1 / row[0] for row in rows], [row[3] for row in rows]

    def told(hits: Sequence[bool]) -> Share:
        return weighted_share(hits, weights, times=times, needs=needs)

    old, new = told([row[1] for row in rows]), told([row[2] for row in rows])
    more = told([row[2] and not row[1] for row in rows])
    less = told([row[1] and not row[2] for row in rows])
    values = (old.value, new.value, more.value, less.value)
    if any(value is None for value in values):
        return untold(name, "share", old.n, needs)
    was, now, gone, come = (value or 0.0 for value in values)
    low, high = _joined((gone, more), (come, less))
    return Change(
        name=name,
        unit="share",
        state=State.KNOWN,
        old=was,
        new=now,
        change=now - was,
        low=low,
        high=high,
        n=old.n,
        needs=needs,
        naive=(new.hits - old.hits) / old.n,
    )


def rate_of(
    moved: Mapping[Moved, int], amount: Callable[[Side, Side], float], window: Window
) -> Rate:
    """What an amount by item comes to a day.

    Args:
        moved: Items by hour and by what both policies make of them.
        amount: Of one of them, by what the old policy and the new one make of it.
        window: How long they took to come.
    """
    totals: dict[int, list[float]] = {}
    known: dict[tuple[Side, Side], float] = {}
    total, squares = [], []
    spans, length = window.spans
    for (hour, old, new), count in sorted(moved.items()):
        value = known.get((old, new))
        if value is None:
            value = known[old, new] = amount(old, new)
        total.append(count * value)
        squares.append(count * value * value)
        totals.setdefault((hour - window.first) // length, []).append(count * value)
    mean, variance = sum(total) / window.days, sum(squares) / window.days
    if spans:
        each = np.array([sum(totals.get(span, ())) for span in range(spans)])
        between = float(each.var(ddof=1)) * HOURS_A_DAY / length
        if between > variance:
            return Rate(mean, between, -float(stdtrit(spans - 1, _TAIL)))
    return Rate(mean, variance, WIDTH)


def _paired(more: float, less: float, n: int) -> tuple[float, float]:
    """Limits of the difference of two shares of the same items, of which none is in both."""
    return _limits((more, *wilson(more, n)), (less, *wilson(less, n)), more * less / n)


def _joined(more: tuple[float, Share], less: tuple[float, Share]) -> tuple[float, float]:
    (up, gained), (down, lost) = more, less
    size = min(gained.effective, lost.effective)
    return _limits(
        (up, gained.low or 0.0, 1.0 if gained.high is None else gained.high),
        (down, lost.low or 0.0, 1.0 if lost.high is None else lost.high),
        up * down / size,
    )


def _limits(
    more: tuple[float, float, float], less: tuple[float, float, float], product: float
) -> tuple[float, float]:
    (up, up_low, up_high), (down, down_low, down_high) = more, less
    both = 2 * WIDTH**2 * product
    change = up - down
    low = change - sqrt((up - up_low) ** 2 + (down_high - down) ** 2 + both)
    high = change + sqrt((up_high - up) ** 2 + (down - down_low) ** 2 + both)
    return max(-1.0, low), min(1.0, high)


def _share_reach(
    moved: Mapping[Moved, int], holds: Callable[[Side], bool], window: Window, horizon: float
) -> float:
    """The standard error of the share of the days to come, seen from the share of these."""
    hits: dict[int, int] = {}
    items: dict[int, int] = {}
    spans, length = window.spans
    for (hour, _, new), count in moved.items():
        span = (hour - window.first) // length
        items[span] = items.get(span, 0) + count
        hits[span] = hits.get(span, 0) + (count if holds(new) else 0)
    n = sum(items.values())
    share, a_day = sum(hits.values()) / n, n / window.days
    variance = share * (1 - share) / a_day
    if spans:
        # As a ratio: what the hits of each span are beyond its items' share.
        beyond = [hits.get(span, 0) - share * items.get(span, 0) for span in range(spans)]
        wider = (float(stdtrit(spans - 1, _TAIL)) / WIDTH) ** 2
        between = float(np.var(beyond, ddof=1)) * HOURS_A_DAY / length / a_day**2
        variance = max(variance, between * wider)
    return sqrt(variance * (1 / window.days + 1 / horizon))
