"""Finds the rule folder where none is named."""

import sys
from pathlib import Path

import typer

from engine import __file__ as engine_file


def rules_folder(given: Path | None) -> Path:
    """The folder named; else `./rules`, that of the checkout, or that of the installation."""
    if given is not None:
        return given
    for folder in (
        Path("rules"),
        Path(engine_file).parent.parent / "rules",
        Path(sys.prefix) / "share" / "tierwise" / "rules",
    ):
        if any(folder.rglob("*.yaml")):
            return folder
    message = "there are no rules here; name their folder, such as `--rules path/to/rules`"
    raise typer.BadParameter(message)
