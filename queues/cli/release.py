"""The commands about releases."""

from typing import Annotated, Final

import typer

from queues.cli.acting import actor, services
from queues.cli.publish import told
from queues.policies import releases, rollbacks
from queues.policies.differences import full_name
from queues.presence import present

_NOTE: Final = typer.Option(help="Why, for people.")


def show() -> None:
    """List releases, the last published first, and the processes that do not run the one in force.

    Examples:
      tierwise release list
    """
    with services() as here:
        found, running = releases.listed(here.store), present(here.store)
    for each in found:
        mark = "in force" if each.active else ""
        when = f"{each.published_at:%Y-%m-%d %H:%M}"
        typer.echo(f"{each.name}  {mark:<8}  {when}  {each.published_by}  {each.message}")
    for process in running:
        where = f"{process.kind} {process.pid} on {process.host}"
        if process.behind:
            typer.echo(f"{where} still runs {process.release or 'none'}", err=True)
        if process.trouble is not None:
            typer.echo(f"{where}: {process.trouble}", err=True)


def activate(
    name: Annotated[str, typer.Argument(help="The release.")],
    *,
    note: Annotated[str | None, _NOTE] = None,
    despite: Annotated[
        str | None,
        typer.Option(help="Why it goes on although something speaks against it; it is recorded."),
    ] = None,
    replace: Annotated[
        str | None,
        typer.Option(
            help="What is in force, where the release was not made from that: what it changed is"
            " taken back. It is recorded."
        ),
    ] = None,
) -> None:
    """Bring a release into force; all processes take it into use within seconds.

    A release takes the place of the one that it was made from. If another one is in force by now,
    this is refused, with who brought that.

    Examples:
      tierwise release activate 4f1c9a0b7d2e
      tierwise release activate 4f1c9a0b7d2e --replace 9b1e77a0c2d4
    """
    with services() as here:
        done = here.releasing.activate(
            name,
            by=actor(),
            note=note,
            despite=despite,
            replaces=None if replace is None else full_name(here.store, replace),
        )
        typer.echo(told(done))


def rollback(
    *,
    to: Annotated[
        str | None,
        typer.Option(help="The release that comes back; by default the one before."),
    ] = None,
    note: Annotated[str | None, _NOTE] = None,
) -> None:
    """Bring a release into force that was in force before, in one step.

    Without --to it is the one before this one; doing it again goes one release further back.

    Examples:
      tierwise release rollback --note "removes too much"
      tierwise release rollback --to 9b1e77a0c2d4 --note "the last that was good"
    """
    with services() as here:
        name = None if to is None else full_name(here.store, to)
        typer.echo(told(rollbacks.roll_back(here.store, by=actor(), note=note, to=name)))
