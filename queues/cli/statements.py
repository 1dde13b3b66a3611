"""The command that exports statements of reasons."""

import sys
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from queues.bootstrap import Services
from queues.clock import SystemClock
from queues.settings import load_settings
from queues.statements.exporting import Format, issued, write

_DAY = "%Y-%m-%d"


def statements(
    since: Annotated[
        datetime | None,
        typer.Option(formats=[_DAY], help="The first day (UTC); by default yesterday."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=[_DAY], help="The last day; by default today.")
    ] = None,
    *,
    form: Annotated[
        Format, typer.Option("--format", help="jsonl: a request a line; csv: a table.")
    ] = Format.JSONL,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; by default what is printed.")
    ] = None,
) -> None:
    """Export statements of reasons, in the fields of the EU's DSA Transparency Database.

    A line of JSON is the body of a request to the database. Its `puid` is the id of the decision,
    so a statement that is sent again is recognised.

    Examples:
      tierwise statements --since 2026-01-01 --until 2026-01-31 --format csv --out january.csv
      tierwise statements --since 2026-01-31 | head -n 1
    """
    today = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    first = _midnight(since) if since is not None else today - timedelta(days=1)
    after = (_midnight(until) if until is not None else today) + timedelta(days=1)
    target = nullcontext(sys.stdout) if out is None else out.open("w", encoding="utf-8", newline="")
    with (
        target as file,
        closing(Services(load_settings())) as services,
        services.store.read() as connection,
    ):
        write(issued(connection, first, after), file, form)


def _midnight(day: datetime) -> datetime:
    return day.replace(tzinfo=UTC)
