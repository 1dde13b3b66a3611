"""The command that asks for upkeep."""

import signal
import sys

from celery.beat import Service

from queues import telemetry
from queues.messaging.asking import asking
from queues.messaging.tasks import install
from queues.messaging.workshop import Workshop
from queues.settings import load_settings


def beat() -> None:
    """Ask workers for upkeep, again and again: sweeps, escalations, seals.

    One is enough, and two do no harm. Without any, nothing is lost: it is only done later.

    Examples:
      tierwise beat
    """
    settings = load_settings()
    telemetry.configure(settings.logging)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit())
    work = Workshop(settings)
    install(work.app, work)
    try:
        work.broker.await_ready()
        work.appear("beat")
        Service(app=work.app, scheduler_cls=asking(work.broker)).start()
    finally:
        work.close()
