"""How long cases will wait in each queue: seen of all queues at once, remembered for seconds."""

import threading
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from math import floor
from typing import Final

from engine.urgency import Urgency, Weights, terms_of
from engine.waiting import Overtaking, Wait, expected_wait, pace_of
from queues.casework.observing import (
    BIN,
    HOUR,
    KINDS,
    Load,
    kind_of,
    observe,
    place_of,
    simulated,
)
from queues.sections import Priority
from queues.store.ranking import STEP, weights_of
from queues.store.session import Store

#: So many decisions of the last hour are enough to go by it; else it is the last day.
_ENOUGH: Final = 30
_NORMAL: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStanding:
    """How one queue stands."""

    tier: str
    queue: str
    depth: int
    """Cases that wait, those in people's hands among them."""
    oldest: datetime | None
    """When the one that waits longest came in, in any tier."""
    due_next: datetime | None
    """The first deadline that has not passed."""
    overdue: int
    due_soon: int
    """Deadlines that pass within an hour."""
    claimed: int
    """Cases in people's hands."""
    came_per_hour: int
    """In the last hour."""
    decided_per_hour: int
    """In the last hour; a panel's case counts when its decision is made."""
    expected_wait: Wait | None
    """Of a new case of normal priority; None where nothing was decided for a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Where a case stands, and how long it will wait."""

    place: int
    """1 is next. Cases of about the same rank are counted as before it, so it may stand further
    ahead."""
    expected_wait: Wait | None


class Outlook:
    """What can be expected, by what was seen at one moment."""

    def __init__(
        self,
        at: datetime,
        loads: Mapping[tuple[str, str], Load],
        weights: Weights,
        *,
        simulated: bool,
    ) -> None:
        self.at = at
        self.simulated = simulated
        self._loads = loads
        self._weights = weights
        self._seen = time.monotonic()
        self._lines = {key: _Line(load) for key, load in loads.items()}
        self._waits: dict[tuple[tuple[str, str], int, int], Wait | None] = {}
        self._standings = {key: self._standing(key, load) for key, load in loads.items()}

    @property
    def age(self) -> float:
        """Seconds since it was seen."""
        return time.monotonic() - self._seen

    def standings(self, known: Collection[tuple[str, str]] = ()) -> tuple[QueueStanding, ...]:
        """How all queues stand: those that have cases or had some within a day, and known ones.

        Args:
            known: Tiers and queues to tell of in any case.
        """
        idle = {key: self._standing(key, Load()) for key in known if key not in self._standings}
        return tuple(standing for _, standing in sorted((self._standings | idle).items()))

    def expect(self, tier: str, queue: str, urgency: Urgency) -> Expected:
        """Where a case stands, without a look at the database."""
        key, allowance = (tier, queue), terms_of(urgency, self._weights).allowance
        before = self._before(key, urgency.since + allowance)
        # It was counted itself, if it was there.
        ahead = max(0, before - (urgency.since < self.at.timestamp()))
        kind = kind_of(allowance, self._weights)
        return Expected(place=ahead + 1, expected_wait=self._wait(key, kind, ahead))

    def wait(self, tier: str, queue: str, urgency: Urgency, *, ahead: int) -> Wait | None:
        """How long a case will wait that has so many before it; None: that cannot be told."""
        kind = kind_of(terms_of(urgency, self._weights).allowance, self._weights)
        return self._wait((tier, queue), kind, ahead)

    def _before(self, key: tuple[str, str], moment: float) -> int:
        """How many cases wait that are ranked as one of a moment, or before it."""
        return self._lines.get(key, _NOBODY).until(place_of(floor(moment), self._weights))

    def _wait(self, key: tuple[str, str], kind: int, ahead: int) -> Wait | None:
        known = (key, kind, ahead)
        if known not in self._waits:
            load = self._loads.get(key, Load())
            self._waits[known] = _wait(load, kind, ahead, self._weights.ageing, self.age)
        return self._waits[known]

    def _standing(self, key: tuple[str, str], load: Load) -> QueueStanding:
        tier, queue = key
        return QueueStanding(
            tier=tier,
            queue=queue,
            depth=sum(load.ranks.values()),
            oldest=load.oldest,
            due_next=load.due_next,
            overdue=load.overdue,
            due_soon=load.due_soon,
            claimed=load.claimed,
            came_per_hour=sum(each.hour for each in load.arrived),
            decided_per_hour=sum(load.hour),
            expected_wait=self._of_new(key),
        )

    def _of_new(self, key: tuple[str, str]) -> Wait | None:
        """Of one that comes now and can wait as long as most of normal priority lately."""
        load, weights = self._loads.get(key, Load()), self._weights
        normal = [each for each in load.arrived if each.priority == _NORMAL]
        usual = max(normal, key=lambda each: (each.day, each.kind), default=None)
        allowance = weights.ageing * _NORMAL / STEP if usual is None else usual.allowance
        before = self._before(key, self.at.timestamp() + allowance)
        return self._wait(key, kind_of(allowance, weights), before)


