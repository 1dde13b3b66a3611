"""The command that runs a worker."""

import os
import platform
import sys
from typing import Annotated, Any

import typer
from celery.signals import (
    setup_logging,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
)

from queues import telemetry
from queues.messaging.lanes import SERVED, USUAL
from queues.messaging.polling import heal
from queues.messaging.tasks import install
from queues.messaging.worker import program
from queues.messaging.workshop import Workshop, load_ahead
from queues.settings import load_settings

_ALL = ",".join(USUAL)


def worker(
    queues: Annotated[
        str,
        typer.Option(metavar="TIERS", help="Tiers to work for, or learning, separated by commas."),
    ] = _ALL,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Processes; by default `worker.concurrency`.")
    ] = None,
) -> None:
    """Run a worker, which does what is asked for in the outbox.

    It works for the panel before single reviewers before the machine, and within each for what is
    urgent first. Several workers share the work, on as many machines as you like. Ctrl-C or
    SIGTERM lets it finish what it has begun. Models are trained by workers that are told to
    (`--queues learning`), as that takes long.

    Examples:
      tierwise worker
      tierwise worker --queues senior,single --concurrency 4
      tierwise worker --queues learning
    """
    tiers = [tier.strip() for tier in queues.split(",") if tier.strip()]
    if not tiers or not set(tiers) <= set(SERVED):
        message = f"expected some of {','.join(SERVED)}"
        raise typer.BadParameter(message, param_hint="--queues")
    settings = load_settings()
    telemetry.configure(settings.logging)
    work = Workshop(settings)
    install(work.app, work)
    work.broker.await_ready()
    work.broker.close()  # what is connected must not be shared with children
    _follow_forks(work)
    load_ahead()
    name = f"worker-{os.getpid()}@{platform.node()}"
    running = program(work.app, tiers, concurrency=concurrency, name=name)
    running.start()
    sys.exit(running.exitcode)


def _follow_forks(work: Workshop) -> None:
    """Have each process of the worker make its own connections, and let go of them."""

    def begin(**_: object) -> None:
        work.follow()
        work.appear("worker")

    def end(**_: object) -> None:
        work.close()

    def wait(sender: Any, **_: object) -> None:  # noqa: ANN401 - Celery has no types
        heal(sender.hub)

    def log_as_configured(**_: object) -> None:
        """Keep Celery from setting up logs of its own."""

    worker_ready.connect(wait, weak=False)
    worker_process_init.connect(begin, weak=False)
    worker_process_shutdown.connect(end, weak=False)
    setup_logging.connect(log_as_configured, weak=False)
