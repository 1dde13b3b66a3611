"""The commands about releases."""

from typing import Annotated, Final

import typer

from queues.cli.acting import actor, services
from queues.cli.publish import told
from queues.policies import releases
from queues.presence import stragglers

_NOTE: Final = typer.Option(help="Why, for people.")


def show() -> None:
    """List releases, the last published first, and the processes that do not run the one in force.

    Examples:
      tierwise release list
    """
    with services() as here:
        found, behind = releases.listed(here.store), stragglers(here.store)
    for each in found:
        mark = "in force" if each.active else ""
        when = f"{each.published_at:%Y-%m-%d %H:%M}"
        typer.echo(f"{each.name}  {mark:<8}  {when}  {each.published_by}  {each.message}")
    for late in behind:
        runs = late.release or "none"
        typer.echo(f"{late.kind} {late.pid} on {late.host} still runs {runs}", err=True)


def activate(
    name: Annotated[str, typer.Argument(help="The release.")],
    *,
    note: Annotated[str | None, _NOTE] = None,
    despite: Annotated[
        str | None,
        typer.Option(help="Why it goes on although something speaks against it; it is recorded."),
    ] = None,
) -> None:
    """Bring a release into force; all processes take it into use within seconds.

    Examples:
      tierwise release activate 4f1c9a0b7d2e
    """
    with services() as here:
        done = here.releasing.activate(name, by=actor(), note=note, despite=despite)
        typer.echo(told(done))


def rollback(*, note: Annotated[str | None, _NOTE] = None) -> None:
    """Bring the release into force that was in force before this one.

    Doing it again goes one release further back.

    Examples:
      tierwise release rollback --note "removes too much"
    """
    with services() as here:
        typer.echo(told(releases.roll_back(here.store, by=actor(), note=note)))
