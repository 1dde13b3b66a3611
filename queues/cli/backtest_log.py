"""Backtests over what the service took in, on this machine or by workers."""

import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Final

import typer

from engine.backtesting.report import Report, report_of
from engine.backtesting.terms import Terms
from engine.cli.moments import moment
from queues.backtesting import forecasts
from queues.backtesting.running import Backtests, Prepared, Window
from queues.backtesting.sharing import Standing, State
from queues.cli.acting import actor, services
from queues.errors import Conflict

_UNITS: Final = {"h": 1, "d": 24, "w": 168}
_FORM: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(h|d|w)(?:ours?|ays?|eeks?)?\s*")
#: Seconds between looks at how far workers are.
_LOOK: Final = 0.2
_BACKTEST: Final = "backtest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to know."""

    new: str
    old: str | None
    window: Window
    terms: Terms
    priced: bool
    """Whether what work costs was told; else it is what it was in the window."""


def window(written: str, until: str | None) -> Window:
    """A window such as `30d`, `12h` or `2 weeks`, up to a moment or now."""
    match = _FORM.fullmatch(written)
    if match is None or not float(match[1]):
        message = f"`--since {written}`: expected a number of hours, days or weeks, such as `30d`"
        raise typer.BadParameter(message)
    length = timedelta(hours=float(match[1]) * _UNITS[match[2]])
    if until is None:
        return Window(length=length)
    return Window(length=length, until=datetime.fromtimestamp(moment(until), UTC))


def of_log(asked: Asked, processes: int, *, distributed: bool) -> Report:
    """The report; what it forecasts is kept."""
    with services() as here:
        backtests = here.backtests
        given = backtests.prepare(
            asked.new, asked.old, asked.window, asked.terms, priced=asked.priced
        )
        if distributed:
            return _shared(backtests, given, here.settings.outbox.attempts)
        sums = backtests.here(given, processes, _progress)
        report = report_of(sums, given.plan.old, given.plan.new, given.terms)
        with here.store.transaction() as connection:
            forecasts.keep(connection, report, given.plan, actor())
    return report


def _shared(backtests: Backtests, given: Prepared, attempts: int) -> Report:
    """Have workers count, and wait for them; whatever ends the waiting ends the backtest."""
    backtest = backtests.share(given, actor())
    try:
        while (report := backtests.report(backtest)) is None:
            _look(backtests.standing(backtest, attempts))
        return report
    finally:
        backtests.cancel(backtest)  # one that is done stays so


def _look(standing: Standing) -> None:
    """Say how far it is, and wait a moment.

    Raises:
        Conflict: it will not get further.
    """
    _progress(standing.done, standing.parts)
    if standing.state not in (State.RUNNING, State.DONE):
        raise Conflict(_BACKTEST, f"it is {standing.state} already")
    if standing.given_up:
        why = "workers tried a part too often; their log says why"
        raise Conflict(_BACKTEST, why)
    Event().wait(_LOOK)


def _progress(done: int, parts: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done:,} of {parts:,} parts", nl=False, err=True)
