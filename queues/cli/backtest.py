"""The command that tries a policy on what came: what would be decided otherwise, and its price."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer

from engine.backtesting.comparing import Comparer
from engine.backtesting.limits import InvalidLimit, Limit, broken, check_names, limit_of
from engine.backtesting.report import Report, record_of, report_of
from engine.backtesting.sums import Sums
from engine.backtesting.terms import HOURS_A_DAY, PEOPLE, Handling, Terms
from engine.backtesting.wording import markdown, text
from engine.cli.backtesting import FileLog, compare_file, golden_in, labels_in
from engine.cli.loading import load_release
from engine.cli.moments import moment
from engine.rules.release import Release
from engine.verdict import Tier

_INTERRUPTED: Final = 130


class Layout(StrEnum):
    """How the report is written."""

    #: For people.
    TEXT = "text"
    #: One object, with everything.
    JSON = "json"
    #: For a pull request.
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a backtest over the log is run."""

    since: str
    until: str | None
    processes: int
    distributed: bool
    priced: bool
    """Whether what work costs was told; else it is what it was in the window."""


def backtest(  # noqa: PLR0913  # each is an option of the command
    new: Annotated[
        str, typer.Argument(help="The policy that is tried: a folder of rules, or a release.")
    ],
    *,
    against: Annotated[
        str | None,
        typer.Option(
            help="The policy that it is compared with: a folder or a release; by default the "
            "release in force."
        ),
    ] = None,
    items: Annotated[
        Path | None,
        typer.Option(help="Items in the order of time: .jsonl, .jsonl.gz or .csv. No server."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Items that the service took in, such as `30d` or `12h`.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Where the window ends, such as 2026-03-01; by default now.")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="What people decided: lines with `id`, `action` and, where the old policy did "
            "not route the item, `inclusion_probability`. The service knows its own."
        ),
    ] = None,
    golden: Annotated[
        Path | None, typer.Option(help="Items whose right `action` stands beside them.")
    ] = None,
    model: Annotated[
        list[Path] | None, typer.Option(help="A classifier that scores the texts of the file.")
    ] = None,
    days: Annotated[
        float | None, typer.Option(help="How many days the file is of; by default by its dates.")
    ] = None,
    horizon: Annotated[float, typer.Option(help="Days that the forecast is about.")] = 7.0,
    seconds: Annotated[
        list[str] | None,
        typer.Option(
            help="What a case takes, such as `single=28.8`; the service knows what cases took."
        ),
    ] = None,
    rate: Annotated[
        list[str] | None, typer.Option(help="What an hour of people costs, such as `senior=35`.")
    ] = None,
    fail_if: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-if",
            help="End with 1 if a figure is too much, such as `cost_per_day > +50`, "
            "`automation < -2%` or `golden_regressions > 0`; may be given several times.",
        ),
    ] = None,
    distributed: Annotated[
        bool, typer.Option("--distributed", help="Have workers do it, a part at a time.")
    ] = False,
    processes: Annotated[
        int | None, typer.Option(min=1, help="That judge; by default one for each core.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(help="The moment of items without a date; by default now.")
    ] = None,
    layout: Annotated[
        Layout, typer.Option("--format", help="For people, programs or a pull request.")
    ] = Layout.TEXT,
    out: Annotated[Path | None, typer.Option(help="Where the report is written.")] = None,
) -> None:
    """Judge a log of items by two policies, and say what the new one would change.

    The matrix of tier and action with items of each cell; the change of automation, people's
    minutes, cost, people needed, cases in time and errors, each with its interval of 95 %; rules
    that gain or lose. Ends with 1 where a limit of `--fail-if` is broken or cannot be told.

    The log is a file (`--items`), with no server, or what the service took in (`--since`), with
    what people decided and how long that took. Then the forecast is kept, for `tierwise forecast`.

    Examples:
      tierwise backtest rules --against ../main/rules --items items.jsonl
      tierwise backtest rules --since 30d --fail-if 'cost_per_day > +50'
      tierwise backtest 4f1c9a0b7d2e --since 30d --distributed
    """
    of_file = {"--labels": labels, "--golden": golden, "--model": model, "--days": days}
    _check(items, since, against, of_file, distributed=distributed)
    limits, many = _limits(fail_if or ()), processes or os.cpu_count() or 1
    terms = _terms(seconds or (), rate or (), days, horizon)
    try:
        if items is not None:
            log = FileLog(
                items=items,
                models=tuple(model or ()),
                labels={} if labels is None else labels_in(labels),
                now=moment(now),
            )
            report = _of_file(Path(new), Path(against or ""), log, golden, terms, many)
        else:
            how = How(
                since=since or "",
                until=until,
                processes=many,
                distributed=distributed,
                priced=bool(seconds or rate),
            )
            report = _of_log(new, against, terms, how)
    except KeyboardInterrupt:
        typer.echo("\ninterrupted; nothing was kept", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    finish(report, limits, layout, out)


def _check(
    items: Path | None,
    since: str | None,
    against: str | None,
    of_file: Mapping[str, object],
    *,
    distributed: bool,
) -> None:
    """Refuse what does not go together."""
    message: str | None = None
    if (items is None) == (since is None):
        message = "name a file of items with `--items`, or a window of the log with `--since 30d`"
    elif items is not None and (distributed or against is None):
        message = "a file needs `--against FOLDER`, and is judged on this machine"
    elif since is not None:
        wrong = [name for name, given in of_file.items() if given]
        if wrong:
            message = f"{', '.join(wrong)}: of a file alone; the service knows its own"
    if message is not None:
        raise typer.BadParameter(message)


def _of_log(new: str, against: str | None, terms: Terms, how: How) -> Report:
    from queues.cli import backtest_log  # noqa: PLC0415 - a file needs no database

    asked = backtest_log.Asked(
        new=new,
        old=against,
        window=backtest_log.window(how.since, how.until),
        terms=terms,
        priced=how.priced,
    )
    return backtest_log.of_log(asked, how.processes, distributed=how.distributed)


def _of_file(
    new: Path, old: Path, log: FileLog, golden: Path | None, terms: Terms, processes: int
) -> Report:
    first, second = load_release(old), load_release(new)
    sums, notes = compare_file(first, second, log, processes=processes, progress=_progress)
    if golden is not None:
        sums.add(_golden(first, second, golden, log.now))
    return report_of(sums, first.name, second.name, terms, notes)


def finish(report: Report, limits: Sequence[Limit], layout: Layout, out: Path | None) -> None:
    """Write a report, and end with 1 where it breaks a limit."""
    try:
        check_names(list(limits), report)
    except InvalidLimit as problem:
        raise typer.BadParameter(str(problem)) from problem
    _write(report, layout, out)
    failed = [found for limit in limits if (found := broken(limit, report)) is not None]
    for each in failed:
        typer.echo(f"limit `{each.limit.written}` is broken: {each.why}", err=True)
    if failed:
        raise typer.Exit(1)


def _golden(old: Release, new: Release, path: Path, now: float) -> Sums:
    return Comparer(old, new, now=now).golden(golden_in(path, now))


def _write(report: Report, layout: Layout, out: Path | None) -> None:
    if layout is Layout.JSON:
        written = orjson.dumps(record_of(report), option=orjson.OPT_INDENT_2)
    else:
        lines = (text if layout is Layout.TEXT else markdown)(report)
        written = "\n".join(lines).encode()
    if out is None:
        typer.echo(written.decode())
        return
    try:
        out.write_bytes(written + b"\n")
    except OSError as error:
        message = f"{out}: {error.strerror}"
        raise typer.BadParameter(message) from error


def _limits(written: Iterable[str]) -> list[Limit]:
    try:
        return [limit_of(each) for each in written]
    except InvalidLimit as problem:
        raise typer.BadParameter(str(problem)) from problem


def _terms(
    seconds: Iterable[str], rates: Iterable[str], days: float | None, horizon: float
) -> Terms:
    usual = Terms().handling
    taken, paid = _by_tier("seconds", seconds), _by_tier("rate", rates)
    for what, given in (("days", days), ("horizon", horizon)):
        if given is not None and not given > 0:
            message = f"`--{what}` has to be above 0"
            raise typer.BadParameter(message)
    return Terms(
        handling={
            tier: Handling(
                seconds=taken.get(tier, usual[tier].seconds),
                rate=paid.get(tier, usual[tier].rate),
                votes=usual[tier].votes,
            )
            for tier in PEOPLE
        },
        hours=None if days is None else days * HOURS_A_DAY,
        horizon=horizon,
    )


def _by_tier(what: str, written: Iterable[str]) -> dict[Tier, float]:
    found: dict[Tier, float] = {}
    for each in written:
        name, _, number = each.partition("=")
        try:
            tier, value = Tier(name), float(number)
        except ValueError:
            tier, value = Tier.NONE, -1.0
        if tier not in PEOPLE or not 0 <= value < float("inf"):
            message = f"`--{what} {each}`: expected `single` or `senior`, `=` and a number"
            raise typer.BadParameter(message)
        found[tier] = value
    return found


def _progress(done: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done:,} items", nl=False, err=True)
