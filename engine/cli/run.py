"""The command that judges a file of items."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated, BinaryIO, Final

import orjson
import typer

from engine.cli.judging import Judged, Judging, batches
from engine.cli.loading import load_models, load_release
from engine.cli.locations import rules_folder
from engine.cli.moments import moment
from engine.cli.streams import STDIN, BadLine, Form, Row, form_of, opened, rows
from engine.cli.summary import Summary
from engine.counting import SlidingWindow, counters_in_use, sliding_window
from engine.recording import Recorder
from engine.rules.garbage import spare_what_lasts
from engine.rules.items import ItemReader
from engine.rules.release import Release
from engine.scoring import Scorer

#: Characters of a rejected line that are written down.
_MOST_WRITTEN: Final = 10_000
_INTERRUPTED: Final = 130


def run(  # noqa: PLR0913  # each is an option of the command
    items: Annotated[
        Path,
        typer.Argument(
            help="Items: .jsonl, .jsonl.gz or .csv, or - for JSON lines from standard input.",
        ),
    ],
    *,
    rules: Annotated[
        Path | None, typer.Option(help="The folder of the rules; by default ./rules.")
    ] = None,
    model: Annotated[
        list[Path] | None,
        typer.Option(help="A classifier that scores the texts; several may be given."),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Where decisions are written, one JSON object a line.")
    ] = STDIN,
    rejects: Annotated[
        Path | None, typer.Option(help="Where lines that cannot be read are written, with why.")
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="How the items are written; by default by the file's name."),
    ] = None,
    now: Annotated[
        str | None, typer.Option(help="The moment to judge at, such as 2026-03-01; by default now.")
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Refuse unknown fields; end with 1 if a line was rejected."),
    ] = False,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Write the matched pieces of texts too.")
    ] = False,
) -> None:
    """Judge every item of a file by the rules, and sum up what was decided.

    A line that cannot be read is reported with its number and passed over. The summary goes to
    standard error if the decisions go to standard output.

    Examples:
      tierwise run items.jsonl --out decisions.jsonl
      tierwise run items.jsonl.gz --model hate.model --rejects bad.jsonl > decisions.jsonl
      cat items.jsonl | tierwise run - --rules rules | jq .tier
    """
    _keep_apart(items, out, rejects)
    release = load_release(rules_folder(rules))
    form = form or form_of(items)
    reader = ItemReader(release.policy.vocabulary, strict=strict, cells=form is Form.CSV)
    judging = _judging(release, reader, load_models(model or ()), moment(now))
    recorder = Recorder(release=release, models=judging.models, with_text=with_text)
    summary = Summary()
    spare_what_lasts(replaced=False)
    started = perf_counter()
    with ExitStack() as files:
        source = files.enter_context(opened(items))
        writer = Writer(
            recorder=recorder,
            decisions=_target(files, out),
            rejects=None if rejects is None else _target(files, rejects),
        )
        _judge_all(rows(source, form), judging, writer, summary)
    _report(summary, judging, perf_counter() - started, err=out == STDIN)
    if strict and summary.rejected:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes decisions, and the lines that are no items."""

    recorder: Recorder
    decisions: BinaryIO
    rejects: BinaryIO | None

    def write(self, judged: Judged) -> None:
        """Write a batch."""
        record = self.recorder.record
        self.decisions.writelines(
            orjson.dumps(record(item, verdict, signals, context), option=orjson.OPT_APPEND_NEWLINE)
            for item, verdict, signals, context in zip(
                judged.items, judged.verdicts, judged.signals, judged.contexts, strict=True
            )
        )
        if self.rejects is not None:
            self.rejects.writelines(map(_rejected, judged.rejected))


def _judging(release: Release, reader: ItemReader, scorer: Scorer | None, now: float) -> Judging:
    counters = counters_in_use(release.policy)
    return Judging(
        release=release,
        reader=reader,
        scorer=scorer,
        counters=sliding_window(release, counters) if counters else None,
        now=now,
    )


def _judge_all(
    found: Iterator[Row | BadLine], judging: Judging, writer: Writer, summary: Summary
) -> None:
    """Judge, write and sum up batch by batch; what was written stays if a person interrupts."""
    try:
        for batch in batches(found):
            judged = judging.judge(batch)
            writer.write(judged)
            summary.add(judged.verdicts, judged.rejected)
            _progress(summary.judged)
    except KeyboardInterrupt:
        typer.echo(f"\ninterrupted after {summary.judged:,} items", err=True)
        raise typer.Exit(_INTERRUPTED) from None


def _rejected(line: BadLine) -> bytes:
    record = {
        "line": line.number,
        "error": line.error,
        "raw": line.written[:_MOST_WRITTEN].decode(errors="replace").rstrip("\r\n"),
        "truncated": len(line.written) > _MOST_WRITTEN,
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _keep_apart(items: Path, *targets: Path | None) -> None:
    """Refuse to write over what is read, or two things to one file."""
    named = [target for target in (items, *targets) if target is not None and target != STDIN]
    places = [name.resolve() for name in named]
    for number, place in enumerate(places):
        if place in places[:number]:
            message = f"`{named[number]}` cannot be read and written, or written twice, at once"
            raise typer.BadParameter(message)


def _target(files: ExitStack, path: Path) -> BinaryIO:
    if path == STDIN:
        return sys.stdout.buffer
    try:
        return files.enter_context(path.open("wb"))
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise typer.BadParameter(message) from error


def _progress(judged: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{judged:,} items", nl=False, err=True)


def _report(summary: Summary, judging: Judging, seconds: float, *, err: bool) -> None:
    if sys.stderr.isatty():
        typer.echo("\r", nl=False, err=True)
    unknown = judging.reader.unknown
    for line in summary.lines(seconds=seconds, unknown=unknown):
        typer.echo(line, err=err)
    for line in _warnings(judging):
        typer.echo(f"warning: {line}", err=err)


def _warnings(judging: Judging) -> Iterator[str]:
    """What about models and counters a person should know."""
    scorer, counters = judging.scorer, judging.counters
    if scorer is not None:
        for name in scorer.undeclared(judging.release.policy.vocabulary):
            yield f"no rule can look at `{name}`, as the vocabulary does not declare it"
        for failure, texts in scorer.failures.items():
            yield f"{failure}: {texts:,} texts have no score"
    if isinstance(counters, SlidingWindow) and counters.late:
        yield (
            f"{counters.late:,} items came more than a day behind later ones, so counters may be "
            "too low; sort the file by time"
        )
