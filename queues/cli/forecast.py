"""The commands about what was forecast of policies."""

import typer

from engine.backtesting.wording import amount
from queues.backtesting import forecasts
from queues.backtesting.forecasts import Kept
from queues.cli.acting import actor, services


def show() -> None:
    """List forecasts, the last first, each with how it did or why nobody knows yet.

    Examples:
      tierwise forecast list
    """
    with services() as here:
        for each in forecasts.listed(here.store):
            _show(each)


def score() -> None:
    """Compare forecasts whose days are over with what happened, and keep that.

    A forecast is about the first days of its policy in force. It is compared once; where cases are
    still open, minutes and cost are left out.

    Examples:
      tierwise forecast score
    """
    with services() as here:
        found = here.backtests.score_forecasts(actor())
    if not found:
        typer.echo("there is no forecast whose days are over")
    for each in found:
        _show(each)


def _show(kept: Kept) -> None:
    made = f"{kept.made_at:%Y-%m-%d %H:%M}"
    typer.echo(f"{kept.id}  {kept.old} → {kept.new}  {made}  {kept.made_by}  {kept.horizon:g} days")
    if kept.obstacle is not None:
        typer.echo(f"  not compared yet: {kept.obstacle}")
    elif kept.scored is None:
        typer.echo("  its days are over: `tierwise forecast score` compares it")
    else:
        held = sum(each.held for each in kept.scored)
        typer.echo(f"  {held} of {len(kept.scored)} figures lie where they were forecast")
        for each in kept.scored:
            told = each.forecast
            low, high = amount(told.low, told.unit), amount(told.high, told.unit)
            mark = "" if each.held else "  outside"
            happened = amount(each.happened, told.unit)
            typer.echo(f"  {told.name:<24}{happened:>12}  forecast {low} to {high}{mark}")
