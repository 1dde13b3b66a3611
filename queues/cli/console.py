"""The command that serves the console."""

import os
import sys
from typing import Annotated, Final

import typer

from queues.settings import environment, load_settings

#: By its name: it stands above, and is never imported from here.
CONSOLE: Final = (sys.executable, "-P", "-m", "dashboard")


def console(
    host: Annotated[
        str | None, typer.Option(help="Address it listens on; by default `dashboard.host`.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Its port; 0 takes a free one; by default 8501."),
    ] = None,
) -> None:
    """Serve the console, for moderators, policy teams and managers.

    It asks the API of `dashboard.api`, as whoever signs in.

    Examples:
      tierwise console
      TIERWISE_DASHBOARD__API=https://api.example.org tierwise console --port 9001
    """
    given = load_settings().dashboard  # a mistake is told here, in words
    told = {
        "TIERWISE_DASHBOARD__HOST": host or given.host,
        "TIERWISE_DASHBOARD__PORT": str(given.port if port is None else port),
    }
    os.execve(sys.executable, CONSOLE, {**environment(), **told})  # noqa: S606 - a command of ours
