"""A way past the framework for the operation that everything waits for."""

from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.errors import TierwiseError
from queues.api.problems import response_of
from queues.api.routes import submitting

_METHOD: Final = "POST"


class Straight:
    """Serves items that come in; everything else goes on to the framework.

    Finding a route and what stands around one take as long as the operation itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if (
            scope["type"] != "http"
            or scope["path"] != submitting.PATH
            or scope["method"] != _METHOD
        ):
            await self._app(scope, receive, send)
            return
        try:
            response = await submitting.submit(Request(scope, receive))
        except TierwiseError as error:
            refusal = response_of(error)
            if refusal is None:
                raise
            response = refusal
        await response(scope, receive, send)
