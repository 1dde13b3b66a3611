"""What these pages ask of the API."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from dashboard.asking import Asked, together
from dashboard.gateway import Answer, Query, now

_BY_HOUR: Final = timedelta(days=2)
"""Shorter windows are told by the hour."""
_HOURS: Final = timedelta(days=31)
"""The API tells no more hours at once."""
_FEW: Final = 4
"""Days that make no line."""


def targets(since: datetime) -> Asked:
    """Targets with their figures."""
    return "/v1/quality/targets", {"since": since.isoformat()}


def series(since: datetime, *, by: str, group: str | None = None) -> Asked:
    """Figures over time."""
    return "/v1/quality/series", {"from": since.isoformat(), "by": by, "group": group}


def agreement(since: datetime, *, by: str, policy: str | None = None) -> Asked:
    """How far people agree."""
    return "/v1/quality/agreement", {"since": since.isoformat(), "by": by, "policy": policy}


def reviewers(since: datetime) -> Asked:
    """How each reviewer decides."""
    return "/v1/quality/reviewers", {"since": since.isoformat()}


def drift(since: datetime) -> Asked:
    """What has moved since."""
    return "/v1/quality/drift", {"since": since.isoformat()}


def certificates() -> Asked:
    """What the machine may decide by itself."""
    return "/v1/certificates", {}


def suggested(score: str, *, missed: float, wrongly: float) -> Asked:
    """Where the machine could decide by a score, at these costs of its errors."""
    asked: Query = {"score": score, "missed": missed, "wrongly_removed": wrongly}
    return "/v1/certificates/zones", asked


def models() -> Asked:
    """Classifiers and their scores."""
    return "/v1/models", {}


def step(since: datetime) -> str:
    """How long a point of a window is: `hour` or `day`."""
    return "hour" if now() - since < _BY_HOUR else "day"


def filled(run: Answer, since: datetime) -> Answer:
    """A series by the hour, where by the day it has hardly a point: it has just begun."""
    if run["by"] == "hour" or not few(run["points"], since):
        return run
    return together(series(since, by="hour", group=run["group"]))[0]


def few(points: Sequence[Answer], since: datetime) -> bool:
    """Whether these days make no line, and their hours can be told instead.

    Args:
        points: Each with `at`, when its day begins.
        since: When the window begins.
    """
    days = {point["at"] for point in points}
    return 0 < len(days) < _FEW and now() - since <= _HOURS
