"""The command that serves the HTTP API."""

from typing import Annotated

import typer

from queues.api.serving import listen, serve
from queues.settings import load_settings


def api(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; by default `api.host`.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; 0 takes a free one; by default `api.port`.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes; by default `api.processes`.")
    ] = None,
) -> None:
    """Serve the HTTP API: items come in, verdicts go out. /docs shows all that can be asked.

    The first line says where it listens. Ctrl-C or SIGTERM lets requests under way finish, and
    answers those that only wait.

    Examples:
      tierwise api
      tierwise api --host 0.0.0.0 --processes 4
    """
    settings = load_settings()
    given = {"host": host, "port": port, "processes": processes}
    wanted = {name: value for name, value in given.items() if value is not None}
    settings = settings.model_copy(update={"api": settings.api.model_copy(update=wanted)})
    with listen(settings.api) as listening:
        shown = settings.api.host
        shown = f"[{shown}]" if ":" in shown else shown
        typer.echo(f"listening on http://{shown}:{listening.getsockname()[1]}")
        serve(settings, listening)
