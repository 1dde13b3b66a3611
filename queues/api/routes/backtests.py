"""Policies tried on what came."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from engine.backtesting.report import NothingReadable, record_of
from engine.backtesting.terms import Terms
from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Number, Sent
from queues.api.routes import examples
from queues.api.runtime import Runtime
from queues.backtesting import forecasts
from queues.backtesting.forecasts import Kept
from queues.backtesting.running import Window
from queues.backtesting.sharing import Standing, State

router = APIRouter(route_class=Operation, tags=["releases"], prefix="/v1/backtests")

_BACKTEST: Final[dict[str, Any]] = {
    "id": examples.ID,
    "old": "9b2d07c4e511",
    "new": "4f1c9a0b7d2e",
    "state": "running",
    "asked_by": "person:mia",
    "asked_at": examples.MOMENT,
    "ended_at": None,
    "parts": 720,
    "parts_done": 212,
    "parts_given_up": 0,
    "report": None,
    "problem": None,
}
_FORECAST: Final[dict[str, Any]] = {
    "id": examples.ID,
    "old": "9b2d07c4e511",
    "horizon": 7.0,
    "made_by": "person:mia",
    "made_at": examples.MOMENT,
    "begun": examples.LATER,
    "obstacle": None,
    "figures": [
        {
            "name": "automation",
            "unit": "share",
            "value": 0.82,
            "low": 0.79,
            "high": 0.85,
            "happened": 0.81,
        }
    ],
}
#: Forecasts of a release that are listed.
_MOST: Final = 20


class Wanted(Sent):
    """A policy that is to be tried."""

    new: Name
    """The release that is tried."""
    against: Name | None = None
    """The release that it is compared with; by default that in force."""
    days: Annotated[Number, Field(gt=0, le=366)] = 30.0
    """So far back, or to the first item that is there."""
    horizon: Annotated[Number, Field(gt=0, le=366)] = 7.0
    """Days that the forecast is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A backtest."""

    id: UUID
    old: str
    new: str
    state: State
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    parts: int
    parts_done: int
    parts_given_up: int
    """Tried too often: `tierwise outbox stuck` says more."""
    report: dict[str, Any] | None
    """As `tierwise backtest --format json` writes it; null: it is not done."""
    problem: str | None
    """Why a backtest that is done has no report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureForecast:
    """A figure of the days after a release comes into force."""

    name: str
    unit: str
    value: float
    low: float
    """It lies between these with 95 %."""
    high: float
    happened: float | None
    """Null: it is not compared yet, or cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasted:
    """What a backtest forecast, and how it did."""

    id: UUID
    old: str
    """The release that it was compared with."""
    horizon: float
    """Days that it is about."""
    made_by: str
    made_at: datetime
    begun: datetime | None
    """When the release came into force after that; null: it did not."""
    obstacle: str | None
    """Why it is not compared with what happened; null: it was, or is within the hour."""
    figures: list[FigureForecast]


@router.post(
    "",
    **documented(
        Says(
            summary="Try a release on what came",
            asks=Permission.BACKTESTS_RUN,
            fails=(404,),
            sent={"new": "4f1c9a0b7d2e", "days": 30},
            example=_BACKTEST | {"parts_done": 0},
            status=202,
        )
    ),
)
def start(wanted: Wanted, here: Here, caller: Calling) -> Shown:
    """Workers do it, after everything else (`tierwise worker`); its forecast is kept."""
    backtests = here.services.backtests
    given = backtests.prepare(
        wanted.new,
        wanted.against,
        Window(length=timedelta(days=wanted.days)),
        Terms(horizon=wanted.horizon),
        priced=False,
        folders=False,
    )
    return _shown(here, backtests.share(given, caller.actor))


@router.get(
    "/forecasts",
    **documented(
        Says(
            summary="List what was forecast of a release",
            asks=Permission.BACKTESTS_RUN,
            example={"forecasts": [_FORECAST]},
        )
    ),
)
def forecast(here: Here, release: Name) -> dict[str, list[Forecasted]]:
    """By each backtest of it, the last first, with what happened once its days are over."""
    found = forecasts.listed(here.services.store, new=release, most=_MOST)
    return {"forecasts": [_forecast(each) for each in found]}


@router.get(
    "/{backtest:uuid}",
    **documented(
        Says(
            summary="Show a backtest",
            asks=Permission.BACKTESTS_RUN,
            fails=(404,),
            example=_BACKTEST,
        )
    ),
)
def show(backtest: UUID, here: Here) -> Shown:
    """How far it is, and what it has found once all parts are done."""
    return _shown(here, backtest)


@router.post(
    "/{backtest:uuid}:cancel",
    **documented(
        Says(
            summary="Cancel a backtest",
            asks=Permission.BACKTESTS_RUN,
            fails=(404,),
            example=_BACKTEST | {"state": "cancelled", "ended_at": examples.LATER, "parts_done": 0},
        )
    ),
)
def cancel(backtest: UUID, here: Here) -> Shown:
    """Nothing of what was counted stays; one that has ended stays as it is."""
    here.services.backtests.cancel(backtest)
    return _shown(here, backtest)


def _forecast(kept: Kept) -> Forecasted:
    happened = {each.forecast.name: each.happened for each in kept.scored or ()}
    return Forecasted(
        id=kept.id,
        old=kept.old,
        horizon=kept.horizon,
        made_by=kept.made_by,
        made_at=kept.made_at,
        begun=kept.begun,
        obstacle=kept.obstacle,
        figures=[
            FigureForecast(**asdict(each), happened=happened.get(each.name))
            for each in kept.figures
        ],
    )


def _shown(here: Runtime, backtest: UUID) -> Shown:
    backtests = here.services.backtests
    standing = backtests.standing(backtest, here.settings.outbox.attempts)
    report: dict[str, Any] | None = None
    problem: str | None = None
    try:
        found = backtests.report(backtest)
        report = None if found is None else record_of(found)
    except NothingReadable as reason:
        problem = str(reason)
    return _with(standing, report, problem)


def _with(standing: Standing, report: dict[str, Any] | None, problem: str | None) -> Shown:
    return Shown(
        id=standing.id,
        old=standing.old,
        new=standing.new,
        state=standing.state,
        asked_by=standing.asked_by,
        asked_at=standing.asked_at,
        ended_at=standing.ended_at,
        parts=standing.parts,
        parts_done=standing.done,
        parts_given_up=standing.given_up,
        report=report,
        problem=problem,
    )
