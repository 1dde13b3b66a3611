"""Receivers of webhooks, as real HTTP servers: they answer as told and keep what they were sent."""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

#: What a receiver does once it has read a message.
Respond = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message that arrived."""

    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes
    at: float
    """By a clock that never goes back."""

    @property
    def event_id(self) -> str:
        """What a receiver deduplicates by."""
        return self.headers["webhook-id"]


def answering(status: int, **headers: str) -> Respond:
    """Answer with a status; `_` in names of headers is a hyphen."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return respond


def breaking_off(answer: bytes) -> Respond:
    """Send the beginning of an answer, and no more."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(answer)
        handler.close_connection = True

    return respond


class Receiver:
    """A receiver on a free port of this machine; used as `with Receiver() as receiver`."""

    def __init__(self, respond: Respond | None = None, *, certificate: Path | None = None) -> None:
        self.respond: Respond = respond or answering(204)
        self.received: list[Received] = []
        self._released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook"

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """Do nothing until released, and then close without an answer."""
        self._released.wait()
        handler.close_connection = True

    def release(self) -> None:
        """Let go of what hangs."""
        self._released.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Who hangs up on a receiver is none of its business."""


def _handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Keep the message, then do as told."""
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(headers=headers, body=body, at=time.monotonic()))
            receiver.respond(self)

        def do_GET(self) -> None:
            """The same, of what has no body."""
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
