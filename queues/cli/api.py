"""The command that serves the HTTP API."""

from contextlib import closing, suppress
from typing import Annotated

import typer

from queues.api.serving import listen, serve
from queues.bootstrap import Services
from queues.cli.founding import first_person, told
from queues.errors import Unavailable
from queues.settings import Settings, load_settings


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
    answers those that only wait. Where nobody has an account yet, a link for the first person is
    shown once.

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
        settings = settings.model_copy(
            update={"api": settings.api.model_copy(update={"port": listening.getsockname()[1]})}
        )
        _found(settings)
        serve(settings, listening)


def _found(settings: Settings) -> None:
    """Show how the first person comes in, where there is nobody; not where nobody can be asked."""
    with closing(Services(settings)) as services, suppress(Unavailable):
        invitation = first_person(services)
        if invitation is not None:
            typer.echo(told(invitation))
