"""The commands about what the machine may decide by itself."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from engine.certifying import Ground
from queues.bootstrap import Services
from queues.certifying import Shown, Wanted, overview
from queues.cli.acting import actor, services

_WIDE = 34


def certify(
    *,
    rule: Annotated[
        list[str] | None,
        typer.Option(help="Look at the labels of this rule; may be given several times."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")
    ] = False,
) -> None:
    """Issue certificates where labels allow it, and end those that hold no more.

    Workers do the same every minute. A rule is tested only at fixed numbers of labels, so asking
    more often makes no certificate come sooner.

    Examples:
      tierwise certify --dry-run
      tierwise certify --rule spam-links
    """
    with services() as here:
        if not here.settings.certifying.on:
            typer.echo("certification is off (certifying.on)")
            raise typer.Exit(1)
        done = here.certifier.run(rule, dry=dry_run)
    typer.echo(f"{done.drawn} labels drawn, {done.labelled} decided")
    for title, found in (
        ("certified", done.issued),
        ("not in all languages", done.narrowed),
        ("not certified", done.failed),
        ("revoked", done.revoked),
    ):
        for name, why in found.items():
            typer.echo(f"{title}: {name}: {why}")
    if dry_run:
        typer.echo("nothing was changed")


def show() -> None:
    """Show every rule that decides by itself: certified, signed off or neither, and how far it is.

    Examples:
      tierwise certificates
    """
    with services() as here:
        here.in_force.refresh()
        told = overview(here.store, here.policy(), here.bindings, here.settings.certifying)
    typer.echo(told.words)
    for each in told.rules:
        typer.echo(f"{each.rule:<{_WIDE}}  {each.state:<12}  {_far(each)}")
        typer.echo(f"{'':<{_WIDE}}  {each.why}")


def sign_off(
    rule: Annotated[str, typer.Argument(help="Its name.")],
    *,
    ground: Annotated[Ground, typer.Option(help="Why it may act without being certified.")],
    reason: Annotated[str, typer.Option(help="In words, for whoever asks later.")],
    until: Annotated[
        datetime | None,
        typer.Option(help="When it ends (UTC); by default as late as it may."),
    ] = None,
) -> None:
    """Answer for a rule: it acts by itself until then, or until what it matches by changes.

    Examples:
      tierwise sign-off give spam-links --ground "legal order" --reason "Order 12/2026"
    """
    ends = None if until is None else until.replace(tzinfo=UTC)
    with services() as here:
        here.in_force.refresh()
        wanted = Wanted(ground=ground, reason=reason, until=ends)
        signed = here.signing.sign_off(rule, wanted, by=actor())
        off = _off(here)
    typer.echo(f"{signed.rule} is signed off until {signed.until:%Y-%m-%d %H:%M} ({off})")


def withdraw(rule: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Take a sign-off back: unless it is certified, one reviewer looks at what the rule matches.

    Examples:
      tierwise sign-off withdraw spam-links
    """
    with services() as here:
        here.signing.withdraw(rule, by=actor())
    typer.echo(f"the sign-off of {rule} is taken back")


def _off(here: Services) -> str:
    on = here.settings.certifying.on
    return "in force now" if on else "without effect: certification is off"


def _far(rule: Shown) -> str:
    if rule.expires is not None:
        return f"until {rule.expires:%Y-%m-%d %H:%M}"
    days = "" if rule.days is None else f", about {rule.days:.1f} days to a certificate"
    return f"{rule.labels} labels, next look at {rule.next_look}{days}"
