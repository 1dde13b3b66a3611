"""The command that runs everything on one machine."""

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
from queues.cli.places import place_of
from queues.cli.processes import processes
from queues.cli.servers import addresses_of, end_in_order, servers_of, services_of
from queues.embedded.choice import Chosen
from queues.settings import environment, load_settings, roles_file
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
    console_port: Annotated[
        int | None,
        typer.Option(help="Port of the console; 0 takes a free one; by default `dashboard.port`."),
    ] = None,
) -> None:
    """Run everything on this machine: servers, API, workers, console. Ctrl-C stops it.

    PostgreSQL and Valkey are started where the settings name none; their data stays in the folder
    `data` of the settings, by default var. A new database gets its tables, its first release, a
    key for everything and a link for the first person, which are shown once.

    Examples:
      tierwise up
      tierwise up --rules path/to/rules --port 9000
    """
    end_in_order()
    settings = load_settings()
    host, port = place_of("api", settings.api.host, settings.api.port if port is None else port)
    wanted = settings.dashboard.port if console_port is None else console_port
    shown, console = place_of("dashboard", settings.dashboard.host, wanted)
    folder = rules_folder(rules or settings.rules)
    read_roles(roles_file(settings))  # a mistake is told before anything is started
    with servers_of(settings) as chosen:
        migrate(chosen.database_url)
        variables = {
            **environment(),
            **addresses_of(chosen),
            "TIERWISE_API__PORT": str(port),
            "TIERWISE_DASHBOARD__PORT": str(console),
            "PYTHONUNBUFFERED": "1",
        }
        with closing(services_of(settings, chosen, host, port)) as services:
            urls = f"http://{host}:{port}", f"http://{shown}:{console}"
            code = _run(services, chosen, variables, folder, urls)
    raise typer.Exit(code)


def _run(
    services: Services,
    chosen: Chosen,
    variables: Mapping[str, str],
    folder: Path,
    urls: tuple[str, str],
) -> int:
    store = services.store
    release = first_release(store, folder)
    learning = bool(services.settings.learning.scores)
    parts = processes(variables, store=store, urls=urls, learning=learning)
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
        screen.show("\n".join(_welcome(urls, release)))

    screen.say("starting")
    return Supervisor(parts, screen, guards=[look_after_servers], when_ready=announce).run()


def _welcome(urls: tuple[str, str], release: str) -> Iterator[str]:
    yield f"Tierwise is up, and judges by release {release}."
    yield ""
    url, console = urls
    yield f"  {console}            the console, for moderators, policy teams and managers"
    yield f"  {url}/docs        what can be asked, and tried"
    yield f"  {url}/ready       whether everything is there"
    yield "  tierwise post items.jsonl --key …    posts a file of items"
    yield "  Ctrl-C                               stops everything"
