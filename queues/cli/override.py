"""The commands about overrides."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from queues.cli.acting import actor, services
from queues.overrides import Override, OverrideState, Wanted


def add(  # noqa: PLR0913 - options of a command
    item: Annotated[
        str | None, typer.Argument(help="The item whose content it is about.", show_default=False)
    ] = None,
    *,
    content: Annotated[
        str | None, typer.Option("--hash", help="Or the hash of a content, as `list` shows it.")
    ] = None,
    action: Annotated[str, typer.Option(help="What items of this content get.")],
    until: Annotated[datetime, typer.Option(help="When it expires (UTC).")],
    reason: Annotated[
        list[str] | None, typer.Option(help="Why; may be given several times.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="By default that of the first reason.")] = None,
    comment: Annotated[str | None, typer.Option(help="For those who look at it later.")] = None,
) -> None:
    """Decide about content: what comes with exactly this content gets this action.

    Examples:
      tierwise override add post-17 --action remove --reason spam.flood --until 2026-12-24
    """
    wanted = Wanted(
        item=item,
        hash=content,
        action=action,
        reasons=tuple(reason or ()),
        policy=policy,
        comment=comment,
        expires_at=until.replace(tzinfo=UTC),
    )
    with services() as here:
        here.in_force.refresh()
        typer.echo(_line(here.overrides.add(wanted, by=actor())))


def show(
    *,
    ended: Annotated[bool, typer.Option(help="Also those that are over.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 1_000,
) -> None:
    """List overrides in force, and how often each decided.

    Examples:
      tierwise override list --ended
    """
    with services() as here:
        for each in here.overrides.listed(ended=ended, limit=limit):
            typer.echo(_line(each))


def withdraw(
    override: Annotated[UUID, typer.Argument(help="Its id, as `override list` shows it.")],
) -> None:
    """End an override now; what it has decided stays.

    Examples:
      tierwise override withdraw 019aba30-5c6e-7cc1-9f0a-0d6f0a3b9a51
    """
    with services() as here:
        typer.echo(_line(here.overrides.withdraw(override, by=actor())))


def _line(override: Override) -> str:
    outcome = " ".join((override.action, *override.reasons))
    moment = override.ended_at or override.expires_at
    until = "until" if override.state is OverrideState.IN_FORCE else override.state.value
    return (
        f"{override.id}  {override.hash}  {outcome}  {until} {moment:%Y-%m-%d %H:%M}"
        f"  by {override.made_by}, {override.decisions:,} decisions"
    )
