"""Reads moments of time from the command line, and gives the present one where none is named."""

import time

import typer

from engine.rules import quantities
from engine.rules.quantities import NotAQuantity


def moment(written: str | None) -> float:
    """Seconds since 1970 of `2026-03-01`, `2026-03-01T12:00:00Z` or `1772366400`; None: now."""
    if written is None:
        return time.time()  # noqa: TID251  # here the clock enters
    try:
        return quantities.number(written)
    except NotAQuantity:
        pass
    try:
        return quantities.moment(written)
    except NotAQuantity as problem:
        raise typer.BadParameter(str(problem)) from problem
