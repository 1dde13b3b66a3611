"""Queues of cases as they go where people work: bursts, priorities, shifts, uneven handling times.

A simulation by events, written apart from what it tests: no formula of `engine.waiting` is in it.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, log
from random import Random
from statistics import fmean, stdev
from typing import Final

from engine.waiting import Handling, Overtaking, Pace, pace_of

_HOUR: Final = 3_600.0
_DAY: Final = 24 * _HOUR
_NEVER: Final = float("inf")
_STEPS: Final = (0, 1, 2, 3)
_SHARES: Final = (10, 20, 60, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who works, how fast, and how much comes in."""

    reviewers: int
    load: float
    """Cases that come in over those that people can decide, in the long run."""
    handling: float = 120.0
    """Median seconds of work on a case."""
    deviation: float = 0.7
    """Standard deviation of their logarithm."""
    burst: float = 3.0
    """How many times faster cases come in bursts."""
    ageing: float = 4 * _HOUR
    """Seconds of waiting that weigh as much as a step of priority."""
    spread: float = 0.0
    """By how many steps at most cases of one priority differ, by their risk and deadlines."""
    hours: float = 24.0
    """How long cases come in."""
    shift: float = 24.0
    """Hours of each day in which people take up work, the first ones."""
    bins: tuple[int, float] = (12, 300.0)
    """How many bins the window of observation has, and how many seconds each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What could be seen as a case came in, and what became of it."""

    ahead: int
    pace: Pace
    overtaking: tuple[Overtaking, ...]
    handling: Handling
    waited: float


@dataclass(slots=True, kw_only=True)
class _Case:
    at: float
    allowance: float
    """Seconds that it can wait, beside others."""
    rank: float
    number: int
    decided: float = 0.0
    ahead: int = 0


@dataclass(slots=True, kw_only=True)
class _Run:
    """One simulation under way."""

    site: Site
    every: int
    random: Random
    cases: list[_Case] = field(default_factory=list)
    waiting: list[tuple[float, int, _Case]] = field(default_factory=list)
    hands: list[tuple[float, int, float]] = field(default_factory=list)
    """When each case in people's hands is decided, its number, and how long it takes."""
    decided: list[tuple[float, float]] = field(default_factory=list)
    """When, and how long people took."""
    now: float = 0.0

    def play(self) -> None:
        for at in _moments(self.site, self.random):
            self._work_until(at)
            self.now = at
            self._arrive(at)
        self._work_until(_NEVER)

    def _arrive(self, at: float) -> None:
        (step,) = self.random.choices(_STEPS, _SHARES)
        differs = self.random.random() * self.site.spread if self.site.spread else 0.0
        allowance = (step + differs) * self.site.ageing
        rank = at + allowance
        number = len(self.cases)
        case = _Case(at=at, allowance=allowance, rank=rank, number=number)
        if number % self.every == 0:
            before = sum(other[:2] < (rank, number) for other in self.waiting)
            case.ahead = before + len(self.hands)
        self.cases.append(case)
        heapq.heappush(self.waiting, (rank, number, case))
        self._take(at)

    def _take(self, at: float) -> None:
        if at % _DAY >= self.site.shift * _HOUR:
            return
        while self.waiting and len(self.hands) < self.site.reviewers:
            _, number, _ = heapq.heappop(self.waiting)
            took = self.random.lognormvariate(log(self.site.handling), self.site.deviation)
            heapq.heappush(self.hands, (at + took, number, took))

    def _work_until(self, moment: float) -> None:
        while True:
            ends = self.hands[0][0] if self.hands else _NEVER
            morning = (self.now // _DAY + 1) * _DAY if self.waiting else _NEVER
            happens = min(ends, morning)
            if happens > moment or happens == _NEVER:
                return
            self.now = happens
            if ends <= morning:
                at, number, took = heapq.heappop(self.hands)
                self.cases[number].decided = at
                self.decided.append((at, took))
            self._take(self.now)


def arrivals(site: Site, seed: int, *, every: int = 10) -> Iterator[Arrival]:
    """Each so many-th case that comes in after two windows, as it was seen and as it went on."""
    bins, length = site.bins
    window = bins * length
    run = _Run(site=site, every=every, random=Random(seed))
    run.play()
    came = [case.at for case in run.cases]
    moments = [at for at, _ in run.decided]
    for case in run.cases[::every]:
        first, last = (bisect_left(moments, case.at - back) for back in (window, 0.0))
        if case.at < 2 * window or last - first < 2:
            continue
        ends = [bisect_right(moments, case.at - length * back) for back in range(bins, -1, -1)]
        counts = [after - before for before, after in pairwise(ends)]
        logs = [log(took) for _, took in run.decided[first:last]]
        lately = run.cases[bisect_left(came, case.at - window) : case.number]
        yield Arrival(
            ahead=case.ahead,
            pace=pace_of(counts, length),
            overtaking=tuple(_overtaking(site, case, lately)),
            handling=Handling(log_mean=fmean(logs), log_deviation=stdev(logs)),
            waited=case.decided - case.at,
        )


def _overtaking(site: Site, case: _Case, lately: list[_Case]) -> Iterator[Overtaking]:
    """Kinds of cases that can wait for less time, a quarter of a period apart."""
    width = site.ageing / 4
    mine = case.allowance // width
    for kind, came in Counter(other.allowance // width for other in lately).items():
        if kind < mine:
            yield Overtaking(arrivals=came, period=(mine - kind) * width)


def _moments(site: Site, random: Random) -> Iterator[float]:
    """When cases come in: a Poisson process whose rate changes between calm and bursts."""
    calm, burst = 2 * _HOUR, _HOUR / 3
    work = site.handling * exp(site.deviation**2 / 2)
    mean = site.load * site.reviewers / work
    rate = mean * (calm + burst) / (calm + burst * site.burst)
    at, until, bursting = 0.0, random.expovariate(1 / calm), False
    while at < site.hours * _HOUR:
        step = random.expovariate(rate * (site.burst if bursting else 1.0))
        if at + step < until:
            at += step
            yield at
        else:
            at, bursting = until, not bursting
            until = at + random.expovariate(1 / (burst if bursting else calm))
