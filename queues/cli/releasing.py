"""The commands about a release on its way into force."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from queues.bootstrap import Services
from queues.cli.acting import actor, services
from queues.releasing import Shown, Stage, differences
from queues.store.trials import Trial, TrialKind, Unit

_NAME: Final = typer.Argument(help="The release.")


def show(name: Annotated[str, _NAME]) -> None:
    """Show how far a release is, who stands behind it, and how it does where it is tried.

    Examples:
      tierwise release show 4f1c9a0b7d2e
    """
    with services() as here:
        for line in _lines(here, here.releasing.show(name)):
            typer.echo(line)


def test(name: Annotated[str, _NAME]) -> None:
    """Run the tests of a release that is stored, once; ends with 1 if one fails.

    Examples:
      tierwise release test 4f1c9a0b7d2e
    """
    with services() as here:
        outcome = here.releasing.test(name, by=actor())
    for failure in outcome.failures:
        typer.echo(f"failed: {failure}")
    typer.echo(outcome.says)
    if outcome.failed:
        raise typer.Exit(1)


def approve(
    name: Annotated[str, _NAME],
    *,
    note: Annotated[str | None, typer.Option(help="Why, for people.")] = None,
) -> None:
    """Stand behind a release that somebody else published, and whose tests pass.

    Examples:
      tierwise release approve 4f1c9a0b7d2e --note "read with Ana"
    """
    with services() as here:
        found = here.releasing.approve(name, by=actor(), note=note)
    typer.echo(f"release {name} is {found.stage} ({found.approvals} of {found.needed} approvals)")


def shadow(name: Annotated[str, _NAME]) -> None:
    """Let a release judge whatever comes in, without effect; only what differs is kept.

    Examples:
      tierwise release shadow 4f1c9a0b7d2e
      tierwise release show 4f1c9a0b7d2e
    """
    with services() as here:
        trial = here.releasing.begin(name, TrialKind.SHADOW, by=actor())
    typer.echo(f"release {name} is in the shadow of {trial.against}")


def canary(
    name: Annotated[str, _NAME],
    *,
    share: Annotated[
        str, typer.Option(help="Of what comes in, such as 10% or 0.1.", show_default=True)
    ] = "10%",
    by: Annotated[
        Unit, typer.Option(help="What falls to it as a whole: each item, or all of an author.")
    ] = Unit.ITEM,
) -> None:
    """Let a release decide a share of what comes in, beside the one in force.

    It is stopped by itself where it surely differs by more than the settings allow.

    Examples:
      tierwise release canary 4f1c9a0b7d2e --share 10%
      tierwise release canary 4f1c9a0b7d2e --share 5% --by author
    """
    wanted = _share(share)
    with services() as here:
        trial = here.releasing.begin(name, TrialKind.CANARY, by=actor(), share=wanted, unit=by)
    typer.echo(f"release {name} decides {wanted:.0%} of all by {by}, beside {trial.against}")


def end(
    kind: Annotated[TrialKind, typer.Argument(help="What is ended.")],
    *,
    why: Annotated[str, typer.Option(help="Why, for people.")] = "ended by hand",
) -> None:
    """End what is tried: everything goes by the release in force again.

    Examples:
      tierwise release end canary --why "removes too much"
    """
    with services() as here:
        name = here.releasing.end(kind, by=actor(), why=why)
    typer.echo(f"release {name} is not tried as {kind} any more")


def _lines(here: Services, found: Shown) -> Iterator[str]:
    yield f"{found.name}  {found.stage}  {found.message}"
    yield f"published by {found.published_by} at {found.published_at:%Y-%m-%d %H:%M}"
    if found.base is not None:
        yield f"made from {found.base}"
    if found.moved is not None and found.stage is not Stage.SUPERSEDED:
        yield f"{found.moved} is in force by now: what that changed is not in it"
    for each in found.trouble:
        yield f"trouble: {each}"
    yield f"{found.approvals} of {found.needed} stand behind it beside its author"
    for step in found.steps:
        note = f": {step.note}" if step.note else ""
        yield f"{step.at:%Y-%m-%d %H:%M}  {step.step} by {step.by}{note}"
    if found.canary is not None:
        yield _trial(found.canary)
        for one in here.releasing.compare(found.name):
            yield f"  {one.standing:<4}  {one.says}"
    if found.shadow is not None:
        yield from _shadow(here, found.shadow)


def _shadow(here: Services, trial: Trial) -> Iterator[str]:
    yield _trial(trial)
    with here.store.read() as connection:
        cells = differences(connection, trial)
    different = sum(cell.items for cell in cells)
    yield f"  {different:,} of {trial.judged:,} verdicts differ, {trial.unreadable:,} unreadable"
    for cell in cells:
        before, after = f"{cell.tier_before} {cell.action_before}", f"{cell.tier} {cell.action}"
        yield f"  {cell.items:>8,}  {before} -> {after}, such as {cell.samples[0]}"
        if cell.precision.n:
            yield f"            people: {cell.upheld:,} right, {cell.overturned:,} wrong"


def _trial(trial: Trial) -> str:
    share = "" if trial.share is None else f" for {trial.share:.0%} by {trial.unit}"
    state = "goes on"
    if trial.ended_at is not None:
        state = f"ended {trial.ended_at:%Y-%m-%d %H:%M} by {trial.ended_by}: {trial.why}"
    began = f"{trial.started_at:%Y-%m-%d %H:%M}"
    return f"{trial.kind}{share} beside {trial.against} since {began}, {state}"


def _share(written: str) -> float:
    """10% and 0.1 are the same."""
    try:
        number = float(written.removesuffix("%"))
    except ValueError:
        what = f"`{written}` is no share: write 10% or 0.1"
        raise typer.BadParameter(what) from None
    return number / 100 if written.endswith("%") else number
