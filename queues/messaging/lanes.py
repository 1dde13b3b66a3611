"""The lanes of Celery: one for each tier and priority, drained strictly in this order.

Celery's own priorities cannot give this order. On Redis they beat the order of the queues, so that
urgent work of the machine would pass everything that waits for the panel. A lane is therefore a
queue of its own, `senior.urgent` before `senior.high` before … before `auto.low`, and a worker
takes from the first that holds anything.
"""

from collections.abc import Iterable
from typing import Final

from queues.store.outbox import PRIORITIES

#: The tiers, as workers serve them.
TIERS: Final = ("senior", "single", "auto")
#: Trainings of models take minutes: they have workers of their own, or none of the tiers moves.
LEARNING: Final = "learning"
#: Policies that are tried on what came: a second or so a part, after everything else.
BACKTESTING: Final = "backtesting"
#: What workers serve unless they are told otherwise.
USUAL: Final = (*TIERS, BACKTESTING)
#: All that workers can be told to serve.
SERVED: Final = (*TIERS, LEARNING, BACKTESTING)
#: What keeps the rest going comes before all of it; it is little, and it must not starve.
UPKEEP: Final = "upkeep"

_STEP: Final = 3
_PRIORITIES: Final = {number: priority.value for priority, number in PRIORITIES.items()}


def lane(tier: str, priority: int) -> str:
    """The lane of a tier and a priority from 0, the first, to 9."""
    return f"{tier}.{_PRIORITIES[step(priority)]}"


def step(priority: int) -> int:
    """The step a priority falls on: 0 urgent, 3 high, 6 normal, 9 low."""
    return priority // _STEP * _STEP


def lanes(tiers: Iterable[str] = SERVED) -> tuple[str, ...]:
    """The lanes of what is served and that of upkeep, in the order in which they are drained."""
    wanted = set(tiers)
    return (
        UPKEEP,
        *(lane(tier, priority) for tier in SERVED if tier in wanted for priority in _PRIORITIES),
    )
