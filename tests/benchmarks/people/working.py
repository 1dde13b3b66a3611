"""People at work on a filled database: each claims, votes, and takes votes back.

What is timed is what the services do: no HTTP, as that costs the same whatever is asked.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from statistics import quantiles
from time import perf_counter
from typing import Final, TypeVar
from uuid import UUID

from engine.verdict import Tier
from queues.review import Ballot, Claimed, Review

#: Every so many votes are taken back, and cast once more.
_UNDONE: Final = 5

Result = TypeVar("Result")


@dataclass(slots=True, kw_only=True)
class Times:
    """How long each of many took, in milliseconds."""

    took: list[float] = field(default_factory=list)

    def of(self, work: Callable[[], Result]) -> Result:
        """Do it, and note how long it took."""
        begun = perf_counter()
        result = work()
        self.took.append((perf_counter() - begun) * 1_000)
        return result

    @property
    def p50(self) -> float:
        """As many took shorter as longer."""
        return self._cuts[49]

    @property
    def p95(self) -> float:
        """Nineteen in twenty took shorter."""
        return self._cuts[94]

    @property
    def p99(self) -> float:
        """All but one in a hundred took shorter."""
        return self._cuts[98]

    @property
    def _cuts(self) -> Sequence[float]:
        return quantiles(self.took, n=100, method="inclusive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The times of everything that people do."""

    claim: Times = field(default_factory=Times)
    vote: Times = field(default_factory=Times)
    undo: Times = field(default_factory=Times)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Those whose work is timed."""

    review: Review
    names: Sequence[str]

    def claim_ahead(self, times: Times) -> None:
        """Each takes three cases and keeps them: the first of all are in somebody's hands."""
        for name in self.names:
            times.of(partial(self.review.claim, name, Tier.SINGLE, limit=3))

    def work(self, at_once: int, cases: int, tier: Tier = Tier.SINGLE) -> Day:
        """Each claims and decides so many cases, so many people at the same time."""
        days = [Day() for _ in range(at_once)]

        def shift(number: int) -> None:
            for _ in range(cases):
                for name in self.names[number::at_once]:
                    self._decide(days[number], name, tier)

        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(shift, range(at_once)))
        return _together(days)

    def _decide(self, day: Day, name: str, tier: Tier) -> None:
        for case in day.claim.of(partial(self.review.claim, name, tier)):
            ballot = ballot_on(case, name)
            voted = day.vote.of(partial(self.review.vote, ballot))
            if voted.commits_at is not None and len(day.vote.took) % _UNDONE == 0:
                self._think_again(day, case.id, ballot)

    def _think_again(self, day: Day, case: UUID, ballot: Ballot) -> None:
        day.undo.of(partial(self.review.undo, ballot.reviewer, case))
        day.vote.of(partial(self.review.vote, ballot))


def ballot_on(case: Claimed, name: str) -> Ballot:
    """What everybody says."""
    return Ballot(case_id=case.id, reviewer=name, action="publish", active_seconds=20.0)


def _together(days: Iterable[Day]) -> Day:
    """The times of several as those of one."""
    days = list(days)

    def all_of(of: Callable[[Day], Times]) -> Times:
        return Times(took=list(chain.from_iterable(of(day).took for day in days)))

    return Day(
        claim=all_of(lambda day: day.claim),
        vote=all_of(lambda day: day.vote),
        undo=all_of(lambda day: day.undo),
    )
