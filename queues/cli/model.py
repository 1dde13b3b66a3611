"""The commands about classifiers."""

from pathlib import Path
from typing import Annotated, Final

import typer

from queues.cli.acting import actor, services
from queues.policies import models

_NOTE: Final = typer.Option(help="Why, for people.")


def publish(
    file: Annotated[
        Path,
        typer.Argument(help="A classifier, as `tierwise train` writes it.", exists=True),
    ],
) -> None:
    """Store a classifier under the hash of its content.

    Examples:
      tierwise model publish hate.model
    """
    with services() as here:
        published = models.publish_model(here.store, file.read_bytes(), by=actor())
    state = "published" if published.new else "was published before"
    typer.echo(f"model {published.name} {published.version[:12]} {state}")
    typer.echo(f"it fills {', '.join(published.signals)}")
    _warn(published.warnings)


def show() -> None:
    """List classifiers, the last published first.

    Examples:
      tierwise model list
    """
    with services() as here:
        found = models.listed_models(here.store)
    for each in found:
        mark = "in force" if each.active else ""
        when = f"{each.published_at:%Y-%m-%d %H:%M}"
        typer.echo(f"{each.version[:12]}  {mark:<8}  {when}  {each.published_by}  {each.name}")


def activate(
    versions: Annotated[
        list[str] | None,
        typer.Argument(help="Their versions, or the first digits; none: nothing scores texts."),
    ] = None,
    *,
    note: Annotated[str | None, _NOTE] = None,
) -> None:
    """Let these classifiers score texts from now on, and no others.

    Examples:
      tierwise model activate 3b1f0c9d2a77
      tierwise model activate 3b1f0c9d2a77 77aa01c4e9b0
    """
    with services() as here:
        _told(models.activate_models(here.store, versions or [], by=actor(), note=note))


def rollback(*, note: Annotated[str | None, _NOTE] = None) -> None:
    """Bring the classifiers into force that were in force before these.

    Examples:
      tierwise model rollback --note "scores drift"
    """
    with services() as here:
        _told(models.roll_back_models(here.store, by=actor(), note=note))


def _told(brought: models.ActivatedModels) -> None:
    names = ", ".join(version[:12] for version in brought.versions) or "none"
    state = "in force" if brought.changed else "in force already"
    typer.echo(f"models {state}: {names}")
    _warn(brought.warnings)


def _warn(warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
