"""The command that lets go of what was kept long enough."""

import typer

from queues.cli.acting import services
from queues.records.retention import apply
from queues.store import partitions


def retention() -> None:
    """Drop what is older than the section `retention` of the settings says.

    Items go with all that hangs on them, unless somebody still has to decide about them. Run it
    every night, as the role that owns the tables; it also prepares the days to come.

    Examples:
      tierwise retention
    """
    with services() as here:
        released = apply(here.store, here.settings.retention)
        partitions.prepare(here.store)
    counts = (
        f"{released.items:,} items",
        f"{released.deliveries:,} deliveries",
        f"{released.strikes:,} strikes",
        f"{released.reporters:,} reporters",
        f"{len(released.days):,} days of tables",
    )
    typer.echo(f"gone: {', '.join(counts)}")
    if released.kept:
        typer.echo(f"in use or still needed: {', '.join(released.kept)}")
