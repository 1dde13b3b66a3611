"""What queues of people have to carry."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here
from queues.api.routes import examples
from queues.measurement.workload import BANDS, Workload, workload

router = APIRouter(route_class=Operation, tags=["quality"])

_WEEK: Final = 168
_QUEUE: Final[dict[str, Any]] = {
    "tier": "single",
    "queue": "spam",
    "ages": [41, 12, 6, 2, 0, 0, 0, 0, 0],
    "waiting": 61,
    "overdue": 2,
    "arrived": 1_204,
    "decided": 1_166,
    "votes": 1_190,
    "timed": 1_190,
    "handling": 27.4,
    "deviation": 16.2,
    "allowed": 7_200.0,
    "due": 1_120,
    "kept": 1_100,
    "on_time": {
        "state": "known",
        "value": 0.982,
        "low": 0.972,
        "high": 0.988,
        "n": 1_120,
        "needs": 20,
    },
}
_HOUR: Final[dict[str, Any]] = {
    "at": examples.MOMENT,
    "tier": "single",
    "queue": "spam",
    "arrived": 52,
    "decided": 48,
    "votes": 49,
    "people": 3,
    "present": 2.25,
}


@router.get(
    "/v1/quality/workload",
    **documented(
        Says(
            summary="See what queues carry",
            asks=Permission.QUALITY_READ,
            example={
                "since": examples.MOMENT,
                "until": examples.LATER,
                "bands": list(BANDS),
                "simulated": False,
                "queues": [_QUEUE],
                "hours": [_HOUR, _HOUR | {"queue": None}],
            },
        )
    ),
)
def show(here: Here, hours: Annotated[int, Query(ge=1, le=_WEEK)] = 24) -> Workload:
    """How old the cases of each queue are, and by hour what came, was decided, and who voted.

    `ages` counts what waits between two `bands`, in seconds: the first is younger than the first
    band, the last older than the last. An hour whose `queue` is null is of its tier altogether,
    where somebody who worked on two queues is one person. Cases that measure one person alone do
    not count.
    """
    return workload(here.services.store, hours=hours)
