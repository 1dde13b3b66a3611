"""The command that delivers events."""

import signal
import threading

from queues import telemetry
from queues.bootstrap import Services
from queues.presence import Presence
from queues.settings import load_settings
from queues.webhooks.courier import Courier


def courier() -> None:
    """Deliver events to the receivers that are registered for them.

    Several couriers side by side share the work. Ctrl-C or SIGTERM lets one finish what is under
    way, for a few seconds; the rest is given back to the others.

    Examples:
      tierwise courier
      TIERWISE_WEBHOOKS__ALLOWED_NETWORKS='["10.1.0.0/16"]' tierwise courier
    """
    settings = load_settings()
    telemetry.configure(settings.logging)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    services = Services(settings)
    presence = Presence(services.store, "courier", lambda: (None, ()))
    try:
        presence.start()
        Courier(services.store, settings.webhooks).run(stop)
    finally:
        presence.close()
        services.close()
