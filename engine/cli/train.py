"""The command that trains a classifier from labelled texts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine.classify.artefact import save_model
from engine.classify.dataset import Columns, Dataset, Label, dataset, parse_label
from engine.classify.model import Estimate, Head, Model
from engine.classify.recipe import Recipe
from engine.cli.streams import BadLine, Form, Row, form_of, opened, rows
from engine.cli.terminal import printable
from engine.errors import CannotTrain

_HEADER = ("signal", "label", "rows", "base rate", "accuracy", "macro-F1", "AUROC", "ECE")


def train(  # noqa: PLR0913  # each is an option of the command
    items: Annotated[
        Path,
        typer.Argument(
            help="Labelled texts: .jsonl, .jsonl.gz or .csv, or - for JSON lines from standard"
            " input.",
            exists=True,
            dir_okay=False,
            allow_dash=True,
        ),
    ],
    *,
    label: Annotated[
        list[str],
        typer.Option(
            help="Where a label stands, such as labels.toxic: yes or no, true or false, or a"
            " number, of which 0.5 and more is yes. Of a label with several values one is named:"
            " labels.class=hateful. Null: the row does not count. May be repeated.",
        ),
    ],
    score: Annotated[
        list[str],
        typer.Option(help="The field the classifier fills, such as score.hate; one per label."),
    ],
    out: Annotated[Path, typer.Option(help="Where the model is written.")],
    text: Annotated[str, typer.Option(help="Where the text stands.")] = "text",
    identity: Annotated[str, typer.Option("--id", help="Where the id stands.")] = "id",
    novelty: Annotated[
        str, typer.Option(help="The field that says how unlike the training texts a text is.")
    ] = "score.novelty",
    folds: Annotated[int, typer.Option(help="Parts that are held out in turn.", min=2, max=20)] = 5,
    seed: Annotated[int, typer.Option(help="What the parts are drawn by.", min=0)] = 0,
    name: Annotated[
        str | None, typer.Option(help="What people call the model; by default as its file.")
    ] = None,
    created: Annotated[
        str | None, typer.Option(help="A date to note in the model; the clock is not read.")
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", help="How the texts are written; by default by the file's name."),
    ] = None,
) -> None:
    """Train a classifier from labelled texts, and say how well it does on texts it has not seen.

    Each label becomes a score between 0 and 1 that can be read as a chance. The figures are means
    and standard deviations over folds; duplicates are never on both sides of one. ECE is the
    expected calibration error, over 15 bins of equal mass. Rows that cannot be read are counted,
    reported with their line and passed over.

    The same rows and seed make the same model, byte by byte. Ends with 1 if the rows do not make a
    classifier, and with 2 if the command itself is wrong.

    Examples:
      tierwise train items.jsonl.gz --label labels.toxic --score score.hate --out hate.model
      tierwise train items.csv --label class=hateful --score score.hate --out hate.model
    """
    labels = _labels(label, score, novelty, out)
    columns = Columns(labels=labels, text=text, identity=identity)
    with opened(items) as source:
        found = dataset(_numbered(rows(source, form or form_of(items))), columns)
    _report(found)
    recipe = Recipe(
        signals=tuple(score),
        name=name or out.stem,
        novelty=novelty,
        folds=folds,
        seed=seed,
        created=created,
    )
    _train(found, recipe, out)


def _train(found: Dataset, recipe: Recipe, out: Path) -> None:
    # scikit-learn takes a second to import, and a wrong command line should not.
    from engine.classify.training import train as trained  # noqa: PLC0415 - slow

    try:
        model = trained(found, recipe, lambda step: typer.echo(f"{step}…", err=True))
        version = save_model(model, out).version
    except CannotTrain as refusal:
        typer.echo(f"error: {printable(refusal.reason)}", err=True)
        typer.echo(f"  hint: {printable(refusal.hint)}", err=True)
        raise typer.Exit(1) from refusal
    except OSError as failure:
        message = f"{out} cannot be written: {failure.strerror}"
        raise typer.BadParameter(message, param_hint="--out") from failure
    typer.echo(_summary(model, found))
    typer.echo(f"wrote {out}, version {version[:12]}")


def _labels(
    written: Sequence[str], signals: Sequence[str], novelty: str, out: Path
) -> tuple[Label, ...]:
    """The labels, or what is wrong with the command line."""
    labels = tuple(parse_label(each) for each in written)
    twice = [signal for signal, count in Counter((*signals, novelty)).items() if count > 1]
    if len(labels) != len(signals):
        message = f"{len(labels)} --label and {len(signals)} --score: each label needs one score"
        raise typer.BadParameter(message)
    if twice:
        message = f"`{twice[0]}` is filled twice; give each signal a field of its own"
        raise typer.BadParameter(message)
    if not all(each.path for each in labels) or not all((*signals, novelty)):
        message = "a label or a score has no name"
        raise typer.BadParameter(message)
    if out.is_dir() or not out.absolute().parent.is_dir():
        message = f"{out} is a folder" if out.is_dir() else f"there is no folder {out.parent}"
        raise typer.BadParameter(message, param_hint="--out")
    return labels


def _numbered(lines: Iterator[Row | BadLine]) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    """Lines as training takes them: the object, or the reason why there is none."""
    for line in lines:
        yield line.number, line.error if isinstance(line, BadLine) else line.raw


def _report(found: Dataset) -> None:
    """Name the rows that were passed over."""
    for row in found.bad_rows:
        typer.echo(f"line {row.line}: {printable(row.reason)}", err=True)
    if found.bad > len(found.bad_rows):
        typer.echo(f"… and {found.bad - len(found.bad_rows)} more lines", err=True)


def _summary(model: Model, found: Dataset) -> str:
    """The figures as a table."""
    counts = f"{len(found.texts)} rows, {found.unlabelled} without a label, {found.bad} unreadable"
    table = [_HEADER, *map(_figures, model.heads)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    novelty = (
        f"{model.novelty.signal} of held-out texts: half are below {model.novelty.median:.2f}, "
        f"95 % below {model.novelty.percentile_95:.2f}"
    )
    return "\n".join((f"{counts}; {model.origin.folds} folds", "", *lines, "", novelty))


def _figures(head: Head) -> tuple[str, ...]:
    quality = head.quality
    return (
        head.signal,
        printable(head.label),
        str(quality.rows),
        f"{quality.base_rate:.1%}",
        *map(
            _estimate,
            (quality.accuracy, quality.macro_f1, quality.auroc, quality.calibration_error),
        ),
    )


def _estimate(estimate: Estimate) -> str:
    return f"{estimate.mean:.3f} ± {estimate.deviation:.3f}"
