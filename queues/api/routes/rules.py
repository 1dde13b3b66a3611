"""How the rules in force do, one by one."""

from typing import Any, Final

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Moment, Name
from queues.api.routes import examples
from queues.measurement.rules import RuleList, RulePage, ShadowPage

router = APIRouter(route_class=Operation, tags=["quality"])

_READ: Final = Permission.QUALITY_READ


def _measure(value: float, low: float, high: float, n: int) -> dict[str, Any]:
    bounds = {"value": value, "low": low, "high": high}
    return {"state": "known", **bounds, "n": n, "needs": 20, "naive": None}


def _none(n: int, needs: int = 20) -> dict[str, Any]:
    bounds = {"value": None, "low": None, "high": None}
    return {"state": "insufficient_data", **bounds, "n": n, "needs": needs, "naive": None}


def _count(value: float) -> dict[str, Any]:
    return {"value": value, "low": value, "high": value, "seen": int(value)}


_READING: Final[dict[str, Any]] = {
    "since": examples.MOMENT,
    "until": examples.LATER,
    "release": examples.RELEASE,
    "items": _count(18_204),
    "whole": True,
    "simulated": False,
}
_RULE: Final[dict[str, Any]] = {
    "name": "spam-links",
    "title": "Remove links to known spam",
    "owner": "spam@example.org",
    "policy": "spam",
    "status": "live",
    "tier": "auto",
    "tests": 6,
    "ends": None,
    "ends_soon": False,
    "changed": {"release": examples.RELEASE, "by": "person:ben", "at": examples.MOMENT},
    "hits": _count(412),
    "statuses": {"live": 409, "exempt": 3},
    "alone": _measure(0.71, 0.664, 0.752, 412),
    "precision": _measure(0.963, 0.875, 0.99, 54),
    "overturned_by_samples": _measure(0.037, 0.01, 0.125, 54),
    "overturned_on_appeal": _none(7),
    "cases": _count(0),
    "minutes": 0.0,
    "cost": 0.0,
    "untimed": 0,
}
_SHARED: Final = {
    "rule": "spam-links",
    "other": "spam-flood",
    "both": 88,
    "share": _measure(0.214, 0.177, 0.256, 412),
}
_CELL: Final[dict[str, Any]] = {
    "tier_before": "auto",
    "action_before": "remove",
    "tier": "none",
    "action": "publish",
    "items": 292,
    "samples": [examples.ID],
    "upheld": 2,
    "overturned": 38,
    "precision": _measure(0.05, 0.014, 0.165, 40),
}
_MATRIX: Final[dict[str, Any]] = {
    "looked_at": 412,
    "unreadable": 0,
    "same": 120,
    "judged": 40,
    "precision": _measure(0.05, 0.014, 0.165, 40),
    "cells": [_CELL],
}


@router.get(
    "/v1/rules",
    **documented(
        Says(
            summary="Tell how rules do",
            asks=_READ,
            example={
                "reading": _READING,
                "rules": [_RULE],
                "overlaps": [_SHARED],
                "silent_rules": ["spam-old-campaign"],
                "silent_lists": ["old-domains"],
                "untold_lists": [],
            },
        )
    ),
)
def show_all(here: Here, since: Moment | None = None) -> RuleList:
    """Each rule of the release in force: hits, precision, overturns, what it asks of people.

    By default of the last 30 days. Of many items a sample is read, always the same (`whole` is
    false): hits are told with an interval then, and `seen` says how many were read. What rules are
    silent was not seen to match; where all was read, it matched nothing.
    """
    return here.services.rule_reports.listed(since)


@router.get(
    "/v1/rules/{rule}",
    **documented(
        Says(
            summary="Tell all about a rule",
            asks=_READ,
            fails=(404,),
            example={
                "reading": _READING,
                "rule": _RULE,
                "overlaps": [_SHARED],
                "without": _MATRIX,
            },
        )
    ),
)
def show(rule: Name, here: Here, since: Moment | None = None) -> RulePage:
    """The same of one rule, and what changes if it is removed.

    `without`: items that it matched are judged once more by the release in force without it, some
    of them, always the same. Only what differs is told, by tier and action before and after;
    `upheld` and `overturned` are items that people decided as it would be, and otherwise.
    """
    return here.services.rule_reports.shown(rule, since)


@router.get(
    "/v1/rules/{rule}/shadow",
    **documented(
        Says(
            summary="Tell what a shadow rule would have done",
            asks=_READ,
            fails=(404, 409),
            example={
                "reading": _READING,
                "rule": "spam-links-v2",
                "compare_with": "spam-links",
                "ends": examples.LATER,
                "hits": _count(431),
                "precision": _measure(0.952, 0.869, 0.983, 62),
                "precision_of_other": _measure(0.963, 0.875, 0.99, 54),
                "matrix": _MATRIX
                | {
                    "cells": [
                        _CELL
                        | {
                            "tier_before": "none",
                            "action_before": "publish",
                            "tier": "auto",
                            "action": "remove",
                            "upheld": 38,
                            "overturned": 2,
                            "precision": _measure(0.95, 0.835, 0.986, 40),
                        }
                    ]
                },
            },
        )
    ),
)
def shadow(rule: Name, here: Here, since: Moment | None = None) -> ShadowPage:
    """Only what differs: from what the rule named by `compare_with` asks for, each by itself.

    Where it names none: from the verdicts that were given, judged once more as if it was live. A
    rule that is no shadow is refused (409).
    """
    return here.services.rule_reports.shadow(rule, since)
