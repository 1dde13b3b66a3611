"""What has moved."""

from typing import Any, Final

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment
from queues.api.routes import examples
from queues.measurement.drift import DriftReport

router = APIRouter(route_class=Operation, tags=["quality"])

_KNOWN: Final = {"state": "known", "why": None, "n": 2_000, "needs": 100}
_FEW: Final = {
    "state": "insufficient_data",
    "why": "insufficient data: 31 of 100 (quality sample)",
    "n": 31,
    "needs": 100,
}
_WINDOW: Final = {
    "since": examples.MOMENT,
    "until": examples.LATER,
    "verdicts": 81_424,
    "whole": False,
    "read": 2_000,
}
_SHARE: Final = {"value": 0.041, "low": 0.028, "high": 0.058, "n": 912, "effective": 604.2}
_SCORE: Final = {
    "field": "score.spam",
    "standing": _KNOWN,
    "psi": 0.41,
    "null_mean": 0.005,
    "js_distance": 0.22,
    "hellinger": 0.18,
    "ks": 0.27,
    "wasserstein": 0.11,
    "bins": 10,
    "size": "large",
    "alarm": True,
}
_LABEL: Final = {
    "policy": None,
    "standing": _KNOWN,
    "before": _SHARE,
    "now": _SHARE,
    "chi_square": 1.7,
    "p_value": 0.42,
    "cramers_v": 0.03,
    "js_distance": 0.02,
    "hellinger": 0.016,
    "total_variation": 0.02,
    "l_infinity": 0.02,
    "psi": 0.001,
    "size": "small",
    "alarm": False,
}
_PERFORMANCE: Final[dict[str, Any]] = {
    "limit": 0.05,
    "windows": [
        {"since": examples.MOMENT, "until": examples.LATER, "standing": _FEW, "error": None}
    ],
    "above": 0,
    "standing": _FEW | {"why": "insufficient data: 0 of 3 (windows)", "n": 0, "needs": 3},
    "alarm": False,
    "expected": {"standing": _KNOWN, "value": 0.021, "low": 0.018, "high": 0.024},
    "gap": {"standing": _FEW, "value": None, "low": None, "high": None, "alarm": False},
}
_RULE: Final = {
    "rule": "spam-offers",
    "standing": _KNOWN,
    "before": 0.012,
    "now": 0.011,
    "ratio": 0.92,
    "adjusted": 1.0,
    "silence": 812,
    "change": "steady",
    "alarm": False,
}


@router.get(
    "/v1/quality/drift",
    **documented(
        Says(
            summary="Tell what has moved",
            asks=Permission.QUALITY_READ,
            example={
                "simulated": False,
                "reference": _WINDOW,
                "current": _WINDOW,
                "scores": [_SCORE],
                "labels": [_LABEL],
                "vocabulary": {
                    "standing": _KNOWN,
                    "out_of_vocabulary": 0.03,
                    "auc": 0.52,
                    "low": 0.5,
                    "high": 0.54,
                },
                "performance": _PERFORMANCE,
                "rules": [_RULE],
                "alarms": [
                    {
                        "kind": "score",
                        "name": "score.spam",
                        "says": "scores have moved: PSI 0.41, KS 0.27",
                        "raised_at": None,
                    }
                ],
            },
        )
    ),
)
def drift(
    here: Here, since: Moment | None = None, reference_since: Moment | None = None
) -> DriftReport:
    """Scores, labels, words, errors and rules: a reference window against the current one.

    Of many verdicts a sample is read (`read` of `verdicts`), always the same; then `verdicts` are
    about so many, unless `whole`. Where there is no figure, `standing` says why, how many were seen
    and how many it takes.
    """
    return here.services.drift.look(since=since, reference_since=reference_since)
