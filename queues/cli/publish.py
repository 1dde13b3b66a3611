"""The command that publishes rules."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.locations import rules_folder
from engine.errors import InvalidPolicy
from engine.rendering import as_text
from queues.cli.acting import actor, services
from queues.policies import releases
from queues.policies.differences import full_name
from queues.policies.sources import files_of
from queues.store.session import Store


def publish(
    folder: Annotated[
        Path | None,
        typer.Argument(help="The folder of the rules; by default ./rules.", show_default=False),
    ] = None,
    *,
    message: Annotated[str, typer.Option("--message", "-m", help="What changed, for people.")],
    activate: Annotated[
        bool, typer.Option("--activate", help="Bring it into force at once.")
    ] = False,
    base: Annotated[
        str | None,
        typer.Option(help="The release that the files were made from; by default that in force."),
    ] = None,
) -> None:
    """Compile rules and store them as a release: all of them, or nothing.

    A release has the name that `tierwise run` shows for the same files. With a mistake in any file
    nothing is published, and the mistakes are shown with their places. A release takes the place
    of its base alone: say --base where the folder may be older than what is in force.

    Examples:
      tierwise publish rules --message "stricter on spam"
      tierwise publish rules --message "stricter on spam" --activate
      tierwise publish rules --message "stricter on spam" --base 4f1c9a0b7d2e
    """
    with services() as here:
        made_from = None if base is None else full_name(here.store, base)
        published = _published(here.store, rules_folder(folder), message, made_from)
        state = "published" if published.new else "was published before"
        typer.echo(f"release {published.name} {state} ({published.rules:,} rules)")
        if activate:
            name = published.name
            typer.echo(told(here.releasing.activate(name, by=actor(), note=message)))


def _published(store: Store, folder: Path, message: str, base: str | None) -> releases.Published:
    contents: dict[str, bytes] = {}
    try:
        contents = files_of(folder)
        published = releases.publish(store, contents, by=actor(), message=message, base=base)
    except InvalidPolicy as mistakes:
        typer.echo(as_text(mistakes.diagnostics, contents), err=True, nl=False)
        raise typer.Exit(1) from mistakes
    typer.echo(as_text(published.warnings, contents), err=True, nl=False)
    return published


def told(activated: releases.Activated) -> str:
    """What is in force now, in a sentence."""
    if not activated.changed:
        return f"release {activated.name} was in force already"
    before = "" if activated.before is None else f", in place of {activated.before}"
    return f"release {activated.name} is in force{before}"
