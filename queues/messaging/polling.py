"""Keeps a worker from spinning on files that are closed.

When a process of a worker is killed, its pipes are closed here, but the process that takes its
place was forked before and holds them open. The kernel goes on to report the end of such a pipe
under a number that is no file any more and cannot be taken out of `epoll`; Celery's loop (kombu
5.7) then never waits again and burns a whole core. Here the loop gets a new `epoll` instead, with
the files it knows.
"""

import os
import select
from collections.abc import Callable
from typing import Any

import structlog
from kombu.utils.eventio import ERR, READ, WRITE

_log = structlog.get_logger(__name__)


def heal(hub: Any) -> None:  # noqa: ANN401 - Celery has no types
    """Have the loop of a worker renew what it polls when it is told of a file that is closed."""
    inner = getattr(getattr(hub, "poller", None), "_epoll", None)
    if not isinstance(inner, getattr(select, "epoll", ())):
        return  # another kind of poller, which knows no such files
    if "remove_reader" in vars(hub):
        return  # a worker is ready again after each loss of its broker
    for name in ("remove", "remove_reader"):  # what the loop calls for files it does not know
        setattr(hub, name, _healing(hub, getattr(hub, name)))


def _healing(hub: Any, remove: Callable[[Any], None]) -> Callable[[Any], None]:  # noqa: ANN401 - as above
    def removed(file: Any) -> None:  # noqa: ANN401 - a number, or what has one
        remove(file)
        if isinstance(file, int) and _closed(file):
            _log.info("polling anew, as a closed file was reported")
            _renew(hub)

    return removed


def _closed(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return True
    return False


def _renew(hub: Any) -> None:  # noqa: ANN401 - as above
    """A new `epoll` inside the same poller, as the loop holds on to the poller."""
    hub.poller._epoll.close()  # noqa: SLF001 - there is no other way in
    hub.poller._epoll = select.epoll()  # noqa: SLF001 - as above
    for files, events in ((hub.readers, READ | ERR), (hub.writers, WRITE)):
        for fd in list(files):
            if not _closed(fd):
                hub.poller.register(fd, events)
    waker = getattr(hub, "_waker", None)
    if waker is not None:
        hub.poller.register(waker.fileno(), READ | ERR)
