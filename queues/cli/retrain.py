"""The command that trains models from what people decided."""

from typing import Annotated

import typer

from queues.bootstrap import Services
from queues.cli.acting import actor, services
from queues.learning import Training


def retrain(
    *,
    score: Annotated[
        str | None, typer.Option(help="Only the model that fills this score; by default all.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come of it, and change nothing.")
    ] = False,
    again: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION",
            help="Train this model once more from the same decisions, and compare every byte.",
        ),
    ] = None,
) -> None:
    """Train models from what people decided, and let in those that the gate finds good enough.

    What is learnt stands under `[learning]` in the settings. Workers do the same by themselves:
    `tierwise worker --queues learning`. Ends with 1 if nothing came of a training, or if --again
    finds a difference; a model that is refused is an outcome.

    Examples:
      tierwise retrain
      tierwise retrain --score score.hate --dry-run
      tierwise retrain --again 3b1f0c9d2a77
    """
    with services() as here:
        if again is not None:
            fine = _again(here, again)
        elif dry_run:
            fine = _dry(here, score)
        else:
            fine = _trained(here, score)
    if not fine:
        raise typer.Exit(1)


def _trained(here: Services, score: str | None) -> bool:
    asked = here.trainings.ask_here(score=score, by=actor())
    done = here.trainer(_progress).run(asked)
    for training in done:
        typer.echo("\n".join(_lines(training)))
    return all(training.state != "failed" for training in done)


def _dry(here: Services, score: str | None) -> bool:
    with here.store.read() as connection:
        wanted = here.trainings.named(connection, score)
    trainer = here.trainer(_progress)
    for target in wanted:
        trial = trainer.try_out(target)
        would = "would be promoted" if trial.judgement.promoted else "would be refused"
        typer.echo(f"model {target.name} {trial.challenger.version[:12]} {would}")
        for reason in trial.judgement.reasons:
            typer.echo(f"  {reason}")
        for remark in trial.remarks:
            typer.echo(f"  (remark) {remark}")
    return True


def _again(here: Services, version: str) -> bool:
    from queues.learning.again import again  # noqa: PLC0415 - slow

    done = again(here.store, version)
    if done.same:
        typer.echo(f"model {done.version[:12]}: the same, byte for byte")
    else:
        typer.echo(f"model {done.version[:12]}: now it is {done.made[:12]}", err=True)
    return done.same


def _lines(training: Training) -> list[str]:
    version = "" if training.challenger is None else f" {training.challenger[:12]}"
    return [
        f"model {training.name}{version} {training.state}",
        *(f"  {reason}" for reason in training.reasons),
        *(f"  (remark) {remark}" for remark in training.remarks),
    ]


def _progress(step: str) -> None:
    typer.echo(f"{step}…", err=True)
