"""The command that tells what has moved."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import orjson
import typer

from queues.client import Answer, Client, NoAnswer

_HERE: Final = "http://127.0.0.1:8080"


class Form(StrEnum):
    """How it is written."""

    TEXT = "text"
    JSON = "json"


def drift(
    *,
    url: Annotated[str, typer.Option(help="The service.")] = _HERE,
    key: Annotated[str, typer.Option(envvar="TIERWISE_KEY", help="A key with the scope admin.")],
    since: Annotated[
        datetime | None,
        typer.Option(help="When the current window begins (UTC); by default as configured."),
    ] = None,
    reference_since: Annotated[
        datetime | None, typer.Option(help="When the reference begins (UTC).")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How it is written.")] = Form.TEXT,
) -> None:
    """Tell what has moved: scores, labels, words, errors and rules, then and now.

    Examples:
      tierwise drift --key tw_…
      tierwise drift --key tw_… --since 2026-11-28 --reference-since 2026-11-01 --format json
    """
    found = asyncio.run(_asked(url.rstrip("/"), key, since, reference_since))
    if form is Form.JSON:
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    for line in lines(found):
        typer.echo(line)


async def _asked(
    url: str, key: str, since: datetime | None, reference_since: datetime | None
) -> Answer:
    given = {"since": since, "reference_since": reference_since}
    asked = urlencode({name: f"{at.isoformat()}Z" for name, at in given.items() if at is not None})
    try:
        async with Client(urls=[url], key=key, patience=5.0) as client:
            return (await client.call("GET", f"/v1/quality/drift?{asked}")).accepted()
    except NoAnswer as problem:
        typer.echo(f"tierwise: {problem}", err=True)
        raise typer.Exit(1) from problem


def lines(found: Answer) -> Iterator[str]:
    """What has moved as a person reads it: a line for each figure, alarms first.

    Args:
        found: As `GET /v1/quality/drift` answers.
    """
    for name in ("reference", "current"):
        window = found[name]
        about = "" if window["whole"] else "about "
        yield (
            f"{name:<10} {window['since']} to {window['until']},"
            f" {window['read']:,} of {about}{window['verdicts']:,} verdicts read"
        )
    for alarm in found["alarms"]:
        yield f"ALARM      {alarm['kind']} {alarm['name']}: {alarm['says']}"
    for kind, name, figure, says in _figures(found):
        yield f"{kind:<10} {name}: {_told(figure, says)}"


def _figures(found: Answer) -> Iterator[tuple[str, str, Any, str]]:
    """Kind, name, standing, and what there is to say if there is a figure."""
    for each in found["scores"]:
        says = (
            f"PSI {each['psi'] or 0:.3f} ({each['size']}), KS {each['ks'] or 0:.3f},"
            f" Wasserstein {each['wasserstein'] or 0:.3f}"
        )
        yield "score", each["field"], each["standing"], says
    for each in found["labels"]:
        before, now = each["before"] or {"value": 0}, each["now"] or {"value": 0}
        says = (
            f"violations {now['value']:.2%}, before {before['value']:.2%},"
            f" PSI {each['psi'] or 0:.3f}, Jensen-Shannon {each['js_distance'] or 0:.3f},"
            f" L-infinity {each['l_infinity'] or 0:.3f}"
        )
        yield "label", each["policy"] or "all", each["standing"], says
    words = found["vocabulary"]
    if words is not None:
        new, auc = words["out_of_vocabulary"] or 0, words["auc"] or 0
        yield "words", "all", words["standing"], f"{new:.2%} are new, AUC {auc:.3f}"
    errors = found["performance"]
    newest = errors["windows"][-1]
    share = newest["error"] or {"value": 0}
    yield "error", "sample", newest["standing"], f"{share['value']:.2%} of {errors['limit']:.2%}"
    expected, gap = errors["expected"], errors["gap"]
    yield "error", "expected", expected["standing"], f"{expected['value'] or 0:.2%}"
    yield "gap", "all", gap["standing"], f"{gap['value'] or 0:+.2%}"
    for each in found["rules"]:
        says = f"{each['change']}, {each['now'] or 0:.2%}, before {each['before'] or 0:.2%}"
        yield "rule", each["rule"], each["standing"], says


def _told(standing: Answer, says: str) -> str:
    return says if standing["state"] == "known" else str(standing["why"])
