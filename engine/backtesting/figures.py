"""All figures of a backtest, from what was counted."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, sqrt
from typing import Final

from engine.backtesting.changes import (
    Change,
    Rate,
    Window,
    labelled_share,
    rate_of,
    share_of,
    unchanged,
    untold,
)
from engine.backtesting.sums import WRONG, Due, Moved, Side, Sums
from engine.backtesting.terms import HOURS_A_DAY, PEOPLE, Handling, Terms
from engine.quality.measures import State
from engine.quality.proportions import ENOUGH
from engine.quality.staffing import Load, staffing, waiting
from engine.quality.wilson import WIDTH
from engine.verdict import Tier

_HOUR: Final = 3_600.0
_MINUTE: Final = 60.0
_RESTRICTS, _PUBLISHES = "restricts", "publishes"


@dataclass(frozen=True, slots=True)
class _Work:
    """An amount of people's work by item, and how uncertain what one case takes is."""

    name: str
    unit: str
    by_case: Mapping[Tier, float]
    spread: Mapping[Tier, float]
    """Standard deviation of one case."""
    error: Mapping[Tier, float]
    """Standard error of the mean of a case."""

    def of(self, side: Side) -> float:
        """What the cases of an item come to."""
        return sum(side.reviews(tier) * each for tier, each in self.by_case.items())


def window_of(sums: Sums, terms: Terms) -> Window | None:
    """How long the log is; None: nobody knows, as items have no date and nobody said."""
    if not sums.moved or (sums.undated and terms.hours is None):
        return None
    hours = terms.hours
    if hours is None:
        first, last = sums.span or (0.0, 0.0)
        hours = max(1.0, (last - first) / _HOUR)
    return Window(min(moved.hour for moved in sums.moved), hours, dated=not sums.undated)


def figures(sums: Sums, terms: Terms, *, same: bool) -> tuple[Change, ...]:
    """Everything that changes, in the order in which people read it.

    Args:
        sums: What was counted.
        terms: What work costs.
        same: Whether both policies are one: nothing changes then, and that is certain.
    """
    window = window_of(sums, terms)
    found = [*_shares(sums, window, terms), *_works(sums, window, terms)]
    found += [*_staffs(sums, window, terms), *_errors(sums), _golden(sums)]
    return tuple(map(unchanged, found) if same else found)


def _shares(sums: Sums, window: Window | None, terms: Terms) -> Iterator[Change]:
    yield _changed(sums)
    yield share_of(
        "automation",
        sums.moved,
        lambda side: side.tier in (Tier.NONE, Tier.AUTO),
        window,
        terms.horizon,
    )


def _changed(sums: Sums) -> Change:
    """The share of items whose tier or action differs."""
    published = Side(Tier.NONE, "publish", 0, 0)
    differs = Side(Tier.AUTO, "publish", 0, 0)
    counted: Counter[Moved] = Counter()
    for (hour, old, new), count in sums.moved.items():
        counted[Moved(hour, published, published if old.cell == new.cell else differs)] += count
    return share_of("changed", counted, lambda side: side is differs, None, 1.0)


def _works(sums: Sums, window: Window | None, terms: Terms) -> Iterator[Change]:
    zero = dict.fromkeys(PEOPLE, 0.0)
    for tier in PEOPLE:
        yield _work(
            _Work(f"cases_per_day.{tier}", "cases", {tier: 1.0}, zero, zero), sums, window, terms
        )
    minutes = {tier: _scaled(terms.handling[tier], 1 / _MINUTE) for tier in PEOPLE}
    for tier in PEOPLE:
        yield _work(
            _made(f"minutes_per_day.{tier}", "minutes", {tier: minutes[tier]}), sums, window, terms
        )
    yield _work(_made("minutes_per_day", "minutes", minutes), sums, window, terms)
    money = {
        tier: _scaled(terms.handling[tier], terms.handling[tier].rate / _HOUR) for tier in PEOPLE
    }
    yield _work(_made("cost_per_day", "money", money), sums, window, terms)


