"""Runs the application under uvicorn: in this process, or in several that share one socket."""

import multiprocessing
import signal
import socket
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from queues import telemetry
from queues.api.app import create_app
from queues.errors import InvalidSettings
from queues.settings import Api, Settings, environment, hand_down, load_settings
from queues.storefront import Storefront

#: Connections that may wait to be accepted.
_BACKLOG: Final = 2_048
#: Seconds that requests under way have to finish when the process is told to end.
_GRACE: Final = 30
#: Seconds after which a process that does not answer the others counts as hung.
_HUNG: Final = 60
#: Where prometheus_client looks when it is imported.
_COUNTS: Final = "PROMETHEUS_MULTIPROC_DIR"


def listen(api: Api) -> socket.socket:
    """The socket of the settings; port 0 takes a free one.

    Raises:
        InvalidSettings: somebody else has the port, or there is no such address.
    """
    family = socket.AF_INET6 if ":" in api.host else socket.AF_INET
    try:
        return socket.create_server((api.host, api.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise InvalidSettings([f"api: cannot listen on {api.host}:{api.port}: {error}"]) from error


def serve(settings: Settings, listening: socket.socket) -> None:
    """Serve until told to end; requests under way finish first."""
    if settings.api.processes == 1:
        for number in (signal.SIGINT, signal.SIGTERM):
            # When all is done uvicorn sends itself again what told it to end.
            signal.signal(number, _nothing)
        uvicorn.Server(configuration(_application(settings), settings.api)).run(sockets=[listening])
        return
    with tempfile.TemporaryDirectory(prefix="tierwise-counts-") as counts:
        hand_down(_COUNTS, counts)
        config = configuration(f"{__name__}:child", settings.api)
        Multiprocess(config, sockets=[listening]).run()


def child() -> FastAPI:
    """The application of one process of several, which ends when the one that started it does."""
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    return _application(load_settings())


def configuration(app: FastAPI | str, api: Api) -> uvicorn.Config:
    """How uvicorn runs an application, or what makes one in each of several processes."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=api.processes if isinstance(app, str) else 1,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        # Requests are logged by `exchange`.
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=[str(each) for each in api.proxies],
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE,
        timeout_worker_healthcheck=_HUNG,
    )


def _application(settings: Settings) -> FastAPI:
    telemetry.configure(settings.logging)
    folder = environment().get(_COUNTS)
    return create_app(Storefront(settings), counts=Path(folder) if folder else None)


def _nothing(_signal: int, _frame: FrameType | None) -> None:
    """Take a signal that has done its work."""


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)
