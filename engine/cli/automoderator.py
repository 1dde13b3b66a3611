"""The command that brings AutoModerator files over."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, assert_never

import typer

from engine.cli.lint import sources_of
from engine.cli.loading import refuse
from engine.cli.locations import rules_folder
from engine.cli.moments import moment
from engine.cli.streams import opened
from engine.errors import CannotImport, InvalidPolicy
from engine.importing.automoderator import Imported, Options, import_files
from engine.importing.rendering import as_json, as_markdown, as_text
from engine.importing.reports import Fate, Report, Topic
from engine.rules import quantities
from engine.rules.limits import FILE_BYTES
from engine.rules.quantities import NotAQuantity

#: How long imported rules are looked at, where nobody says.
_DAYS = 120


class Layout(StrEnum):
    """How the report is shown."""

    #: For people.
    TEXT = "text"
    #: One object.
    JSON = "json"
    #: For a page.
    MARKDOWN = "markdown"


def automoderator(  # noqa: PLR0913 - one parameter for each option
    files: Annotated[
        list[Path], typer.Argument(help="Files of AutoModerator, or - for standard input.")
    ],
    *,
    owner: Annotated[str, typer.Option(help="Who answers for the rules.")],
    out: Annotated[
        Path | None,
        typer.Option(help="A folder for the rules; by default they go to standard output."),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            help="Rules whose vocabulary is used; by default ./rules, none with --declare."
        ),
    ] = None,
    declare: Annotated[
        bool, typer.Option("--declare", help="Also write the fields, the reason and the queue.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="The reason of all rules; with --declare `imported`.")
    ] = None,
    policy: Annotated[
        str | None, typer.Option(help="Their policy; by default that of the reason.")
    ] = None,
    ends: Annotated[
        str | None, typer.Option(help="Their last day, such as 2027-04-30; by default in 120 days.")
    ] = None,
    language: Annotated[str, typer.Option(help="The language of their messages.")] = "en",
    layout: Annotated[
        Layout, typer.Option("--report", help="How the report is shown.")
    ] = Layout.TEXT,
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that are there already.")
    ] = False,
    now: Annotated[
        str | None, typer.Option(help="The day from which 120 days are counted; by default today.")
    ] = None,
) -> None:
    """Bring AutoModerator files over as shadow rules, and say what became of each rule.

    Nothing acts: every rule is in shadow, and ends. The report goes to standard output, or to
    standard error where the rules go to standard output.
    Ends with 1 if a rule needs a person or a file cannot be read, with 2 if the command is wrong.

    Examples:
      tierwise import automoderator automod.yaml --owner mods@example.org --declare --out imported
      tierwise import automoderator automod.yaml --owner mods@example.org --reason spam.links
      tierwise import automoderator - --owner mods@example.org --declare < automod.yaml
    """
    options = Options(
        owner=owner,
        ends=_day(ends, now),
        reason=reason or "imported",
        policy=policy,
        language=language,
        declares=declare,
    )
    try:
        found = import_files(_contents(files), options, _around(rules, out, declares=declare))
    except InvalidPolicy as mistakes:
        refuse(mistakes)
    except CannotImport as problem:
        raise typer.BadParameter(str(problem)) from problem
    if out is None:
        typer.echo("---\n".join(found.files.values()), nl=False)
    else:
        _write(out, found, force=force)
    typer.echo(_shown(found.report, layout), nl=False, err=out is None)
    if _needs_somebody(found.report):
        raise typer.Exit(1)


def _day(ends: str | None, now: str | None) -> str:
    """The last day of the rules."""
    if ends is None:
        day = datetime.fromtimestamp(moment(now), tz=UTC) + timedelta(days=_DAYS)
        return day.strftime("%Y-%m-%d")
    try:
        quantities.end_of(ends)
    except NotAQuantity as problem:
        message = f"--ends: {problem}"
        raise typer.BadParameter(message) from problem
    return ends


def _contents(files: Sequence[Path]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for file in files:
        with opened(file) as stream:
            try:
                found[file.as_posix()] = stream.read(FILE_BYTES + 1)
            except OSError as problem:
                message = f"`{file}` cannot be read: {problem.strerror}"
                raise typer.BadParameter(message) from problem
    return found


def _around(rules: Path | None, out: Path | None, *, declares: bool) -> Mapping[str, bytes]:
    """The rule files whose vocabulary is used, without those of an earlier import."""
    if rules is None and declares:
        return {}
    sources = sources_of([rules_folder(rules)])
    if out is None:
        return sources
    own = out.resolve()
    return {name: text for name, text in sources.items() if own not in Path(name).resolve().parents}


def _write(out: Path, found: Imported, *, force: bool) -> None:
    taken = [out / name for name in found.files if (out / name).exists()]
    if taken and not force:
        message = f"`{taken[0]}` is there already; name another folder, or add --force"
        raise typer.BadParameter(message)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in found.files.items():
            (out / name).write_bytes(text.encode())
    except OSError as problem:
        message = f"`{out}` cannot be written: {problem.strerror}"
        raise typer.BadParameter(message) from problem


def _shown(report: Report, layout: Layout) -> str:
    match layout:
        case Layout.TEXT:
            return as_text(report)
        case Layout.JSON:
            return as_json(report)
        case Layout.MARKDOWN:
            return as_markdown(report)
        case _:
            assert_never(layout)


def _needs_somebody(report: Report) -> bool:
    unread = any(remark.topic is Topic.BY_HAND for file in report.files for remark in file.remarks)
    return unread or report.counts[Fate.BY_HAND] > 0
