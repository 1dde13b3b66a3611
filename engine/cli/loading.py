"""Loads the rules a command works with, and says what is wrong with them."""

from pathlib import Path
from typing import NoReturn

import typer

from engine.errors import InvalidPolicy
from engine.rendering import as_text
from engine.rules.release import Release


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


def refuse(mistakes: InvalidPolicy) -> NoReturn:
    """Show what is wrong with rule files, and end the command."""
    files = {found.span.file for found in mistakes.diagnostics}
    sources = {file: Path(file).read_bytes() for file in files if Path(file).is_file()}
    typer.echo(as_text(mistakes.diagnostics, sources), err=True, nl=False)
    raise typer.Exit(1) from mistakes
