"""How the work goes over time."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment
from queues.api.routes import examples
from queues.measurement import By, Group, Series, over_time

router = APIRouter(route_class=Operation, tags=["quality"])


def _measure(value: float, low: float, high: float, n: int, needs: int = 20) -> dict[str, Any]:
    bounds = {"value": value, "low": low, "high": high}
    return {"state": "known", **bounds, "n": n, "needs": needs}


_POINT: Final[dict[str, Any]] = {
    "at": examples.MOMENT,
    "name": "hate",
    "items": 1_204,
    "decided": 1_188,
    "open": 16,
    "automation": _measure(0.871, 0.851, 0.889, 1_188),
    "p50": _measure(1_840.0, 1_690.0, 1_990.0, 169, 10),
    "p90": _measure(6_120.0, 5_540.0, 6_770.0, 169, 10),
    "on_time": _measure(0.982, 0.948, 0.994, 165),
    "votes": 221,
    "seconds": 6_188.0,
    "cost": 38.2,
    "per_decision": 0.0322,
    "per_human_decision": 0.2497,
    "appeals": 31,
    "overturned": _measure(0.172, 0.076, 0.345, 29),
    "overturned_by_panels": _measure(0.091, 0.025, 0.278, 22),
    "wrong": _measure(0.021, 0.006, 0.069, 96),
    "wrong_as_seen": _measure(0.031, 0.011, 0.088, 96),
    "false_discovery_rate": _measure(0.038, 0.007, 0.182, 27),
    "false_positive_rate": _measure(0.014, 0.003, 0.076, 71),
}


@router.get(
    "/v1/quality/series",
    **documented(
        Says(
            summary="See figures over time",
            asks=Permission.QUALITY_READ,
            example={
                "begin": examples.MOMENT,
                "end": None,
                "simulated": False,
                "by": "day",
                "group": "policy",
                "changed_hours": 0,
                "points": [_POINT],
            },
        )
    ),
)
def series(
    here: Here,
    begin: Annotated[Moment | None, Query(alias="from")] = None,
    to: Moment | None = None,
    by: By = By.DAY,
    group: Group | None = None,
) -> Series:
    """By hour or day (UTC), of all or by policy, queue, language or tier.

    From whole hours or days on, up to that of `to`; by default of 30 days, or of 24 hours. What
    came in an hour counts there whenever it is decided; deadlines count where they fell. `name` is
    empty where there is none. Hours in which something changed within the last minute may not have
    it yet: `changed_hours` says how many. At most 744 hours or 732 days are told at once.
    """
    settings = here.services.settings
    return over_time(
        here.services.store,
        begin=begin,
        end=to,
        by=by,
        group=group,
        rates=settings.rates,
        wellness=settings.wellness,
    )
