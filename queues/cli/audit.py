"""The commands about the audit chain."""

import sys
from typing import Annotated

import typer

from queues.auditing import Anchor, Findings
from queues.auditing import verify as verify_chain
from queues.cli.acting import services

_DIGEST_BYTES = 32


def verify(
    *,
    anchor: Annotated[
        str | None,
        typer.Option(help="A block that was noted before, as this command shows it: 12:9f86d0…."),
    ] = None,
) -> None:
    """Look whether audit events are as they were written: none changed, deleted or inserted.

    Ends with 1 if something is wrong, and names each event and its item. Note the last block
    somewhere else: with --anchor it is looked for, and a chain that was made anew is found.

    Examples:
      tierwise audit verify
      tierwise audit verify --anchor 12:9f86d081884c7d65…   (all 64 digits)
    """
    noted = None if anchor is None else _anchor(anchor)
    with services() as here:
        found = verify_chain(here.store, anchor=noted, progress=_progress)
    if sys.stderr.isatty():
        typer.echo("\r", nl=False, err=True)
    for wrong in found.wrong:
        typer.echo(f"wrong: {wrong}")
    if found.more:
        typer.echo(f"wrong: and {found.more:,} more")
    for line in _summary(found):
        typer.echo(line)
    if not found.intact:
        raise typer.Exit(1)


def _anchor(written: str) -> Anchor:
    number, _, digest = written.partition(":")
    try:
        anchor = Anchor(number=int(number), digest=bytes.fromhex(digest))
    except ValueError as error:
        message = "expected the number of a block, a colon and its digest in hexadecimal"
        raise typer.BadParameter(message, param_hint="--anchor") from error
    if len(anchor.digest) != _DIGEST_BYTES:
        message = f"a digest has {2 * _DIGEST_BYTES} digits"
        raise typer.BadParameter(message, param_hint="--anchor")
    return anchor


def _progress(done: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done:,} events", nl=False, err=True)


def _summary(found: Findings) -> list[str]:
    state = "intact" if found.intact else "NOT intact"
    lines = [f"{state}: {found.events:,} events, {found.blocks:,} blocks"]
    if found.unsealed:
        since = (
            f" since {found.unsealed_since:%Y-%m-%d %H:%M:%S %Z}" if found.unsealed_since else ""
        )
        lines.append(f"not sealed yet: {found.unsealed:,} events{since}")
    if found.dropped is not None:
        lines.append(
            f"no longer kept: {found.no_longer_kept:,} events from before {found.dropped.before},"
            f" by event {found.dropped.event} of {found.dropped.actor}"
        )
    if found.head is not None:
        lines.append(f"last block: {found.head.number}:{found.head.digest.hex()}")
    return lines