def _scaled(handling: Handling, factor: float) -> tuple[float, float, float]:
    return handling.seconds * factor, handling.spread * factor, handling.error * factor


def _made(name: str, unit: str, cases: Mapping[Tier, tuple[float, float, float]]) -> _Work:
    return _Work(
        name,
        unit,
        {tier: case[0] for tier, case in cases.items()},
        {tier: case[1] for tier, case in cases.items()},
        {tier: case[2] for tier, case in cases.items()},
    )


def _work(work: _Work, sums: Sums, window: Window | None, terms: Terms) -> Change:
    """An amount of work a day, with its change and its forecast."""
    n = sums.items
    if window is None or n < ENOUGH:
        return untold(work.name, work.unit, n)
    old = rate_of(sums.moved, lambda was, _: work.of(was), window)
    new = rate_of(sums.moved, lambda _, now: work.of(now), window)
    change = rate_of(sums.moved, lambda was, now: work.of(now) - work.of(was), window)
    reach = change.reach * sqrt(
        change.variance / window.days + _doubt(work, sums, window, lambda m: _more(m, work))
    )
    low, high = _forecast(work, sums, window, new, terms.horizon)
    return Change(
        name=work.name,
        unit=work.unit,
        state=State.KNOWN,
        old=old.mean,
        new=new.mean,
        change=change.mean,
        low=change.mean - reach,
        high=change.mean + reach,
        forecast_low=low,
        forecast_high=high,
        n=n,
    )


def _forecast(
    work: _Work, sums: Sums, window: Window, new: Rate, horizon: float
) -> tuple[float, float]:
    """Limits of what the days to come will have, by the days that were."""
    cases = {tier: _cases(sums.moved, tier, new=True) / window.days for tier in work.by_case}
    a_day = new.variance + sum(cases[tier] * work.spread[tier] ** 2 for tier in work.by_case)
    doubt = _doubt(
        work, sums, window, lambda moved: {t: moved.new.reviews(t) for t in work.by_case}
    )
    reach = new.reach * sqrt(a_day * (1 / window.days + 1 / horizon) + doubt)
    return max(0.0, new.mean - reach), new.mean + reach


def _more(moved: Moved, work: _Work) -> dict[Tier, int]:
    """How many more cases an item makes."""
    return {tier: moved.new.reviews(tier) - moved.old.reviews(tier) for tier in work.by_case}


def _doubt(
    work: _Work, sums: Sums, window: Window, cases: Callable[[Moved], Mapping[Tier, int]]
) -> float:
    """The variance of an amount a day that comes of not knowing what a case takes."""
    totals = dict.fromkeys(work.by_case, 0)
    for moved, count in sums.moved.items():
        for tier, each in cases(moved).items():
            totals[tier] += each * count
    return float(sum((totals[tier] / window.days * work.error[tier]) ** 2 for tier in work.by_case))


def _cases(moved: Mapping[Moved, int], tier: Tier, *, new: bool) -> int:
    return sum(
        (each.new if new else each.old).reviews(tier) * count for each, count in moved.items()
    )


def _staffs(sums: Sums, window: Window | None, terms: Terms) -> Iterator[Change]:
    """People that each tier needs, and how many cases would be begun in time without more."""
    for tier in PEOPLE:
        if window is None or sums.items < ENOUGH:
            yield untold(f"people.{tier}", "people", sums.items)
            yield untold(f"on_time.{tier}", "share", sums.items)
        else:
            yield from _staff(tier, sums, window, terms)


