"""The commands about people who work here."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer

from queues.access import Role
from queues.cli.acting import actor, services
from queues.cli.working import shifts_of, time_off_of
from queues.errors import Refused
from queues.people import Account, Invitation, Profile

#: What `--clear` sets back to what it is without being said.
_CLEARABLE: Final = (
    *("languages", "policies", "opted_out", "shifts", "time_off"),
    *("hourly_rate", "exposure", "severe_in_a_row", "blur"),
)

Name = Annotated[str, typer.Argument(help="What they sign in with, such as ana.")]
Display = Annotated[str | None, typer.Option(help="What others see; by default the name.")]
Roles = Annotated[
    list[Role] | None, typer.Option("--role", help="What they work as; may be given several times.")
]
Languages = Annotated[
    list[str] | None, typer.Option("--language", help="One they read, such as de; by default all.")
]
Policies = Annotated[
    list[str] | None, typer.Option("--policy", help="One they know, such as spam; by default all.")
]
OptedOut = Annotated[
    list[str] | None, typer.Option("--opt-out", help="A policy whose cases they never get.")
]
Zone = Annotated[
    str | None, typer.Option(help="Where their clock hangs, such as Europe/Berlin; by default UTC.")
]
Shifts = Annotated[
    list[str] | None,
    typer.Option("--shift", help="'mon-fri 09:00-17:30', every week; by default any time."),
]
Off = Annotated[
    list[str] | None, typer.Option(help="Days off: 2026-12-24 or 2026-12-24..2026-12-31.")
]
Rate = Annotated[
    float | None, typer.Option(min=0, help="What an hour costs; by default as their role.")
]
Exposure = Annotated[int | None, typer.Option(min=0, help="Points of exposure in a shift at most.")]
Severe = Annotated[
    int | None, typer.Option(min=0, help="Most severe cases one after the other, at most.")
]
Blur = Annotated[
    bool | None, typer.Option("--blur/--no-blur", help="Whether pictures are blurred at first.")
]


def add(  # noqa: PLR0913 - each is an option
    name: Name,
    *,
    role: Roles = None,
    display_name: Display = None,
    language: Languages = None,
    policy: Policies = None,
    opt_out: OptedOut = None,
    zone: Zone = None,
    shift: Shifts = None,
    off: Off = None,
    rate: Rate = None,
    exposure: Exposure = None,
    severe: Severe = None,
    blur: Blur = None,
) -> None:
    """Add a person, and print a link with which they set a password. It is shown this once.

    Examples:
      tierwise user add ana --role moderator --language de --language en
      tierwise user add bo --role senior --zone Europe/Berlin --shift 'mon-fri 09:00-17:30'
    """
    given = _given(
        roles=role,
        display_name=display_name or name,
        languages=language,
        policies=policy,
        opted_out=opt_out,
        time_zone=zone,
        shifts=shift,
        time_off=off,
        hourly_rate=rate,
        exposure=exposure,
        severe_in_a_row=severe,
        blur=blur,
    )
    profile = Profile(**{"roles": (), **given})
    with services() as here:
        here.accounts.add(name, profile, by=actor())
        _show_link(here.invitations.invite(name, by=actor()))


def change(  # noqa: PLR0913 - each is an option
    name: Name,
    *,
    role: Roles = None,
    display_name: Display = None,
    language: Languages = None,
    policy: Policies = None,
    opt_out: OptedOut = None,
    zone: Zone = None,
    shift: Shifts = None,
    off: Off = None,
    rate: Rate = None,
    exposure: Exposure = None,
    severe: Severe = None,
    blur: Blur = None,
    clear: Annotated[
        list[str] | None,
        typer.Option(help="What shall be as by default again: " + ", ".join(_CLEARABLE) + "."),
    ] = None,
) -> None:
    """Change what is known of a person; what is not named stays. New roles end their sessions.

    Examples:
      tierwise user set ana --role moderator --role senior
      tierwise user set ana --off 2026-12-24..2026-12-31 --clear hourly_rate
    """
    changes = _cleared(clear or []) | _given(
        roles=role,
        display_name=display_name,
        languages=language,
        policies=policy,
        opted_out=opt_out,
        time_zone=zone,
        shifts=shift,
        time_off=off,
        hourly_rate=rate,
        exposure=exposure,
        severe_in_a_row=severe,
        blur=blur,
    )
    with services() as here:
        _show(here.accounts.change(name, changes, by=actor()))


def show() -> None:
    """List all people, also those who cannot sign in any more.

    Examples:
      tierwise user list
    """
    with services() as here:
        for account in here.accounts.listed():
            _show(account)


def disable(name: Name) -> None:
    """Let somebody sign in no more, and sign them out everywhere at once.

    Examples:
      tierwise user disable ana
    """
    with services() as here:
        _show(here.accounts.disable(name, by=actor()))


def enable(name: Name) -> None:
    """Let somebody sign in again, with the password they had.

    Examples:
      tierwise user enable ana
    """
    with services() as here:
        _show(here.accounts.enable(name, by=actor()))


def invite(name: Name) -> None:
    """Print a link with which a person sets a password, once; also one they forgot.

    Links from before are void. The password they have stays until the link is used.

    Examples:
      tierwise user invite ana
    """
    with services() as here:
        _show_link(here.invitations.invite(name, by=actor()))


def unlink(name: Name) -> None:
    """Forget who a person is at the sign-in provider, as when they have a new account there.

    Whoever comes from there with their name next is them. Sessions and password stay.

    Examples:
      tierwise user unlink ana
    """
    with services() as here:
        issuers = here.identities.unlink(name, by=actor())
    at = f" any more at {', '.join(issuers)}" if issuers else ""
    typer.echo(f"{name} is linked to nobody{at}")


def _given(**options: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever options hold
    """Fields of a profile, of the options that were given."""
    reading = {"shifts": shifts_of, "time_off": time_off_of}
    found = {}
    for name, value in options.items():
        if isinstance(value, list):
            found[name] = tuple(reading[name](value) if name in reading else value)
        elif value is not None:
            found[name] = value
    return found


def _cleared(names: list[str]) -> dict[str, Any]:
    usual = Profile(display_name="", roles=())
    for name in names:
        if name not in _CLEARABLE:
            field = "clear"
            raise Refused(field, f"`{name}` is none of {', '.join(_CLEARABLE)}")
    return {name: getattr(usual, name) for name in names}


def _show(account: Account) -> None:
    typer.echo("  ".join(_columns(account)))


def _columns(account: Account) -> Iterator[str]:
    yield account.name
    yield account.state.value
    yield ", ".join(account.roles)
    yield account.display_name
    if account.languages:
        yield f"reads {', '.join(account.languages)}"
    if account.policies:
        yield f"knows {', '.join(account.policies)}"
    if account.shifts:
        shifts = ", ".join(f"{each.day} {each.start}-{each.end}" for each in account.shifts)
        yield f"{shifts} {account.time_zone}"
    if account.time_off:
        yield "off " + ", ".join(f"{each.first}..{each.last}" for each in account.time_off)


def _show_link(invitation: Invitation) -> None:
    until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    typer.echo(f"{invitation.name} sets a password here, once, until {until}:\n")
    typer.echo(f"  {invitation.link}")
