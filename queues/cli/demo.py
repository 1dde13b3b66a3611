"""The command that shows everything at work on made-up items."""

import asyncio
import math
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Final

import typer

from engine.cli.locations import rules_folder
from engine.cli.streams import Row, form_of, opened, rows
from queues import keys
from queues.access import Scope
from queues.bootstrap import Services
from queues.cli.cast import cast, told
from queues.cli.founding import first_release
from queues.cli.goals import lines as goal_lines
from queues.cli.places import free_place
from queues.cli.processes import processes
from queues.cli.servers import addresses_of, end_in_order, servers_of, services_of
from queues.cli.sums import lines
from queues.cli.tally import Tally, table
from queues.client import Answer, Client, Raw, post_all
from queues.embedded.choice import Chosen
from queues.policies import models
from queues.records.showing import Shown, look
from queues.settings import environment, load_settings
from queues.simulation import Course, Plan, Truths, crew_of
from queues.simulation.truths import truths_in
from queues.store.migrating import migrate
from queues.store.session import Store
from queues.supervision import Screen, Supervisor

_BY: Final = "cli:demo"
_BATCH: Final = 200
#: Seconds for all that was posted to be acted on.
_PATIENCE: Final = 60.0
_PEOPLE: Final = 16
_SEED: Final = 7
#: Share of restricted items whose authors appeal.
_APPEALS: Final = 0.08
#: Seconds in which votes can be taken back: simulated people need few.
_GRACE: Final = 0.5
#: People need more.
_GRACE_OF_PEOPLE: Final = 8.0
#: Share of the items that is left to people who sign in.
_KEPT_BACK: Final = 0.3


def demo(
    items: Annotated[Path, typer.Argument(help="Items to post, one JSON object a line.")],
    *,
    model: Annotated[
        list[Path] | None, typer.Option(help="A classifier to take into use; several may be given.")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(help="The folder of the rules; by default ./rules.")
    ] = None,
    stay: Annotated[
        bool | None,
        typer.Option(help="Stay up until Ctrl-C; by default where this is a terminal."),
    ] = None,
) -> None:
    """Bring the whole system up in a folder of its own, post items, and say what became of them.

    Simulated reviewers decide what is for people, through the API; items may say in `truth` what
    is right. Everything listens on this machine alone, and nothing is left behind.

    Examples:
      tierwise sample items.jsonl && tierwise demo items.jsonl
      tierwise demo items.jsonl --model hate.model --no-stay
    """
    end_in_order()
    stay = sys.stdout.isatty() if stay is None else stay
    folder = rules_folder(rules)
    with tempfile.TemporaryDirectory(prefix="tierwise-demo-") as data:
        settings = load_settings(data=Path(data))
        with servers_of(settings) as chosen:
            migrate(chosen.database_url)
            host, port = free_place(settings.api.port)
            console = free_place(settings.dashboard.port)[1]
            with closing(services_of(settings, chosen, host, port, connections=2)) as services:
                first_release(services.store, folder)
                _take_into_use(services.store, model or [])
                show = Show(services, items, stay=stay)
                code = show.run(chosen, host, port, console)
    raise typer.Exit(code)


