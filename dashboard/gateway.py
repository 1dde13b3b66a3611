"""The only door to the service: the pages ask its API, as whoever is signed in.

Nothing here decides who may see or do what: a page gets what the API answers to this person, and
what it refuses nobody can reach through a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

import httpx
import orjson

from engine.errors import TierwiseError
from queues.clock import SystemClock
from queues.settings import Settings, load_settings

#: A JSON object, as the API answers; `/docs` of the API describes each.
Answer = Mapping[str, Any]
Value = str | int | float | bool | None
Query = Mapping[str, Value | Sequence[str]]

_UNAUTHENTICATED: Final = 401
_REFUSED: Final = 400
_CONFLICT: Final = 409
_SECONDS: Final = 30.0
_CONNECT: Final = 2.0


class Unreachable(TierwiseError):
    """The service does not answer."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        return f"nothing answers at {self.url}"


class SignedOut(TierwiseError):
    """There is no session any more: it is over, or was ended."""


class Refused(TierwiseError):
    """The service says no, and why."""

    def __init__(self, status: int, problem: Answer) -> None:
        super().__init__(status, problem)
        self.status = status
        self.problem = problem

    def __str__(self) -> str:
        return str(self.problem.get("detail") or self.problem.get("title") or self.status)

    @property
    def conflict(self) -> bool:
        """Whether somebody or something was first."""
        return self.status == _CONFLICT


@cache
def settings() -> Settings:
    """Those of this process, read once."""
    return load_settings()


def now() -> datetime:
    """The time of this machine, for what is looked at; whatever is written is dated elsewhere."""
    return SystemClock().now()


def api_url() -> str:
    """Where the API answers."""
    return settings().dashboard.api or settings().api.origin


@cache
def connections() -> httpx.Client:
    """Connections to the API, shared by all sessions of this process."""
    return httpx.Client(
        timeout=httpx.Timeout(_SECONDS, connect=_CONNECT),
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=50),
        trust_env=False,
    )


@dataclass(frozen=True, slots=True)
class Gateway:
    """Asks for one person. May be used by several threads at once."""

    token: str = field(repr=False)
    """Of their session."""
    url: str = field(default_factory=api_url)

    def get(self, path: str, query: Query | None = None) -> Answer:
        """What is at a path.

        Args:
            path: From `/` on; what people wrote in it is quoted.
            query: Parameters; those that are None are left out.

        Raises:
            SignedOut: the session is over.
            Refused: the API says no.
            Unreachable: it does not answer.
        """
        return self.ask("GET", path, query=query)

    def post(self, path: str, sent: Answer | None = None) -> Answer:
        """Send something; raises as `get` does."""
        return self.ask("POST", path, sent={} if sent is None else sent)

    def open(self, path: str, query: Query | None = None) -> httpx.Response:
        """What is at a path and is no JSON object, unread: a file. Close it; raises as `get`."""
        headers = {"authorization": f"Bearer {self.token}"}
        given = {name: value for name, value in (query or {}).items() if value is not None}
        asked = connections().build_request(
            "GET", f"{self.url}{path}", params=given, headers=headers
        )
        try:
            response = connections().send(asked, stream=True)
            if response.status_code >= _REFUSED:
                response.read()
                response.close()
                _read(response, self.url)
        except httpx.TransportError as error:
            raise Unreachable(self.url) from error
        return response

    def ask(
        self, method: str, path: str, *, query: Query | None = None, sent: Answer | None = None
    ) -> Answer:
        """Ask with any method; raises as `get` does."""
        headers = {"authorization": f"Bearer {self.token}"}
        if sent is not None:
            headers["content-type"] = "application/json"
        try:
            response = connections().request(
                method,
                f"{self.url}{path}",
                params={k: v for k, v in (query or {}).items() if v is not None},
                content=None if sent is None else orjson.dumps(sent),
                headers=headers,
            )
        except httpx.TransportError as error:
            raise Unreachable(self.url) from error
        return _read(response, self.url)


def _read(response: httpx.Response, url: str) -> Answer:
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        raise Unreachable(url) from error
    if not isinstance(body, dict):
        raise Unreachable(url)
    if response.status_code == _UNAUTHENTICATED:
        raise SignedOut
    if response.status_code >= _REFUSED:
        raise Refused(response.status_code, body)
    return body