def _staff(tier: Tier, sums: Sums, window: Window, terms: Terms) -> Iterator[Change]:
    n, known = sums.items, State.KNOWN
    old, new = (_busiest(sums, tier, window, new=new) for new in (False, True))
    # The busy hour of a window is a mean over its days; how it varies is that of so many arrivals.
    reach = WIDTH * sqrt(new / max(1.0, window.days))
    was = staffing(_load(old, _within(sums.due, tier, new=False), terms, tier))
    within = _within(sums.due, tier, new=True)
    least, now, most = (
        _load(each, within, terms, tier) for each in (max(0.0, new - reach), new, new + reach)
    )
    needed = staffing(now).rostered
    yield Change(
        name=f"people.{tier}",
        unit="people",
        state=known,
        old=was.rostered,
        new=needed,
        change=needed - was.rostered,
        low=staffing(least).rostered - was.rostered,
        high=staffing(most).rostered - was.rostered,
        n=n,
    )
    late, kept, early = (_on_time(was.working, each) for each in (most, now, least))
    yield Change(
        name=f"on_time.{tier}",
        unit="share",
        state=known,
        old=was.on_time,
        new=kept,
        change=kept - was.on_time,
        low=late - was.on_time,
        high=early - was.on_time,
        n=n,
    )


def _load(cases: float, within: float, terms: Terms, tier: Tier) -> Load:
    """So many cases an hour, as the votes that they take."""
    known = terms.handling[tier]
    handling = known.seconds / known.votes
    return Load(
        per_hour=cases * known.votes,
        handling=handling,
        within=max(0.0, within - handling),
        on_time=terms.on_time,
        occupancy=terms.occupancy,
        shrinkage=terms.shrinkage,
    )


def _on_time(people: int, load: Load) -> float:
    """The share of cases that so many people begin in time (Erlang C)."""
    erlangs = load.per_hour * load.handling / _HOUR
    if erlangs == 0:
        return 1.0
    if people <= erlangs:
        return 0.0
    late = exp(-(people - erlangs) * load.within / load.handling)
    return 1 - waiting(people, erlangs) * late


def _busiest(sums: Sums, tier: Tier, window: Window, *, new: bool) -> float:
    """Cases in the hour of the day that has most of them, on average over the days."""
    by_hour: Counter[int] = Counter()
    for moved, count in sums.moved.items():
        side = moved.new if new else moved.old
        by_hour[moved.hour % HOURS_A_DAY] += side.reviews(tier) * count
    if sums.undated or window.hours < HOURS_A_DAY:
        return by_hour.total() / window.hours
    return max(by_hour.values(), default=0) / window.days


def _within(due: Mapping[Due, int], tier: Tier, *, new: bool) -> float:
    """The deadline that half of the cases of a tier have at most; a day where there are none."""
    known = sorted(
        (each.seconds, count)
        for each, count in due.items()
        if each.tier is tier and each.new == new
    )
    left = sum(count for _, count in known) / 2
    for seconds, count in known:
        left -= count
        if left <= 0:
            return seconds
    return _HOUR * HOURS_A_DAY


def _errors(sums: Sums) -> Iterator[Change]:
    """How often the machine is wrong, of all items; what people decide counts as right."""
    rows = sorted(sums.labels.items())
    for name, wrong in _WRONG.items():
        yield labelled_share(
            name,
            [
                (
                    label.inclusion,
                    wrong(label.old, label.violating),
                    wrong(label.new, label.violating),
                    count,
                )
                for label, count in rows
            ],
        )


_WRONG: Final[Mapping[str, Callable[[str, bool], bool]]] = {
    "error": lambda does, bad: does == (_PUBLISHES if bad else _RESTRICTS),
    "wrongly_restricted": lambda does, bad: not bad and does == _RESTRICTS,
    "wrongly_published": lambda does, bad: bad and does == _PUBLISHES,
}


def _golden(sums: Sums) -> Change:
    """Golden items that the machine gets wrong; each is known, so there is no interval."""
    n = sums.golden.total()
    if not n:
        return untold("golden_regressions", "items", 0, 1)
    worse = sum(count for (was, now), count in sums.golden.items() if now == WRONG != was)
    return Change(
        name="golden_regressions",
        unit="items",
        state=State.KNOWN,
        old=0,
        new=worse,
        change=worse,
        n=n,
        needs=1,
    )
