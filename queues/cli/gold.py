"""The commands about gold items."""

from typing import Annotated, Final
from uuid import UUID

import typer

from queues.cli.acting import actor, services
from queues.quality.golds import Answer, Gold

_SOURCE: Final = typer.Option("--set", help="The set, as queues name it in `gold: { from: … }`.")
_USUAL: Final = "gold-items"


def add(
    items: Annotated[list[str], typer.Argument(help="Ids of decided items.")],
    *,
    source: Annotated[str, _SOURCE] = _USUAL,
    action: Annotated[
        str | None, typer.Option(help="What is right; by default what a panel decided.")
    ] = None,
    reason: Annotated[
        list[str] | None, typer.Option(help="Why; may be given several times.")
    ] = None,
) -> None:
    """Add items to a set; one that is in it gets this answer, and is in use again.

    Examples:
      tierwise gold add post-17 post-18
      tierwise gold add post-19 --set scams --action remove --reason scam.phishing
    """
    answer = None if action is None else Answer(action=action, reasons=tuple(reason or ()))
    with services() as here:
        here.in_force.refresh()
        for item in items:
            typer.echo(_line(here.golds.add(item, source, by=actor(), answer=answer)))


def show(
    *,
    source: Annotated[str | None, _SOURCE] = None,
    retired: Annotated[bool, typer.Option(help="Also those that nobody is shown.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 1_000,
) -> None:
    """List gold items, how often they were shown, and how often answered right.

    Examples:
      tierwise gold list --set gold-items
    """
    with services() as here:
        for each in here.golds.listed(source=source, retired=retired, limit=limit):
            typer.echo(_line(each))


def retire(gold: Annotated[UUID, typer.Argument(help="Its id, as `gold list` shows it.")]) -> None:
    """Show a gold item to nobody any more; what was answered still counts.

    Examples:
      tierwise gold retire 019aba30-5c6e-7cc1-9f0a-0d6f0a3b9a51
    """
    with services() as here:
        typer.echo(_line(here.golds.retire(gold, by=actor())))


def _line(gold: Gold) -> str:
    standing = "in use" if gold.retired_at is None else "retired"
    answer = " ".join((gold.action, *gold.reasons))
    return (
        f"{gold.id}  {gold.source}  {gold.sender_id}  {answer}  {standing}"
        f"  shown {gold.shown}, right {gold.right} of {gold.answered}"
    )