class Show:
    """Everything at work: processes, items on their way in, and what became of them."""

    def __init__(self, services: Services, items: Path, *, stay: bool) -> None:
        self._services = services
        self._store = store = services.store
        self._items = items
        self._stay = stay
        self._kept_back: Sequence[Raw] = ()
        self._url = self._console = ""
        self._key = keys.create(store, name="demo", scopes=[Scope.ADMIN], by=_BY)[1]
        self._failed: Exception | None = None

    def run(self, chosen: Chosen, host: str, port: int, console: int) -> int:
        """Run until the summary is shown, or until somebody says stop; the exit code."""
        self._url, self._console = f"http://{host}:{port}", f"http://{host}:{console}"
        told = {
            **environment(),
            **addresses_of(chosen),
            "TIERWISE_API__HOST": host,
            "TIERWISE_API__PORT": str(port),
            "TIERWISE_DASHBOARD__HOST": host,
            "TIERWISE_DASHBOARD__PORT": str(console),
            "TIERWISE_LOGGING__LEVEL": "warning",
            "TIERWISE_REVIEW__GRACE": str(_GRACE_OF_PEOPLE if self._stay else _GRACE),
            "PYTHONUNBUFFERED": "1",
        }
        if not self._stay:
            # Drawn while it ends, they would be left, as a small crew took part in much of it.
            told["TIERWISE_REVIEW__VALIDATION"] = "0"
        parts = processes(told, store=self._store, urls=(self._url, self._console))
        screen = Screen(sys.stdout, [part.name for part in parts])
        screen.say("starting PostgreSQL, Valkey, API, console, workers, relay, courier and beat")
        supervisor = Supervisor(parts, screen, when_ready=lambda: self._begin(screen))
        code = supervisor.run()
        if self._failed is not None:
            typer.echo(f"tierwise: {self._failed}", err=True)
            return 1
        return code

    def _begin(self, screen: Screen) -> None:
        """Post beside the supervisor, which goes on to look after the processes."""
        threading.Thread(target=self._present, args=(screen,), name="demo", daemon=True).start()

    def _present(self, screen: Screen) -> None:
        try:
            screen.say(f"posting {self._items} to {self._url}/v1/items")
            started = time.monotonic()
            tally = asyncio.run(self._post(self._first()))
            seconds = time.monotonic() - started
            screen.show("\n".join(self._received(tally, seconds, self._await_all())))
            course = self._course(screen)
            asyncio.run(course.run())
            shown, figures = self._await_all(), asyncio.run(self._read_figures())
            screen.show("\n".join(self._decided(course, figures, shown)))
            if self._stay:
                self._open_for_people(screen)
            screen.show("\n".join(self._places(shown)))
        except Exception as failure:  # noqa: BLE001 - the command ends with it
            self._failed = failure
        if self._failed is not None or not self._stay:
            os.kill(os.getpid(), signal.SIGTERM)

    def _course(self, screen: Screen) -> Course:
        """Simulated reviewers, with accounts of their own."""
        known = truths_in(enumerate(self._raws(), 1))
        if not known:
            screen.say("no item says what is right: it is made up around what rules suspect")
        plan = Plan(
            crew=crew_of(_PEOPLE, seed=_SEED),
            seed=_SEED,
            truths=Truths(known=known),
            accounts=True,
            appeals=_APPEALS,
        )
        course = Course(plan=plan, urls=[self._url], key=self._key)
        course.tell = screen.say
        return course

    async def _read_figures(self) -> tuple[Answer, Answer]:
        """How the work went, and how it stands to the targets."""
        async with Client(urls=[self._url], key=self._key) as client:
            summary = await client.call("GET", "/v1/quality/summary")
            targets = await client.call("GET", "/v1/quality/targets")
            return summary.accepted(), targets.accepted()

    def _open_for_people(self, screen: Screen) -> None:
        """People sign in with a password that is told, and find work: the last of the items."""
        cast(self._services)
        screen.say("posting the last items, for people to decide")
        asyncio.run(self._post(self._kept_back))
        self._await_all()

    async def _post(self, raws: Iterable[Raw]) -> Tally:
        tally = Tally()
        async with Client(urls=[self._url], key=self._key) as client:
            async for _, answer in post_all(client, raws, batch=_BATCH, at_once=2):
                tally.add(answer)
            tally.retried = client.retried
        return tally

    def _first(self) -> Sequence[Raw]:
        """What simulated reviewers get; where people come later, some are kept for them."""
        raws = list(self._raws())
        kept = math.floor(len(raws) * _KEPT_BACK) if self._stay else 0
        self._kept_back = raws[len(raws) - kept :]
        return raws[: len(raws) - kept]

    def _raws(self) -> Iterator[Raw]:
        with opened(self._items) as source:
            for row in rows(source, form_of(self._items)):
                if isinstance(row, Row):
                    yield row.raw

    def _await_all(self) -> Shown:
        """What became of the items, once nothing of them is on its way."""
        until = time.monotonic() + _PATIENCE
        pause = threading.Event()
        while (shown := look(self._store)).under_way and time.monotonic() < until:
            pause.wait(0.1)
        return shown

    def _received(self, tally: Tally, seconds: float, shown: Shown) -> Iterator[str]:
        """What the machine made of the items."""
        yield from tally.lines(seconds)
        yield from table("acted on by the machine", shown.enforced)
        yield from table("cases people can claim now", shown.claimable)

    def _decided(
        self, course: Course, figures: tuple[Answer, Answer], shown: Shown
    ) -> Iterator[str]:
        """What the simulated reviewers made of the rest, and how everything stands."""
        summary, targets = figures
        yield from lines(summary)
        yield ""
        yield from goal_lines(targets)
        yield ""
        yield from course.diary.lines()
        yield from table("action in force", shown.in_force)
        yield from table("cases left", shown.claimable)
        yield from course.why_left()
        yield ""
        yield f"{shown.statements:,} statements of reasons, {shown.events:,} events for receivers,"
        yield f"{shown.audited:,} audit events"
        if shown.under_way:
            yield f"{shown.under_way:,} rows are still on their way"

    def _places(self, shown: Shown) -> Iterator[str]:
        """Where to look."""
        yield ""
        if self._stay:
            yield f"The console is open: {self._console}"
            yield ""
            yield from told()
            yield ""
        yield "Where else to look" if self._stay else "Where to look (SERVE=1 make demo stays up)"
        yield f"  {self._url}/docs     what can be asked"
        yield f"  {self._url}/ready    whether everything is there"
        yield f"  {self._url}/metrics  figures for Prometheus"
        if shown.example is not None:
            authorization = f"-H 'Authorization: Bearer {self._key}'"
            yield ""
            yield "One item with its verdict, its cases and its history:"
            yield f"  curl {authorization} {self._url}/v1/items/{shown.example}"
        if self._stay:
            yield ""
            yield "Ctrl-C stops everything; nothing is left behind."


def _take_into_use(store: Store, paths: list[Path]) -> None:
    versions = []
    for path in paths:
        try:
            artefact = path.read_bytes()
        except OSError as error:
            message = f"`{path}`: {error.strerror}"
            raise typer.BadParameter(message) from error
        versions.append(models.publish_model(store, artefact, by=_BY).version)
    if versions:
        models.activate_models(store, versions, by=_BY, note="demo")
