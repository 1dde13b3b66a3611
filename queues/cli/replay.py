"""The command that judges stored verdicts again."""

from typing import Annotated
from uuid import UUID

import typer

from queues.cli.acting import actor, services
from queues.records.replaying import Replayed
from queues.records.replaying import replay as replay_item


def replay(
    item: Annotated[str, typer.Argument(help="The item, by the id of its sender or by ours.")],
    *,
    verdict: Annotated[
        UUID | None, typer.Option(help="This verdict alone; by default all of the item.")
    ] = None,
) -> None:
    """Judge what is stored of an item again, under the release and models of then.

    The same input gives the same verdict, byte for byte; whatever differs is named, with what it
    was and what it is now. Ends with 1 if something differs or cannot be judged again.

    Examples:
      tierwise replay post-17
      tierwise replay post-17 --verdict 019aba30-5c6e-7cc1-9f0a-0d6f0a3b9a51
    """
    with services() as here:
        found = replay_item(here.store, item, by=actor(), verdict_id=verdict)
    for replayed in found:
        _show(replayed)
    if not all(replayed.same for replayed in found):
        raise typer.Exit(1)


def _show(replayed: Replayed) -> None:
    models = "".join(f", model {version[:12]}" for version in replayed.models)
    title = f"verdict {replayed.verdict_id} of {replayed.at:%Y-%m-%d %H:%M:%S.%f %Z}"
    typer.echo(f"{title} ({replayed.cause}; release {replayed.release}{models})")
    if replayed.obstacle is not None:
        typer.echo(f"  cannot be judged again: {replayed.obstacle}")
    elif replayed.same:
        typer.echo("  the same, byte for byte")
    for each in replayed.differences:
        was = "nothing" if each.was is None else each.was
        now = "nothing" if each.now is None else each.now
        typer.echo(f"  {each.path}: was {was}, is {now}")
