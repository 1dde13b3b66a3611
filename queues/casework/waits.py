"""How long cases will wait in each queue: seen of all queues at once, remembered for seconds."""

import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.waiting import Overtaking, Wait, expected_wait, pace_of
from queues.casework.observing import BIN, HOUR, Load, observe
from queues.store.ranking import STEP, rank_at
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
    decided_per_hour: int
    """In the last hour; a panel's case counts when its decision is made."""
    expected_wait: Wait | None
    """Of a new case of normal priority; None where nothing was decided for a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Where a case stands, and how long it will wait."""

    place: int
    """1 is next. Cases of the same rank are counted as before it, so it may stand further ahead."""
    expected_wait: Wait | None


class Outlook:
    """What can be expected, by what was seen at one moment."""

    def __init__(self, at: datetime, loads: Mapping[tuple[str, str], Load], ageing: float) -> None:
        self.at = at
        self._loads = loads
        self._ageing = ageing
        self._seen = time.monotonic()
        self._waits: dict[tuple[str, str, int, int], Wait | None] = {}
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

    def expect(self, tier: str, queue: str, *, priority: int, since: datetime) -> Expected:
        """Where a case stands that came in at a moment, without a look at the database."""
        load = self._loads.get((tier, queue), Load())
        rank = rank_at(since, priority, self._ageing)
        before = sum(count for other, count in load.ranks.items() if other <= rank)
        # It was counted itself, if it was there.
        ahead = max(0, before - (since < self.at))
        wait = self.wait(tier, queue, priority=priority, ahead=ahead)
        return Expected(place=ahead + 1, expected_wait=wait)

    def wait(self, tier: str, queue: str, *, priority: int, ahead: int) -> Wait | None:
        """How long a case will wait that has so many before it; None: that cannot be told."""
        key = (tier, queue, priority, ahead)
        if key not in self._waits:
            load = self._loads.get((tier, queue), Load())
            self._waits[key] = _wait(load, priority, ahead, self._ageing, self.age)
        return self._waits[key]

    def _standing(self, key: tuple[str, str], load: Load) -> QueueStanding:
        tier, queue = key
        return QueueStanding(
            tier=tier,
            queue=queue,
            depth=sum(load.ranks.values()),
            oldest=load.oldest,
            due_next=load.due_next,
            overdue=load.overdue,
            decided_per_hour=sum(load.hour),
            expected_wait=self._of_new(key),
        )

    def _of_new(self, key: tuple[str, str]) -> Wait | None:
        tier, queue = key
        return self.expect(tier, queue, priority=_NORMAL, since=self.at).expected_wait


class Waits:
    """Looks at all queues, and remembers for some seconds what it saw: many ask, and often."""

    def __init__(self, store: Store, *, ageing: float, remember: float = 10.0) -> None:
        """Prepare; nothing is looked at yet.

        Args:
            store: Where cases are.
            ageing: Seconds of waiting that weigh as much as one step of priority.
            remember: Seconds.
        """
        self._store = store
        self._ageing = ageing
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
                    at, loads = observe(connection, self._ageing)
                self._outlook = Outlook(at, loads, self._ageing)
            return self._outlook


def _wait(load: Load, priority: int, ahead: int, ageing: float, age: float) -> Wait | None:
    hourly = sum(load.hour) >= _ENOUGH
    pace = (
        pace_of(load.hour, BIN.total_seconds(), age=age)
        if hourly
        else pace_of(load.day, HOUR.total_seconds(), age=age)
    )
    overtaking = _overtaking(load, priority, ageing, hourly=hourly)
    return expected_wait(ahead, pace, overtaking=list(overtaking), handling=load.handling)


def _overtaking(load: Load, priority: int, ageing: float, *, hourly: bool) -> Iterator[Overtaking]:
    """Cases more urgent than one of a priority: each step of it is worth one period of ageing."""
    for other, arrived in load.arrived.items():
        steps = priority // STEP - other // STEP
        if steps > 0:
            came = arrived.hour if hourly else arrived.day
            yield Overtaking(arrivals=came, period=steps * ageing)
