"""What has moved, as a person reads it."""

from typing import Any, Final

from queues.cli.drift import lines

KNOWN: Final = {"state": "known", "why": None, "n": 400, "needs": 100}
FEW: Final = {"state": "insufficient_data", "why": "insufficient data: 3 of 100 (current)"}
WINDOW: Final[dict[str, Any]] = {
    "since": "2026-11-01",
    "until": "2026-11-08",
    "read": 400,
    "verdicts": 400,
    "whole": True,
}
SHARE: Final = {"value": 0.25}


def report(**parts: object) -> dict[str, Any]:
    """As the service answers, with little in it."""
    return {
        "reference": WINDOW,
        "current": WINDOW,
        "alarms": [],
        "scores": [],
        "labels": [],
        "vocabulary": None,
        "performance": {
            "limit": 0.05,
            "windows": [{"standing": FEW, "error": None}],
            "expected": {"standing": FEW, "value": None},
            "gap": {"standing": FEW, "value": None},
        },
        "rules": [],
        **parts,
    }


def test_distances_have_their_names() -> None:
    """Those of scores and of labels; where there is none, the reason stands alone."""
    score = {"psi": 0.41, "size": "large", "ks": 0.27, "wasserstein": 0.11, "standing": KNOWN}
    none = {"psi": None, "size": None, "ks": None, "wasserstein": None, "standing": FEW}
    label = {"before": SHARE, "now": {"value": 0.5}, "standing": KNOWN}
    label |= {"psi": 0.2, "js_distance": 0.15, "l_infinity": 0.25}
    moved = "PSI 0.200, Jensen-Shannon 0.150, L-infinity 0.250"
    told = lines(
        report(
            scores=[{"field": "score.spam", **score}, {"field": "score.few", **none}],
            labels=[{"policy": None, **label}],
        )
    )
    assert list(told)[2:5] == [
        "score      score.spam: PSI 0.410 (large), KS 0.270, Wasserstein 0.110",
        "score      score.few: insufficient data: 3 of 100 (current)",
        f"label      all: violations 50.00%, before 25.00%, {moved}",
    ]


def test_what_was_counted_in_a_sample_is_told_about() -> None:
    """And what was counted whole is not."""
    told = list(lines(report(reference=WINDOW | {"verdicts": 81_424, "whole": False})))
    assert told[0].endswith("400 of about 81,424 verdicts read")
    assert told[1].endswith("400 of 400 verdicts read")
