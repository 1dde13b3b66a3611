"""The command that health checks ask."""

import platform
from typing import Annotated

import typer

from queues.bootstrap import Services
from queues.presence import GONE_AFTER, present
from queues.settings import load_settings


def alive(
    kind: Annotated[
        str, typer.Argument(help="What should run: api, worker, relay, courier or beat.")
    ],
) -> None:
    """Say whether such a process of this machine is alive, for health checks: ends with 1 if not.

    Every process of the service gives signs of life in the database; a container counts as a
    machine.

    Examples:
      tierwise alive worker
    """
    services = Services(load_settings())
    try:
        here = [one for one in present(services.store) if one.host == platform.node()]
    finally:
        services.close()
    pids = [str(one.pid) for one in here if one.kind == kind]
    if not pids:
        typer.echo(f"no {kind} here gave a sign of life within {GONE_AFTER.seconds} s", err=True)
        raise typer.Exit(1)
    typer.echo(f"{kind} is alive: {', '.join(pids)}")
