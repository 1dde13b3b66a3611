"""How each reviewer decides."""

from typing import Any, Final

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment
from queues.api.routes import examples
from queues.measurement import ReviewersReport, by_reviewer

router = APIRouter(route_class=Operation, tags=["quality"])


def _measure(value: float, low: float, high: float, n: int) -> dict[str, Any]:
    bounds = {"value": value, "low": low, "high": high}
    return {"state": "known", **bounds, "n": n, "needs": 20, "naive": None}


def _share(value: float, low: float, high: float, n: int) -> dict[str, Any]:
    counted = {"hits": round(value * n), "effective": float(n), "method": "wilson"}
    return _measure(value, low, high, n) | counted


_ANCHORING: Final = {
    "shown": _share(0.94, 0.91, 0.96, 412),
    "blind": _share(0.88, 0.8, 0.93, 96),
    "gap": _measure(0.06, 0.003, 0.14, 96),
}
_REVIEWER: Final[dict[str, Any]] = {
    "reviewer": "ana",
    "simulated": False,
    "votes": 812,
    "hours": 6.4,
    "per_hour": _measure(126.9, 119.2, 135.6, 812),
    "gold": {
        "shown": 31,
        "answered": 30,
        "right": 28,
        "accuracy": {"mean": 0.926, "low": 0.85, "high": 0.975, "below_target": 0.76},
        "alert": False,
    },
    "beside": _measure(0.91, 0.84, 0.95, 104),
    "expected": 0.9,
    "split": 7,
    "alone": 3,
    "alone_by_chance": 2.7,
    "stands_out": False,
    "erring": {
        "sensitivity": _measure(0.88, 0.74, 0.95, 38),
        "specificity": _measure(0.97, 0.91, 0.99, 92),
    },
    "anchoring": _ANCHORING,
    "exposure": {"since": examples.MOMENT, "points": 120, "limit": 400, "severe": 3},
}


@router.get(
    "/v1/quality/reviewers",
    **documented(
        Says(
            summary="See how reviewers decide",
            asks=Permission.QUALITY_READ,
            example={
                "since": examples.MOMENT,
                "until": examples.LATER,
                "simulated": False,
                "read": 1_204,
                "votes": 1_431,
                "target": 0.95,
                "prior": {
                    "prior": {"mean": 0.92, "strength": 40.0},
                    "learnt": False,
                    "n": 3,
                    "needs": 10,
                },
                "anchoring": _ANCHORING,
                "reviewers": [_REVIEWER],
            },
        )
    ),
)
def reviewers(here: Here, since: Moment | None = None) -> ReviewersReport:
    """Everybody who voted since a moment, by default of thirty days.

    `gold` is a posterior whose prior is learnt from all of them, where they are enough (`prior`).
    `beside` leaves out the own vote, `expected` is what all reach where it is as hard. `erring`
    says in which direction somebody errs: sensitivity and specificity (act, or let stand) by Dawid
    and Skene, from what three or more said blind. `anchoring` is how much more often people say
    what the machine says where they see it, in queues where chance decides that. These are told
    from the newest 20,000 first votes (`read`). It is no list of who is best: intervals say how
    little few answers tell.
    """
    settings = here.services.settings
    return by_reviewer(
        here.services.store, since=since, quality=settings.quality, wellness=settings.wellness
    )
