"""The command that writes the JSON Schema of rule files."""

import json
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.lint import sources_of
from engine.rendering import as_text
from engine.rules.json_schema import json_schema
from engine.rules.model import Policy
from engine.rules.reading import read_policy

_USUAL = Path("rules")


def schema(
    rules: Annotated[
        Path | None,
        typer.Argument(
            help="The folder whose fields, reasons, queues and lists it names; by default ./rules.",
            show_default=False,
        ),
    ] = None,
    *,
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
) -> None:
    """Write the JSON Schema of rule files, so that an editor completes and checks them.

    Put `# yaml-language-server: $schema=schema.json` into the first line of a rule file.

    Examples:
      tierwise schema --out schema.json
      tierwise schema rules --out rules/schema.json
    """
    folder = rules or (_USUAL if _USUAL.is_dir() else None)
    text = json.dumps(json_schema(_policy(folder)), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as problem:
        message = f"`{out}` cannot be written: {problem.strerror}"
        raise typer.BadParameter(message) from problem


def _policy(folder: Path | None) -> Policy | None:
    if folder is None:
        return None
    sources = sources_of([folder])
    policy, mistakes = read_policy(sources)
    if policy is None:
        typer.echo(as_text(mistakes, sources), err=True, nl=False)
        raise typer.Exit(1)
    return policy
