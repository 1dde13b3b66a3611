"""Who gives a command, and what it works with."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from queues import telemetry
from queues.bootstrap import Services
from queues.settings import load_settings


@contextmanager
def services() -> Iterator[Services]:
    """The services by the settings of this machine, closed afterwards; raises InvalidSettings."""
    settings = load_settings()
    telemetry.configure(settings.logging)
    here = Services(settings)
    try:
        yield here
    finally:
        here.close()


def actor() -> str:
    """The user of this machine, as the audit names them."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run as somebody who has no name
        return "cli:unknown"
