"""The command that health checks ask."""

import platform
import urllib.request
from typing import Annotated, Final

import typer

from queues.bootstrap import Services
from queues.presence import GONE_AFTER, present
from queues.settings import load_settings

_CONSOLE: Final = "console"
_PATIENCE: Final = 5.0
"""Seconds for the console to answer."""


def alive(
    kind: Annotated[
        str, typer.Argument(help="What should run: api, console, worker, relay, courier or beat.")
    ],
) -> None:
    """Say whether such a process of this machine is alive, for health checks: ends with 1 if not.

    Every process of the service gives signs of life in the database; a container counts as a
    machine. The console is asked where `dashboard.port` says.

    Examples:
      tierwise alive worker
    """
    settings = load_settings()
    if kind == _CONSOLE:
        _ask(f"http://127.0.0.1:{settings.dashboard.port}/_stcore/health")
        return
    services = Services(settings)
    try:
        here = [one for one in present(services.store) if one.host == platform.node()]
    finally:
        services.close()
    pids = [str(one.pid) for one in here if one.kind == kind]
    if not pids:
        typer.echo(f"no {kind} here gave a sign of life within {GONE_AFTER.seconds} s", err=True)
        raise typer.Exit(1)
    typer.echo(f"{kind} is alive: {', '.join(pids)}")


def _ask(url: str) -> None:
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE):  # noqa: S310 - an address of ours
            typer.echo(f"{_CONSOLE} is alive")
    except OSError as error:
        typer.echo(f"no {_CONSOLE} answers at {url}: {error}", err=True)
        raise typer.Exit(1) from error