class _Line:
    """How many cases wait up to each rank."""

    def __init__(self, load: Load) -> None:
        self._places = sorted(load.ranks)
        self._counts = list(accumulate((load.ranks[each] for each in self._places), initial=0))

    def until(self, place: int) -> int:
        """How many, those of the same rank among them."""
        return self._counts[bisect_right(self._places, place)]


_NOBODY: Final = _Line(Load())


class Waits:
    """Looks at all queues, and remembers for some seconds what it saw: many ask, and often."""

    def __init__(
        self,
        store: Store,
        *,
        ageing: float,
        priority: Priority = Priority(),  # noqa: B008 - it cannot be changed
        remember: float = 10.0,
    ) -> None:
        """Prepare; nothing is looked at yet.

        Args:
            store: Where cases are.
            ageing: Seconds of waiting that weigh as much as one step of priority.
            priority: What else makes a case urgent.
            remember: Seconds.
        """
        self._store = store
        self._weights = weights_of(ageing, priority)
        self._remember = remember
        self._looking = threading.Lock()
        self._outlook: Outlook | None = None

    @property
    def lately(self) -> Outlook | None:
        """What was seen last, however long ago, at no cost; None before the first look."""
        return self._outlook

    @property
    def fresh(self) -> bool:
        """Whether a look would find what is remembered."""
        return self._outlook is not None and self._outlook.age < self._remember

    def current(self) -> Outlook:
        """What is to be expected now, or was some seconds ago; raises Unavailable."""
        with self._looking:
            if self._outlook is None or not self.fresh:
                with self._store.read() as connection:
                    at, loads = observe(connection, self._weights)
                    feigned = simulated(connection, at)
                self._outlook = Outlook(at, loads, self._weights, simulated=feigned)
            return self._outlook


def _wait(load: Load, kind: int, ahead: int, ageing: float, age: float) -> Wait | None:
    hourly = sum(load.hour) >= _ENOUGH
    pace = (
        pace_of(load.hour, BIN.total_seconds(), age=age)
        if hourly
        else pace_of(load.day, HOUR.total_seconds(), age=age)
    )
    overtaking = _overtaking(load, kind, ageing, hourly=hourly)
    return expected_wait(ahead, pace, overtaking=list(overtaking), handling=load.handling)


def _overtaking(load: Load, kind: int, ageing: float, *, hourly: bool) -> Iterator[Overtaking]:
    """Cases that can wait for less time go first where they come later by no more than that."""
    came: Counter[int] = Counter()
    for each in load.arrived:
        came[each.kind] += each.hour if hourly else each.day
    for other, arrivals in came.items():
        if other < kind:
            yield Overtaking(arrivals=arrivals, period=(kind - other) * ageing / KINDS)
