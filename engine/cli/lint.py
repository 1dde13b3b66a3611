"""The command that says what is wrong with rule files."""

import gc
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, assert_never

import typer

from engine.cli.locations import rules_folder
from engine.cli.moments import moment
from engine.diagnostics import Diagnostic, Level
from engine.rendering import as_github, as_json, as_sarif, as_text
from engine.rules import lints
from engine.rules.codes import CODES
from engine.rules.reading import read_policy
from engine.rules.reading.folder import rule_files
from engine.rules.reading.mistakes import Mistakes

_RULE = re.compile(rb"^(?:rule|variant):[ \t]", re.MULTILINE)


class Format(StrEnum):
    """How findings are shown."""

    #: For people.
    TEXT = "text"
    #: One object.
    JSON = "json"
    #: For code scanners.
    SARIF = "sarif"
    #: Annotations of a workflow.
    GITHUB = "github"


def lint(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders or files of rules; by default ./rules.", show_default=False),
    ] = None,
    *,
    layout: Annotated[
        Format, typer.Option("--format", help="For people, programs, scanners or GitHub.")
    ] = Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 on warnings too.")] = False,
    now: Annotated[
        str | None, typer.Option(help="The day on which `ends` is looked at; by default today.")
    ] = None,
) -> None:
    """Say what is wrong with rule files, and where.

    Errors keep a release from loading; warnings are what an author can hardly mean.
    Ends with 1 if there is an error, and with 2 if the command itself is wrong.

    Examples:
      tierwise lint
      tierwise lint rules --strict
      tierwise lint rules --format sarif > rules.sarif
    """
    # a short process with millions of lasting values: looking for garbage finds none
    gc.disable()
    sources = sources_of(paths or [rules_folder(None)])
    found, rules = findings(sources, now=moment(now))
    typer.echo(shown(found, sources, layout), nl=False)
    typer.echo(summary(found, len(sources), rules), err=layout is not Format.TEXT)
    errors = any(each.level is Level.ERROR for each in found)
    if errors or (strict and found):
        raise typer.Exit(1)


def sources_of(paths: Sequence[Path]) -> dict[str, bytes]:
    """What stands in the rule files of these folders, by name."""
    mistakes = Mistakes()
    found: dict[str, bytes] = {}
    for path in paths:
        for file, _ in rule_files(path, mistakes):
            try:
                found[file.as_posix()] = file.read_bytes()
            except OSError as problem:
                message = f"`{file}` cannot be read: {problem.strerror}"
                raise typer.BadParameter(message) from problem
    for mistake in mistakes.found:
        raise typer.BadParameter(mistake.message)
    return found


def findings(sources: Mapping[str, bytes], *, now: float) -> tuple[list[Diagnostic], int]:
    """Everything that was found, sorted by place, and how many rules there are."""
    policy, found = read_policy(sources)
    if policy is None:
        return found, sum(len(_RULE.findall(text)) for text in sources.values())
    found = [*found, *lints.check(policy, now=now)]
    return sorted(found, key=lambda each: (each.span, each.code, each.message)), len(policy.rules)


def shown(found: Sequence[Diagnostic], sources: Mapping[str, bytes], layout: Format) -> str:
    """The findings in a format."""
    match layout:
        case Format.TEXT:
            return as_text(found, sources)
        case Format.JSON:
            return as_json(found)
        case Format.SARIF:
            return as_sarif(found, CODES)
        case Format.GITHUB:
            return as_github(found)
        case _:
            assert_never(layout)


def summary(found: Sequence[Diagnostic], files: int, rules: int) -> str:
    """How much was found in how much."""
    errors = sum(each.level is Level.ERROR for each in found)
    warnings = len(found) - errors
    counts = [_count(errors, "error"), _count(warnings, "warning")]
    return f"{', '.join(counts)} in {_count(files, 'file')} ({_count(rules, 'rule')})"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
