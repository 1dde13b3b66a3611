"""Queues of people: how much waits in each, and for how long it will."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here
from queues.api.routes import examples
from queues.casework.waits import QueueStanding

router = APIRouter(route_class=Operation, tags=["cases"], prefix="/v1/queues")

_EXAMPLE = {
    "at": examples.MOMENT,
    "simulated": False,
    "queues": [
        {
            "tier": "single",
            "queue": "spam",
            "depth": 12,
            "oldest": examples.MOMENT,
            "due_next": examples.LATER,
            "overdue": 0,
            "due_soon": 3,
            "claimed": 4,
            "came_per_hour": 131,
            "decided_per_hour": 126,
            "expected_wait": {"p50": 380.2, "p90": 561.7},
        },
        {
            "tier": "senior",
            "queue": "panel",
            "depth": 0,
            "oldest": None,
            "due_next": None,
            "overdue": 0,
            "due_soon": 0,
            "claimed": 0,
            "came_per_hour": 0,
            "decided_per_hour": 0,
            "expected_wait": None,
        },
    ],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """All queues as they stood at one moment."""

    at: datetime
    """Some seconds ago."""
    simulated: bool
    """Whether simulated reviewers voted within a day."""
    queues: tuple[QueueStanding, ...]
    """Those of the release in force, and others that have cases or had some within a day."""


@router.get(
    "",
    **documented(Says(summary="Show queues", asks=Permission.CASES_READ, example=_EXAMPLE)),
)
def show_all(here: Here) -> Queues:
    """What waits in each queue, what is due, what was decided, and how long a new case will wait.

    `expected_wait` is in seconds: as many cases wait shorter as longer than `p50`, and nine in ten
    wait shorter than `p90`. It is null where nothing was decided within a day, as nothing can be
    told then. What is seen is remembered for ten seconds.
    """
    known = here.services.policy().vocabulary.queues.values()
    outlook = here.services.waits.current()
    names = {(queue.tier.value, queue.name) for queue in known}
    return Queues(at=outlook.at, simulated=outlook.simulated, queues=outlook.standings(names))
