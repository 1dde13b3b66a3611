"""A request and its response, seen from outside: id, headers, log line, defect."""

import time
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from queues.access import Caller
from queues.api.metrics import Metrics
from queues.api.problems import as_response, internal
from queues.ids import new_id
from queues.telemetry import failure

_log = structlog.get_logger(__name__)

_KEY: Final = "tierwise.exchange"
#: nginx's number for a caller who did not wait for the answer.
_GONE: Final = 499
_LONGEST_ID: Final = 100
_UNMATCHED: Final = "(none)"

#: What every response says unless it says otherwise itself.
_SECURITY: Final = {
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}


@dataclass(slots=True)
class Exchange:
    """What becomes known of a request on its way."""

    request_id: str
    route: str | None = None
    """The template of the address, where the framework does not know it."""
    caller: Caller | None = None
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    """More headers of the response, whatever it will be."""


def exchange_of(scope: MutableMapping[str, Any]) -> Exchange:
    """The exchange a request belongs to."""
    found: Exchange = scope[_KEY]
    return found


class Exchanges:
    """Stands around the application: the one place that sees each request begin and end."""

    def __init__(self, app: ASGIApp, metrics: Metrics, journal: FilteringBoundLogger) -> None:
        self._app = app
        self._metrics = metrics
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        exchange = Exchange(_request_id(scope))
        scope[_KEY] = exchange
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(message, exchange)
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            status = status or _GONE
        except Exception as error:  # noqa: BLE001 - whoever asks gets an answer, whatever happens
            incident = _report(error, exchange)
            # Once an answer has begun there can be no other: the connection breaks instead.
            if not status:
                await as_response(internal(incident))(scope, receive, answer)
        finally:
            self._note(scope, exchange, status, time.perf_counter() - started)

    def _note(self, scope: Scope, exchange: Exchange, status: int, seconds: float) -> None:
        route = exchange.route or str(getattr(scope.get("route"), "path", _UNMATCHED))
        self._metrics.served(route, scope["method"], status, seconds)
        # No address, no query and no body: texts of people are never logged.
        self._journal.info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            milliseconds=round(seconds * 1_000, 2),
            caller=exchange.caller.actor if exchange.caller else None,
            request_id=exchange.request_id,
        )


def _request_id(scope: Scope) -> str:
    """That of the caller, if it can stand in a log, or a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given: str = value.decode("latin-1")
            if 0 < len(given) <= _LONGEST_ID and given.isascii() and given.isprintable():
                return given
    return str(new_id())


def _complete(message: Message, exchange: Exchange) -> None:
    headers = list(message.get("headers", ()))
    said = {name for name, _ in headers}
    headers += [pair for pair in _SECURITY.items() if pair[0] not in said]
    headers.append((b"x-request-id", exchange.request_id.encode("ascii")))
    headers += exchange.headers
    message["headers"] = headers


def _report(error: Exception, exchange: Exchange) -> str:
    """Log a defect under a name to ask for."""
    incident = str(new_id())
    _log.error("defect", incident=incident, request_id=exchange.request_id, **failure(error))
    return incident
