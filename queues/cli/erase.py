"""The command that erases what people wrote and who they are."""

from typing import Annotated

import typer

from queues.cli.acting import actor, services
from queues.records.erasing import Erased, erase_author, erase_item


def erase(
    *,
    item: Annotated[
        str | None, typer.Option(help="An item, by the id of its sender or by ours.")
    ] = None,
    author: Annotated[
        str | None, typer.Option(help="An author, as senders name them: all their items.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase an item, or an author with all items: texts, scores, and who it was.

    What was decided stays, without a person in it; open cases are withdrawn. This cannot be undone.

    Examples:
      tierwise erase --item post-17
      tierwise erase --author u-2041 --yes
    """
    if (item is None) == (author is None):
        message = "name an item or an author"
        raise typer.BadParameter(message, param_hint="--item, --author")
    if not yes:
        typer.confirm("This cannot be undone. Erase?", abort=True)
    with services() as here:
        if item is not None:
            erased = erase_item(here.store, item, by=actor())
        else:
            erased = erase_author(here.store, author or "", by=actor())
    typer.echo(_told(erased))


def _told(erased: Erased) -> str:
    return (
        f"{erased.items:,} items erased, {erased.cases:,} open cases withdrawn,"
        f" {erased.strikes:,} strikes and who made {erased.reports:,} reports forgotten"
    )
