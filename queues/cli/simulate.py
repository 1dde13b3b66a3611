"""The command that lets simulated reviewers work a deployment."""

import asyncio
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, Final

import typer

from engine.cli.streams import BadLine, form_of, opened, rows
from queues.cli.sums import lines
from queues.client import Answer, Client, NoAnswer
from queues.errors import Refused
from queues.simulation import Course, Plan, Truths, crew_of, read_crew
from queues.simulation.truths import truths_in

_HERE: Final = "http://127.0.0.1:8080"


def simulate(  # noqa: PLR0913 - each is an option of the command
    *,
    url: Annotated[
        list[str] | None,
        typer.Option(help=f"The service, by default {_HERE}; several are taken in turn."),
    ] = None,
    key: Annotated[
        str,
        typer.Option(
            envvar="TIERWISE_KEY",
            help="A key with cases:read, cases:decide, items:read; for appeals, accounts: admin.",
        ),
    ],
    people: Annotated[
        int, typer.Option(min=1, max=1_000, help="How many, where no crew is named.")
    ] = 12,
    crew: Annotated[
        Path | None, typer.Option(help="Who: a TOML file, such as config/crew.toml.")
    ] = None,
    accounts: Annotated[
        bool, typer.Option(help="Give everybody an account, and let them sign in.")
    ] = False,
    truth: Annotated[
        Path | None,
        typer.Option(help="What is right: JSON lines with id and action; else it is made up."),
    ] = None,
    correlation: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="How much people err on the same items; by default .3."),
    ] = None,
    appeals: Annotated[
        float, typer.Option(min=0, max=1, help="Share of restricted items that are appealed.")
    ] = 0.0,
    pace: Annotated[
        float, typer.Option(min=0, help="Real seconds for each simulated one; 0: no waiting.")
    ] = 0.0,
    at_once: Annotated[int, typer.Option(min=1, max=50, help="Cases claimed at once.")] = 5,
    seed: Annotated[int, typer.Option(help="The same seed, the same judgements.")] = 7,
    stay: Annotated[bool, typer.Option(help="Go on when nothing waits, until Ctrl-C.")] = False,
) -> None:
    """Let simulated reviewers work a deployment over its API, both tiers, until nothing waits.

    Their votes are as good as any other to the service: use it where nobody's posts are at stake.
    Everybody is called sim-…. Active seconds are drawn, not measured. Ends with 1 if cases are
    left.

    Examples:
      tierwise simulate --key tw_… --people 12
      tierwise simulate --key tw_… --crew config/crew.toml --accounts --truth items.jsonl
    """
    chosen = crew_of(people, seed=seed) if crew is None else read_crew(crew)
    if correlation is not None:
        chosen = chosen.model_copy(update={"correlation": correlation})
    plan = Plan(
        crew=chosen,
        seed=seed,
        truths=Truths() if truth is None else Truths(known=truths_in(_objects(truth))),
        accounts=accounts,
        at_once=at_once,
        pace=pace,
        appeals=appeals,
        stay=stay,
    )
    if truth is None:
        typer.echo("what is right is made up: in 7 of 10 cases, what the machine suspects")
    course = Course(plan=plan, urls=[each.rstrip("/") for each in url or [_HERE]], key=key)
    course.tell = typer.echo
    raise typer.Exit(_run(course))


def _run(course: Course) -> int:
    started = perf_counter()
    failed = asyncio.run(_until_told(course))
    for line in course.diary.lines():
        typer.echo(line)
    typer.echo(f"in {perf_counter() - started:.1f} s")
    if failed is not None:
        typer.echo(f"tierwise: {failed}", err=True)
        return 1
    summary = asyncio.run(_read_summary(course))
    for line in lines(summary) if summary is not None else ():
        typer.echo(line)
    for line in course.why_left():
        typer.echo(line)
    return 1 if course.left else 0


async def _until_told(course: Course) -> NoAnswer | None:
    """Until the course is over, or Ctrl-C or SIGTERM; why it failed, if it did."""
    running = asyncio.ensure_future(course.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        typer.echo("stopped; what people had in hand was given back")
        course.left = 0
    except NoAnswer as problem:
        return problem
    return None


async def _read_summary(course: Course) -> Answer | None:
    """How the work goes; None where the key may not know, or nobody answers any more."""
    try:
        async with Client(urls=course.urls, key=course.key, patience=5.0) as client:
            reply = await client.call("GET", "/v1/quality/summary")
    except NoAnswer:
        return None
    return None if reply.refused else reply.body


def _objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with opened(path) as source:
        for row in rows(source, form_of(path)):
            if isinstance(row, BadLine):
                where = f"truth, line {row.number}"
                raise Refused(where, str(row.error))
            yield row.number, row.raw
