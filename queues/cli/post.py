"""The command that posts a file of items to a running service."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Annotated, BinaryIO, Final

import orjson
import typer

from engine.cli.streams import STDIN, BadLine, Form, form_of, opened, rows
from queues.cli.tally import Tally
from queues.client import Client, NoAnswer, Raw, post_all

_HERE: Final = "http://127.0.0.1:8080"
_BATCH: Final = 500
_LARGEST: Final = 1_000


def post(  # noqa: PLR0913  # each is an option of the command
    items: Annotated[
        Path,
        typer.Argument(
            help="Items: .jsonl, .jsonl.gz or .csv, or - for JSON lines from standard input.",
        ),
    ],
    *,
    url: Annotated[
        list[str] | None,
        typer.Option(help=f"The service, by default {_HERE}; several are taken in turn."),
    ] = None,
    key: Annotated[
        str, typer.Option(envvar="TIERWISE_KEY", help="A key with the scope items:write.")
    ],
    batch: Annotated[
        int, typer.Option(min=1, max=_LARGEST, help="Items in a request; 1 posts each alone.")
    ] = _BATCH,
    at_once: Annotated[int, typer.Option(min=1, help="Requests under way at once.")] = 4,
    out: Annotated[
        Path | None, typer.Option(help="Where answers are written, one JSON object a line.")
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="How the items are written; by default by the file's name."),
    ] = None,
) -> None:
    """Post every item of a file, again until each has an answer, and sum up what was decided.

    Items that were posted before get the answer they had. Ends with 1 if an item was refused.

    Examples:
      tierwise post items.jsonl --url http://127.0.0.1:8080 --key tw_…
      tierwise post items.jsonl.gz --batch 1 --at-once 32 --out answers.jsonl
    """
    tally = Tally()
    bad: list[BadLine] = []
    started = perf_counter()
    with ExitStack() as files:
        source = files.enter_context(opened(items))
        target = None if out is None else _target(files, out)
        raws = _objects(source, form or form_of(items), bad)
        client = Client(urls=[each.rstrip("/") for each in url or [_HERE]], key=key)
        try:
            asyncio.run(_post(client, raws, (batch, at_once), tally, target))
        except NoAnswer as problem:
            typer.echo(f"after {tally.posted:,} items: {problem}", err=True)
            raise typer.Exit(1) from problem
    for line in tally.lines(perf_counter() - started):
        typer.echo(line, err=out == STDIN)
    for each in bad[:3]:
        typer.echo(f"warning: line {each.number} is no item: {each.error}", err=True)
    if tally.refused or bad:
        raise typer.Exit(1)


async def _post(
    client: Client,
    raws: Iterator[Raw],
    sizes: tuple[int, int],
    tally: Tally,
    target: BinaryIO | None,
) -> None:
    batch, at_once = sizes
    async with client:
        async for _, answer in post_all(client, raws, batch=batch, at_once=at_once):
            tally.add(answer)
            if target is not None:
                target.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
    tally.retried = client.retried


def _objects(source: BinaryIO, form: Form, bad: list[BadLine]) -> Iterator[Raw]:
    for row in rows(source, form):
        if isinstance(row, BadLine):
            bad.append(row)
        else:
            yield row.raw


def _target(files: ExitStack, out: Path) -> BinaryIO:
    if out == STDIN:
        return sys.stdout.buffer
    try:
        return files.enter_context(out.open("wb"))
    except OSError as error:
        message = f"{out}: {error.strerror}"
        raise typer.BadParameter(message) from error
