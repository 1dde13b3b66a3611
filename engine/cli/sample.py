"""`tierwise sample`: invented items to try rules and classifiers on."""

from pathlib import Path
from typing import Annotated

import typer

from engine.samples import write_sample, write_split

_MAX_ITEMS = 1_000_000


def sample(
    out: Annotated[Path, typer.Argument(help="The file to write, one JSON object per line.")],
    *,
    count: Annotated[int, typer.Option(min=1, max=_MAX_ITEMS, help="How many items.")] = 4000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same items.")] = 7,
    split: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Write two files instead: this share, the earliest items, to NAME.train.jsonl, "
            "the later ones to NAME.rest.jsonl.",
        ),
    ] = None,
) -> None:
    """Write invented items of a small platform: mild, seeded, with the truth beside each.

    `truth` says what would be right to do. Rules never look at it; train and measure with it.

    Examples:
        tierwise sample out/sample.jsonl

        tierwise sample out/sample.jsonl --count 20000 --split 0.3
    """
    try:
        if split is None:
            written = write_sample(out, count, seed)
            typer.echo(f"{out}: {written:,} items")
            return
        train, rest = halves(out)
        early, late = write_split(train, rest, split, count, seed)
    except OSError as error:
        message = f"{out}: {error.strerror}"
        raise typer.BadParameter(message) from error
    typer.echo(f"{train}: {early:,} items")
    typer.echo(f"{rest}: {late:,} items")


def halves(out: Path) -> tuple[Path, Path]:
    """The names of the two files beside the one that was named."""
    suffix = out.suffix or ".jsonl"
    return out.with_suffix(f".train{suffix}"), out.with_suffix(f".rest{suffix}")
