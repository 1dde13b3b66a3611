"""The commands about work that was given up."""

import typer

from queues.messaging.sweeping import Sweeping
from queues.messaging.workshop import Workshop
from queues.settings import load_settings


def stuck() -> None:
    """Show what was asked of workers as often as `outbox.attempts` allows, and never done.

    The log of the workers says why. Nothing of it is lost: `tierwise outbox retry` starts anew.

    Examples:
      tierwise outbox stuck
    """
    sweeping = _sweeping()
    with sweeping.store.read() as connection:
        found = sweeping.stuck(connection)
    for each in found:
        typer.echo(f"{each.task}: {each.rows}, the oldest for {each.age / 3600:.1f} hours")
    if not found:
        typer.echo("nothing is stuck")


def retry() -> None:
    """Start anew with what was given up, once its cause is gone.

    Examples:
      tierwise outbox retry
    """
    typer.echo(f"{_sweeping().retry()} will be tried again")


def _sweeping() -> Sweeping:
    return Workshop(load_settings()).sweeping
