"""What the gate rests on, as rows of tables and charts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.figures import figure
from dashboard.gateway import Answer
from dashboard.managing.tiles import known, nothing
from engine.quality.proportions import share

_NORMAL: Final = 1.959963984540054
_FIGURES: Final = (
    ("auroc", "AUROC", "number", "How often a yes scores above a no."),
    ("macro_f1", "Macro F1", "number", "At the threshold it was measured with."),
    ("accuracy", "accuracy", "share", "Right on held-out texts."),
    ("calibration_error", "calibration error", "share", "How far chances are from frequencies."),
)


def head_figures(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Cards of one score; the interval is twice the deviation over folds, about."""
    return [
        {
            "name": title,
            "measure": _estimate(told.get(name), told["rows"]),
            "unit": unit,
            "about": about,
        }
        for name, title, unit, about in _FIGURES
    ]


def comparisons(judged: Answer) -> list[dict[str, Any]]:
    """Champion beside challenger by label, with the challenger's calibration."""
    errors = {each["label"]: each["error"] for each in judged.get("calibrations", ())}
    return [
        {
            **each,
            "interval": figure.interval(
                known(each["gain"], each["low"], each["high"], each["rows"]), "number"
            ),
            "calibration": errors.get(each["label"]),
        }
        for each in judged.get("comparisons", ())
    ]


def suites(judged: Answer) -> Sequence[str]:
    """Names of challenge suites, in order."""
    return sorted(judged.get("challenges", {}))


def challenges(judged: Answer, suite: str) -> list[dict[str, Any]]:
    """Of each function the share that champion and challenger get right; the largest fall first."""
    rows = []
    changes = sorted(
        judged["challenges"][suite],
        key=lambda each: (each["after"] - each["before"]) / each["cases"],
    )
    for each in changes:
        for who, right in (("champion", each["before"]), ("challenger", each["after"])):
            found = share(right, each["cases"], needs=1)
            rows.append(
                {
                    "name": each["function"],
                    "value": found.value,
                    "low": found.low,
                    "high": found.high,
                    "n": each["cases"],
                    "group": who,
                }
            )
    return rows


def _estimate(found: Answer | None, rows: int) -> Mapping[str, Any]:
    if found is None or found.get("mean") is None:
        return nothing(rows, rows)
    mean, reach = found["mean"], _NORMAL * (found.get("deviation") or 0.0)
    return known(mean, max(0.0, mean - reach), min(1.0, mean + reach), rows)
