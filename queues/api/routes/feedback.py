"""How long it takes until models know what people decided."""

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment
from queues.api.routes import examples
from queues.measurement.feedback import Latencies, latencies

router = APIRouter(route_class=Operation, tags=["models"])


def _seconds(value: float) -> dict[str, object]:
    bounds = {"low": value * 0.9, "high": value * 1.1}
    return {"state": "known", "value": value, **bounds, "n": 5_120, "needs": 10}


@router.get(
    "/v1/quality/feedback",
    **documented(
        Says(
            summary="Tell how fast models learn",
            asks=Permission.QUALITY_READ,
            example={
                "since": examples.MOMENT,
                "until": examples.LATER,
                "simulated": False,
                "models": [
                    {
                        "name": "hate",
                        "labels": 5_120,
                        "live": 4_708,
                        "p50": _seconds(86_400.0),
                        "p90": _seconds(172_800.0),
                    }
                ],
            },
        )
    ),
)
def show(here: Here, since: Moment | None = None) -> Latencies:
    """From a decision of people to the first model in force that contains it, by model.

    Of the decisions since a moment, by default 90 days ago. What no promoted model contains yet
    counts as long as it has waited. Models that came as files alone are not there.
    """
    return latencies(here.services.store, since=since)
