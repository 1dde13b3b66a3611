"""Makes the application; nothing is opened before it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import TierwiseError
from queues.api.arrival import receive
from queues.api.document import describe
from queues.api.exchange import Exchanges
from queues.api.journal import journal
from queues.api.metrics import Metrics
from queues.api.problems import response_of
from queues.api.routes.table import ROUTERS, methods_at
from queues.api.runtime import Runtime
from queues.api.straight import Straight
from queues.storefront import Storefront

#: The framework would measure and trace by itself; we count once, in `Exchanges`.
_QUIET: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
}


def create_app(services: Storefront, *, counts: Path | None = None) -> FastAPI:
    """The API.

    Args:
        services: What it works with; closed when the application ends.
        counts: Where several processes keep the counts for `/metrics`; see `Metrics`.
    """
    metrics = Metrics(counts)
    runtime = Runtime(services, metrics)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with runtime.running():
            yield

    app = FastAPI(
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_QUIET,
    )
    app.state.runtime = runtime
    app.add_middleware(Straight)
    app.add_middleware(Exchanges, metrics=metrics, journal=journal(services.settings.logging))
    for expected in (TierwiseError, RequestValidationError, HTTPException):
        app.add_exception_handler(expected, _refuse)
    for router in ROUTERS:
        # As they are, and not included: each would be made a second time for every application.
        app.router.routes.extend(router.routes)
    describe(app)
    receive(app)
    return app


async def _refuse(request: Request, error: Exception) -> Response:
    """Answer what was expected to go wrong; what was not is answered by `Exchanges`."""
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        methods = methods_at(request.scope["path"])
        error.headers = {"Allow": ", ".join(methods)} if methods else error.headers
    response = response_of(error)
    if response is None:
        raise error
    return response
