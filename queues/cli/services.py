"""The command that runs the servers alone."""

import threading
from typing import Final

import typer

from queues.cli.servers import addresses_of, end_in_order, servers_of
from queues.settings import load_settings

_BETWEEN_LOOKS: Final = 1.0


def services() -> None:
    """Run PostgreSQL and Valkey alone, for developers: they are what `tierwise up` starts first.

    Their addresses are printed as a shell takes them, in another terminal. Data stays in the
    folder `data` of the settings, by default var. Where the settings name a server, none is
    started. Ctrl-C stops them.

    Examples:
      tierwise services
      TIERWISE_DATA=/tmp/try tierwise services
    """
    end_in_order()
    with servers_of(load_settings()) as chosen:
        for name, url in addresses_of(chosen).items():
            typer.echo(f"export {name}='{url}'")
        never = threading.Event()
        try:
            while chosen.started and not never.wait(_BETWEEN_LOOKS):
                for server in chosen.revive():
                    typer.echo(f"{server} had ended and was started again", err=True)
        except KeyboardInterrupt:
            typer.echo("stopping", err=True)
