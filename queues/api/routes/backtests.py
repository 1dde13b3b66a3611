"""Policies tried on what came."""

from dataclasses import dataclass
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
