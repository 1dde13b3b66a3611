"""What is appealed against, and what of it was wrong."""

from typing import Any, Final

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment
from queues.api.routes import examples
from queues.measurement.contested import Contests, contested

router = APIRouter(route_class=Operation, tags=["quality"])

_ALL: Final[dict[str, Any]] = {
    "name": "",
    "filed": 121,
    "open": 9,
    "upheld": 93,
    "overturned": 19,
    "overturn_rate": {
        "state": "known",
        "value": 0.17,
        "low": 0.111,
        "high": 0.25,
        "n": 112,
        "needs": 20,
    },
}
_BY: Final = {
    "policy": [_ALL | {"name": "hate"}],
    "tier": [_ALL | {"name": "auto"}],
    "queue": [_ALL],
    "language": [_ALL | {"name": "en"}],
}


@router.get(
    "/v1/quality/appeals",
    **documented(
        Says(
            summary="Tell what appeals overturn",
            asks=Permission.QUALITY_READ,
            example={
                "since": examples.MOMENT,
                "until": examples.LATER,
                "simulated": False,
                "all": _ALL,
                "by": _BY,
            },
        )
    ),
)
def show(here: Here, since: Moment | None = None) -> Contests:
    """Appeals filed since a moment, by policy, tier, queue and language of what they are against.

    By default of the last seven days. Who appeals selects themselves, and appeals come for months.
    """
    return contested(here.services.store, since=since)
