"""The commands about how rules do."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

import orjson
import typer

from engine.cli.terminal import printable
from engine.rules.model import Status
from queues.cli.acting import services
from queues.cli.ruling import of_all, of_one, of_shadow

_AGO: Final = re.compile(r"([0-9]{1,4})([hdw])", re.ASCII)
_UNITS: Final = {"h": "hours", "d": "days", "w": "weeks"}
_SINCE: Final = typer.Option(
    help="What came before is left out: so long ago, such as 12h, 30d or 4w, or a day (UTC)."
)
_FORM: Final = typer.Option("--format", help="For people or programs.")


class Form(StrEnum):
    """How it is written."""

    TEXT = "text"
    JSON = "json"


def show_all(
    *,
    since: Annotated[str, _SINCE] = "30d",
    form: Annotated[Form, _FORM] = Form.TEXT,
) -> None:
    """Tell how each rule of the release in force does: hits, precision, overturns, cost.

    Of many items a sample is read, always the same; hits are then told with an interval.

    Examples:
      tierwise rule list
      tierwise rule list --since 7d --format json
    """
    begin = _moment(since)
    with services() as here:
        found = here.rule_reports.listed(begin)
    _write(form, found, of_all(found))


def show(
    name: Annotated[str, typer.Argument(help="The rule.")],
    *,
    since: Annotated[str, _SINCE] = "30d",
    form: Annotated[Form, _FORM] = Form.TEXT,
) -> None:
    """Tell all about one rule, what changes if it is removed, and what a shadow would have done.

    Examples:
      tierwise rule show spam-links
      tierwise rule show spam-links-v2 --since 2026-11-01
    """
    begin = _moment(since)
    with services() as here:
        page = here.rule_reports.shown(name, begin)
        shadow = None
        if page.rule.status == Status.SHADOW:
            shadow = here.rule_reports.shadow(name, begin)
    lines = of_one(page) if shadow is None else (*of_one(page), *of_shadow(shadow))
    _write(form, {"page": page, "shadow": shadow}, lines)


def _write(form: Form, found: object, lines: Iterable[str]) -> None:
    if form is Form.JSON:
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    for line in lines:
        typer.echo(printable(line))


def _moment(written: str) -> datetime | timedelta:
    """So long ago, or the beginning of a day."""
    ago = _AGO.fullmatch(written)
    if ago is not None:
        return timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        what = f"`{written}` is no time: write 30d, 12h, 4w or 2026-11-01"
        raise typer.BadParameter(what) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
