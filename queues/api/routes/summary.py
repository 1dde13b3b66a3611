"""How the work goes, in figures."""

from typing import Any, Final

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment
from queues.api.routes import examples
from queues.measurement import Summary, summarise

router = APIRouter(route_class=Operation, tags=["quality"])

_SECONDS: Final = {
    "state": "known",
    "value": 41.2,
    "low": 37.9,
    "high": 45.5,
    "n": 4_210,
    "needs": 10,
    "naive": None,
}
_AGREEMENT: Final = {
    "state": "known",
    "value": 0.969,
    "low": 0.96,
    "high": 0.977,
    "n": 390,
    "needs": 20,
    "naive": None,
}
_TIER: Final[dict[str, Any]] = {
    "tier": "senior",
    "items": 412,
    "decided": 390,
    "open": 22,
    "agreement": _AGREEMENT,
    "alpha": _AGREEMENT | {"value": 0.929, "low": 0.921, "high": 0.936},
    "seconds": _SECONDS,
    "cost": {
        "amount": 262.08,
        "per_decision": 0.672,
        "seconds": 33_696.0,
        "votes": 1_170,
        "timed": 1_170,
    },
}


@router.get(
    "/v1/quality/summary",
    **documented(
        Says(
            summary="Sum up the work",
            asks=Permission.QUALITY_READ,
            example={
                "since": examples.MOMENT,
                "until": examples.LATER,
                "simulated_votes": 0,
                "tiers": [_TIER],
                "appeals": {"filed": 12, "open": 2, "upheld": 9, "overturned": 1},
            },
        )
    ),
)
def summary(here: Here, since: Moment | None = None) -> Summary:
    """By tier what came, what was decided, agreement, median time and cost; of the last seven days.

    A figure whose `state` is not `known` has no value; `needs` says from how many it is told.
    """
    settings = here.services.settings
    return summarise(
        here.services.store, since=since, rates=settings.rates, wellness=settings.wellness
    )
