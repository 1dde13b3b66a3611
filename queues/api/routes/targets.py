"""How the service stands to what is wanted of it."""

from typing import Any, Final

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment
from queues.api.routes import examples
from queues.measurement import Report, compared

router = APIRouter(route_class=Operation, tags=["quality"])

_GOAL: Final[dict[str, Any]] = {
    "name": "agreement",
    "unit": "share",
    "above": 0.85,
    "below": None,
    "inclusive": False,
    "measure": {
        "state": "known",
        "value": 0.969,
        "low": 0.96,
        "high": 0.977,
        "n": 390,
        "needs": 20,
        "naive": None,
    },
    "standing": "met",
    "note": None,
}
_FIGURE: Final[dict[str, Any]] = {
    "name": "overturn_rate",
    "of": "second_look",
    "which": "panel",
    "unit": "share",
    "measure": {
        "state": "insufficient_data",
        "value": None,
        "low": None,
        "high": None,
        "n": 12,
        "needs": 20,
        "naive": None,
    },
}


@router.get(
    "/v1/quality/targets",
    **documented(
        Says(
            summary="Compare with targets",
            asks=Permission.QUALITY_READ,
            example={
                "since": examples.MOMENT,
                "until": examples.LATER,
                "simulated": False,
                "goals": [_GOAL],
                "figures": [_FIGURE],
            },
        )
    ),
)
def targets(here: Here, since: Moment | None = None) -> Report:
    """Every target with its figure, interval and standing; of the last seven days.

    `met` and `missed` say that all of the interval lies on that side, `not_sure` that it holds the
    target, `insufficient_data` that there is no figure yet: `needs` says from how many it is told.
    `naive` stands where a figure is weighted for what people did not see: that of what they saw.
    `note` says what has to be known beside a figure, such as that the platform is left out of cost.
    `figures` stand beside the targets: what second looks overturn (`panel` over one reviewer,
    `sample` over the machine, `appeal` over what was appealed), what seniors uphold by the tier
    that decided, automation with every duplicate counted, costs of active time and with idle time
    (`rates.occupancy`), FDR and FPR of the machine, of rules and of models.
    """
    settings = here.services.settings
    return compared(
        here.services.store, since=since, rates=settings.rates, wellness=settings.wellness
    )
