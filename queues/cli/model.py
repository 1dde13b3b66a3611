"""The commands about classifiers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from queues.cli.acting import actor, services
from queues.cli.models import lines_of
from queues.policies import models
from queues.policies.registry import listed_models, shown_model

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
    """List classifiers, the last published first, each with the AUROC of its scores.

    Examples:
      tierwise model list
    """
    with services() as here:
        found = listed_models(here.store)
    for each in found:
        alias = ", ".join(each.aliases) or "-"
        when = f"{each.published_at:%Y-%m-%d %H:%M}"
        state = each.state.replace("_", " ")
        typer.echo(
            f"{each.version[:12]}  {state:<9}  {alias:<10}  {when}  {each.published_by}"
            f"  {each.name}  {_in_short(each.figures)}".rstrip()
        )


def details(
    version: Annotated[str, typer.Argument(help="Its version, or the first digits.")],
) -> None:
    """Show a classifier: how it does, what it was made from, and why it was let in or not.

    Examples:
      tierwise model show 3b1f0c9d2a77
    """
    with services() as here:
        shown = shown_model(here.store, version)
    for line in lines_of(shown):
        typer.echo(line)


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


def _in_short(figures: Mapping[str, Any] | None) -> str:
    """AUROC of each score."""
    return " ".join(f"{score} {its['auroc']['mean']:.3f}" for score, its in (figures or {}).items())
