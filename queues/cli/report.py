"""The command that compares the service with its targets."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import urlencode

import typer

from queues.cli.goals import in_csv, in_html, in_json, in_text
from queues.client import Answer, Client, NoAnswer

_HERE: Final = "http://127.0.0.1:8080"


class Form(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    CSV = "csv"


_WRITTEN: Final[Mapping[Form, Callable[[Answer], str]]] = {
    Form.TEXT: in_text,
    Form.JSON: in_json,
    Form.HTML: in_html,
    Form.CSV: in_csv,
}


def report(
    *,
    url: Annotated[str, typer.Option(help="The service.")] = _HERE,
    key: Annotated[
        str, typer.Option(envvar="TIERWISE_KEY", help="A key with the scope quality:read.")
    ],
    since: Annotated[
        datetime | None,
        typer.Option(help="From this day or moment on (UTC); by default the last seven days."),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How it is written.")] = Form.TEXT,
) -> None:
    """Compare the service with its targets: each with value, interval, and whether it is met.

    Examples:
      tierwise report --key tw_…
      tierwise report --key tw_… --since 2026-11-01 --format html > report.html
    """
    typer.echo(_WRITTEN[form](asyncio.run(_asked(url.rstrip("/"), key, since))), nl=False)


async def _asked(url: str, key: str, since: datetime | None) -> Answer:
    question = "" if since is None else "?" + urlencode({"since": f"{since.isoformat()}Z"})
    try:
        async with Client(urls=[url], key=key, patience=5.0) as client:
            return (await client.call("GET", f"/v1/quality/targets{question}")).accepted()
    except NoAnswer as problem:
        typer.echo(f"tierwise: {problem}", err=True)
        raise typer.Exit(1) from problem
