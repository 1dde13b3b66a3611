"""Loads the rules and models a command works with, and says what is wrong with them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from engine.errors import InvalidModel, InvalidPolicy
from engine.rendering import as_text
from engine.rules.release import Release

if TYPE_CHECKING:
    from engine.scoring import Scorer


def load_release(*places: Path) -> Release:
    """The rules of folders or files, compiled; with mistakes in them the command ends."""
    for place in places:
        if not place.exists():
            message = f"there is no file or folder `{place}`"
            raise typer.BadParameter(message)
    try:
        return Release.load(*places)
    except InvalidPolicy as mistakes:
        refuse(mistakes)


def load_models(paths: Sequence[Path]) -> "Scorer | None":
    """Classifiers from their files; None: there are none, and no numeric library is loaded."""
    if not paths:
        return None
    from engine.classify.artefact import load_model  # noqa: PLC0415 - as said
    from engine.classify.ensemble import Ensemble  # noqa: PLC0415 - as said
    from engine.scoring import Scorer  # noqa: PLC0415 - as said

    try:
        return Scorer(Ensemble([load_model(path) for path in paths]))
    except (InvalidModel, ValueError) as error:
        raise typer.BadParameter(str(error)) from error


def refuse(mistakes: InvalidPolicy) -> NoReturn:
    """Show what is wrong with rule files, and end the command."""
    files = {found.span.file for found in mistakes.diagnostics}
    sources = {file: Path(file).read_bytes() for file in files if Path(file).is_file()}
    typer.echo(as_text(mistakes.diagnostics, sources), err=True, nl=False)
    raise typer.Exit(1) from mistakes
