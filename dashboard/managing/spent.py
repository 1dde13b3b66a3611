"""What people's time adds up to: by tier and by rule, as bars of a waterfall."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.gateway import Answer

Step = Mapping[str, Any]

_DRAWN: Final = 10
"""Rules that are told apart; the others are one bar."""
_LEAST: Final = 0.005
"""Of all; what is less is no bar of its own."""


def by_tier(tiers: Mapping[str, float], report: Answer) -> list[Step]:
    """What each tier costs, what idle time adds, and the whole.

    Args:
        tiers: Tier → what people's time in it cost.
        report: Of `GET /v1/quality/targets`, of the same window: says how much idle time adds.
    """
    steps = [_step(name, cost, opens=name) for name, cost in tiers.items() if cost]
    active = sum(step["value"] for step in steps)
    whole = active * (idle_factor(report) or 1.0)
    return [
        *steps,
        _step("active time", active, total=True),
        _step("idle time", whole - active),
        _step("all paid time", whole, total=True),
    ]


def by_rule(rules: Iterable[Answer], active: float) -> list[Step]:
    """What the cases of each rule cost; what no rule of today asked for is one bar.

    Gold items, calibration sessions, and rules that are gone cost as well: `not of a rule`.

    Args:
        rules: Of `GET /v1/rules`.
        active: What all people's active time cost.
    """
    spent = sorted(((rule["cost"], rule["name"]) for rule in rules if rule["cost"]), reverse=True)
    named = [_step(name, cost, opens=name) for cost, name in spent[:_DRAWN]]
    rest = sum(cost for cost, _ in spent[_DRAWN:])
    steps = [*named, *([_step(f"{len(spent) - _DRAWN} other rules", rest)] if rest else [])]
    missing = active - sum(step["value"] for step in steps)
    if missing > _LEAST * active:
        steps.append(_step("not of a rule", missing))
    return [*steps, _step("active time", 0.0, total=True)] if steps else []


def figure_of(report: Answer, name: str, which: str) -> Answer | None:
    """One of the figures beside the targets, such as `cost_per_decision`, `with_idle`."""
    return next(
        (
            each["measure"]
            for each in report["figures"]
            if each["name"] == name and each["which"] == which
        ),
        None,
    )


def idle_factor(report: Answer) -> float | None:
    """How much more paid time costs than active time; None: nothing was decided."""
    # The platform is no part of what people's decisions cost, and has no idle time.
    for name in ("cost_per_human_decision", "cost_per_decision"):
        active, paid = (figure_of(report, name, which) for which in ("active", "with_idle"))
        if active and paid and active["value"] and paid["value"] is not None:
            return float(paid["value"] / active["value"])
    return None


def lines(points: Sequence[Answer], measure: str, most: int) -> list[dict[str, Any]]:
    """Points of a series as lines: of groups those that cost most.

    Args:
        points: Of `GET /v1/quality/series`.
        measure: `per_decision`, `per_human_decision` or `cost`.
        most: Lines.
    """
    spent: dict[str, float] = {}
    for point in points:
        spent[point["name"]] = spent.get(point["name"], 0.0) + point["cost"]
    kept = sorted(spent, key=lambda name: -spent[name])[:most]
    return [
        {
            "at": point["at"],
            "name": point["name"] or "all",
            "value": point[measure],
            "low": None,
            "high": None,
            "n": point["votes"],
            "of": point["name"],
        }
        for point in points
        if point["name"] in kept and point[measure] is not None
    ]


def _step(name: str, value: float, *, total: bool = False, opens: str | None = None) -> Step:
    return {"name": name, "value": value, "total": total, "opens": opens}
