"""The command that runs everything on one machine."""

import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.locations import rules_folder
from queues.access import read_roles
from queues.bootstrap import Services
from queues.cli.founding import first_key, first_person, first_release, told
from queues.cli.processes import processes
from queues.cli.servers import addresses_of, end_in_order, servers_of, services_of
from queues.embedded.choice import Chosen
from queues.errors import InvalidSettings
from queues.settings import Settings, environment, load_settings, roles_file
from queues.store.migrating import migrate
from queues.supervision import Screen, Supervisor


def up(
    rules: Annotated[
        Path | None,
        typer.Option(
            help="Rules that become the first release of a new database; by default `rules` of "
            "the settings, else ./rules."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port of the API; 0 takes a free one; by default `api.port`.")
    ] = None,
) -> None:
    """Run everything on this machine: servers, API, workers. Ctrl-C stops it.

    PostgreSQL and Valkey are started where the settings name none; their data stays in the folder
    `data` of the settings, by default var. A new database gets its tables, its first release, a
    key for everything and a link for the first person, which are shown once.

    Examples:
      tierwise up
      tierwise up --rules path/to/rules --port 9000
    """
    end_in_order()
    settings = load_settings()
    host, port = _place(settings, port)
    folder = rules_folder(rules or settings.rules)
    read_roles(roles_file(settings))  # a mistake is told before anything is started
    with servers_of(settings) as chosen:
        migrate(chosen.database_url)
        variables = {
            **environment(),
            **addresses_of(chosen),
            "TIERWISE_API__PORT": str(port),
            "PYTHONUNBUFFERED": "1",
        }
        with closing(services_of(settings, chosen, host, port)) as services:
            code = _run(services, chosen, variables, folder, f"http://{host}:{port}")
    raise typer.Exit(code)


def _run(
    services: Services, chosen: Chosen, variables: Mapping[str, str], folder: Path, url: str
) -> int:
    store = services.store
    release = first_release(store, folder)
    learning = bool(services.settings.learning.scores)
    parts = processes(variables, store=store, api_url=url, learning=learning)
    screen = Screen(sys.stdout, [part.name for part in parts])
    key = first_key(store)
    if key is not None:
        screen.show(f"The first key, for everything. It is shown this once:\n\n  {key}")

    invitation = first_person(services)
    if invitation is not None:
        screen.show(told(invitation))

    def look_after_servers() -> None:
        for server in chosen.revive():
            screen.say(f"{server} had ended and was started again")

    def announce() -> None:
        screen.show("\n".join(_welcome(url, release)))

    screen.say("starting")
    return Supervisor(parts, screen, guards=[look_after_servers], when_ready=announce).run()


def _welcome(url: str, release: str) -> Iterator[str]:
    yield f"Tierwise is up, and judges by release {release}."
    yield ""
    yield f"  {url}/docs        what can be asked, and tried"
    yield f"  {url}/ready       whether everything is there"
    yield "  tierwise post items.jsonl --key …    posts a file of items"
    yield "  Ctrl-C                               stops everything"


def _place(settings: Settings, port: int | None) -> tuple[str, int]:
    """Where the API will listen, as others on this machine reach it.

    Raises:
        InvalidSettings: somebody else listens there.
    """
    host = settings.api.host
    wanted = settings.api.port if port is None else port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, wanted), family=family) as free:
            taken = int(free.getsockname()[1])
    except OSError as error:
        raise InvalidSettings([f"api: cannot listen on {host}:{wanted}: {error}"]) from error
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not listened on
    return (f"[{reached}]" if ":" in reached else reached), taken
