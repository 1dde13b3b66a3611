"""The command that sends the outbox to Celery."""

import contextlib
import signal
import threading

from queues import telemetry
from queues.errors import Unavailable
from queues.messaging.workshop import Workshop
from queues.settings import load_settings


def relay() -> None:
    """Send what stands in the outbox to Celery, as soon as it is committed.

    Several relays side by side send different rows; one is enough for thousands of items a second.

    Examples:
      tierwise relay
    """
    settings = load_settings()
    telemetry.configure(settings.logging)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    work = Workshop(settings)
    try:
        with contextlib.suppress(Unavailable):  # then it is waited for
            work.broker.check()
        work.appear("relay")
        work.relay.run(stop)
    finally:
        work.close()
