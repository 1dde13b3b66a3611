"""How far people agree."""

from typing import Any, Final

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment, Name
from queues.api.routes import examples
from queues.measurement import AgreementReport, By, over_votes

router = APIRouter(route_class=Operation, tags=["quality"])


def _measure(value: float, low: float, high: float) -> dict[str, Any]:
    bounds = {"value": value, "low": low, "high": high}
    return {"state": "known", **bounds, "n": 390, "needs": 20, "naive": None}


_AGREED: Final[dict[str, Any]] = {
    "name": "",
    "items": 390,
    "ratings": 812,
    "prevalence": {"publish": 0.71, "remove": 0.29},
    "observed": _measure(0.892, 0.861, 0.921),
    "alpha": _measure(0.74, 0.66, 0.81),
    "kappa": _measure(0.739, 0.66, 0.81),
    "ac1": _measure(0.814, 0.75, 0.86),
    "strength": "substantial",
}


@router.get(
    "/v1/quality/agreement",
    **documented(
        Says(
            summary="See how far people agree",
            asks=Permission.QUALITY_READ,
            example={
                "since": examples.MOMENT,
                "until": examples.LATER,
                "simulated": False,
                "by": "day",
                "overall": _AGREED,
                "points": [{"at": examples.MOMENT, "told": _AGREED}],
                "policies": [_AGREED | {"name": "hate"}],
                "queues": [_AGREED | {"name": "general"}],
                "languages": [_AGREED | {"name": "en"}],
                "confusion": [
                    {
                        "policy": "hate",
                        "first": "publish",
                        "second": "remove",
                        "items": 41,
                        "pairs": 44,
                    }
                ],
            },
        )
    ),
)
def agreement(
    here: Here, since: Moment | None = None, by: By = By.DAY, policy: Name | None = None
) -> AgreementReport:
    """Blind first votes of panels and second looks: by hour or day, and by policy, queue, language.

    Of thirty days by default, of 31 by the hour and 732 by the day at most. p_a, alpha, κ, AC1 and
    `prevalence` stand together: where one action is rare, κ is small whatever people do.
    `confusion` counts on how many items two people said this and that; `GET /v1/cases` lists them
    by `said`. Those on which most votes differ come first.
    """
    return over_votes(here.services.store, since=since, by=by, policy=policy)
