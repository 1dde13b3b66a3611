"""The command that sums up by hand what figures are told from."""

from typing import Annotated

import typer

from queues.cli.acting import services


def rollup(
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Forget all sums first, and make them anew.")
    ] = False,
) -> None:
    """Sum up the hours that are over, and again those in which something changed.

    Workers do it every minute; by hand it is for a first time with many items, and to be sure.
    Figures are right meanwhile, only slower. It can be interrupted, and goes on where it was.

    Examples:
      tierwise rollup
      tierwise rollup --rebuild
    """
    with services() as here:
        found = here.rollups.rebuild() if rebuild else here.rollups.fold(within=None)
    typer.echo(f"summed up: {found.hours:,} hours, and {found.again:,} again")
