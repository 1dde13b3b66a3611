"""Runs the application under uvicorn, and ends it without breaking off what is under way."""

from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Final

import uvicorn
from fastapi import FastAPI

if TYPE_CHECKING:
    from queues.api.runtime import Runtime

#: Connections that may wait to be accepted.
_BACKLOG: Final = 2_048
#: Seconds that requests under way have to finish when the process is told to end.
_GRACE: Final = 30


class Server(uvicorn.Server):
    """A server whose waiting requests are answered as soon as it is told to end."""

    def __init__(self, config: uvicorn.Config, let_go: Callable[[], None] | None = None) -> None:
        super().__init__(config)
        self._let_go = let_go

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal."""
        if self._let_go is not None:
            self._let_go()
        super().handle_exit(sig, frame)


def server_of(app: FastAPI) -> Server:
    """A server for the application; sockets are given to its `run`."""
    runtime: Runtime = app.state.runtime
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        # The application logs requests itself, and nobody else's headers say who calls.
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE,
    )
    return Server(config, runtime.let_go)
