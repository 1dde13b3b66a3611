"""The command that measures the engine on this machine."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import orjson
import typer

from engine.bench.figures import Figure, markdown, text
from engine.bench.suite import MODEL, SIZES, Ground, figures
from engine.bench.texts import texts_of
from engine.cli.pace import pace
from engine.cli.throughput import throughput
from engine.rules.release import Release

_FEWEST_TEXTS: Final = 2_000
_USUAL: Final = 1_000


class Layout(StrEnum):
    """How the figures are shown."""

    #: For people.
    TEXT = "text"
    #: One object a line.
    JSON = "json"
    #: A table for a document.
    MARKDOWN = "markdown"


def bench(
    *,
    items: Annotated[
        list[Path] | None,
        typer.Option(
            help="Items whose short texts to take (JSON lines, .gz too); by default invented ones.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    rules: Annotated[
        list[int] | None, typer.Option(min=1, help="How many rules; may be given several times.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same rules.")] = 1,
    layout: Annotated[
        Layout, typer.Option("--format", help="For people, for programs, or for a document.")
    ] = Layout.TEXT,
) -> None:
    """Measure what judging costs on this machine, on rules made for the purpose.

    Times are medians; no text is judged twice by the same release. Nothing else should be running.

    Examples:
      tierwise bench
      tierwise bench --items comments.jsonl.gz --rules 1000 --format markdown
    """
    try:
        texts = texts_of(items or [], seed)
    except (OSError, ValueError, EOFError) as error:
        message = f"the items cannot be read: {error}"
        raise typer.BadParameter(message) from error
    if len(texts) < _FEWEST_TEXTS:
        message = f"these have {len(texts):,} different short texts, {_FEWEST_TEXTS:,} are needed"
        raise typer.BadParameter(message)
    ground = Ground.of(texts, seed)
    found: list[Figure] = []
    for figure in own_figures(ground, rules or SIZES):
        found.append(figure)
        if layout is Layout.TEXT:
            typer.echo(text(figure))
        elif layout is Layout.JSON:
            typer.echo(orjson.dumps(figure.record))
    if layout is Layout.MARKDOWN:
        for line in markdown(found):
            typer.echo(line)


def own_figures(ground: Ground, sizes: Sequence[int]) -> Iterator[Figure]:
    """Every figure of this engine, in a folder of its own that is gone afterwards."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        yield from figures(ground, sizes, folder)
        policy = ground.policy(_USUAL)
        for model in (None, folder / MODEL):
            yield throughput(Release.of(policy), ground.items, model, folder)
        yield from pace(policy, ground.items, folder)
