"""The command that says what is decided about one item, and why."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import orjson
import typer

from engine.cli.explanations import Explained, as_record, fields_record, in_words
from engine.cli.loading import load_models, load_release
from engine.cli.locations import rules_folder
from engine.cli.moments import moment
from engine.cli.streams import MAX_LINE, BadLine, Form, Row, form_of, opened, rows
from engine.cli.terminal import printable
from engine.errors import InvalidItem
from engine.item import Item
from engine.recording import Recorder
from engine.rules.items import ItemReader
from engine.rules.vocabulary import Vocabulary
from engine.scoring import scored


class Layout(StrEnum):
    """How an explanation is shown."""

    #: For people.
    TEXT = "text"
    #: One object.
    JSON = "json"


def explain(  # noqa: PLR0913  # each is an option of the command
    item: Annotated[
        Path,
        typer.Argument(
            help="A JSON file with one item, a file of items (see --line), or - for input.",
        ),
    ],
    *,
    rules: Annotated[
        Path | None, typer.Option(help="The folder of the rules; by default ./rules.")
    ] = None,
    model: Annotated[
        list[Path] | None,
        typer.Option(help="A classifier that scores the text; several may be given."),
    ] = None,
    line: Annotated[
        int | None, typer.Option(min=1, help="The line of a file of items, counted from 1.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(help="The moment to judge at, such as 2026-03-01; by default now.")
    ] = None,
    every_rule: Annotated[
        bool, typer.Option("--all", help="Show the rules that have nothing to say too.")
    ] = False,
    layout: Annotated[
        Layout, typer.Option("--format", help="For people, or as one JSON object.")
    ] = Layout.TEXT,
) -> None:
    """Say what is decided about one item, what each rule saw, and which ones nearly matched.

    Counters know nothing of other items here: give their values with the item, such as
    "counter.posts-by-author": 5.

    Examples:
      tierwise explain item.json
      tierwise explain items.jsonl --line 17 --model hate.model
      echo '{"id": "1", "text": "hello"}' | tierwise explain - --format json
    """
    release = load_release(rules_folder(rules))
    scorer = load_models(model or ())
    read = _read(item, line, release.policy.vocabulary)
    signals = scorer.score([read])[0] if scorer else {}
    judged = scored(read, signals)
    at = moment(now)
    explained = Explained(
        policy=release.policy,
        item=judged,
        verdict=release.evaluate(judged, now=at),
        reports=release.explain(judged),
        now=at,
    )
    if layout is Layout.TEXT:
        for written in in_words(explained, every_rule=every_rule):
            typer.echo(written)
        return
    recorder = Recorder(release=release, models=scorer.names if scorer else (), with_text=True)
    record = {
        "fields": fields_record(judged),
        "decision": recorder.record(judged, explained.verdict, signals),
        "rules": as_record(explained),
    }
    typer.echo(orjson.dumps(record, option=orjson.OPT_INDENT_2))


def _read(path: Path, line: int | None, vocabulary: Vocabulary) -> Item:
    """The item of a file; with mistakes in it the command ends."""
    form = form_of(path)
    with opened(path) as source:
        if line is None and form is Form.JSONL:
            found = _whole(source.read(MAX_LINE + 1))
        else:
            found = _at(path, rows(source, form), line)
    if isinstance(found, Row):
        try:
            return ItemReader(vocabulary, cells=form is Form.CSV).read(found.raw)
        except InvalidItem as problem:
            found = BadLine(found.number, str(problem), found.written)
    typer.echo(printable(f"{path}: {found.error}"), err=True)
    raise typer.Exit(1)


def _at(path: Path, found: Iterator[Row | BadLine], line: int | None) -> Row | BadLine:
    """The row that begins on a line; by default the first."""
    for row in found:
        if line is None or row.number == line:
            return row
        if row.number > line:
            break
    message = f"there is no item on line {line or 1} of `{path}`"
    raise typer.BadParameter(message)


def _whole(written: bytes) -> Row | BadLine:
    """The one item of a file, however many lines it takes; of several, the first."""
    if len(written) > MAX_LINE:
        return BadLine(1, f"the item is larger than {MAX_LINE // 2**20} MB; name a --line", b"")
    try:
        raw = orjson.loads(written)
    except orjson.JSONDecodeError as failure:
        first = next(iter(written.split(b"\n", 1)))
        if first == written:
            return BadLine(1, f"this is no JSON: {failure.msg}", written)
        return BadLine(1, f"this is not one JSON object ({failure.msg}); name a --line", written)
    if isinstance(raw, dict):
        return Row(1, raw, written)
    return BadLine(1, 'expected an object such as {"id": "1", "text": "…"}', written)
