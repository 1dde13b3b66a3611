"""What these pages ask of the API."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from dashboard.gateway import Answer, Query, now
from dashboard.person import here

_BY_HOUR: Final = timedelta(days=2)
"""Shorter windows are told by the hour."""
_HOURS: Final = timedelta(days=31)
"""The API tells no more hours at once."""
_FEW: Final = 4
"""Days that make no line."""


def together(*asked: tuple[str, Query]) -> list[Answer]:
    """Several answers, asked for at once; raises as `Gateway.get` does.

    Args:
        asked: Path and parameters of each.
    """
    gateway = here().gateway
    with ThreadPoolExecutor(max_workers=len(asked)) as threads:
        return list(threads.map(lambda each: gateway.get(*each), asked))


def targets(since: datetime) -> tuple[str, Query]:
    """Targets with their figures."""
    return "/v1/quality/targets", {"since": since.isoformat()}


def series(since: datetime, *, by: str, group: str | None = None) -> tuple[str, Query]:
    """Figures over time."""
    return "/v1/quality/series", {"from": since.isoformat(), "by": by, "group": group}


def step(since: datetime) -> str:
    """How long a point of a window is: `hour` or `day`."""
    return "hour" if now() - since < _BY_HOUR else "day"


def filled(run: Answer, since: datetime) -> Answer:
    """A series by the hour, where by the day it has hardly a point: it has just begun."""
    days = {point["at"] for point in run["points"]}
    if run["by"] == "hour" or not 0 < len(days) < _FEW or now() - since > _HOURS:
        return run
    return here().gateway.get(*series(since, by="hour", group=run["group"]))
