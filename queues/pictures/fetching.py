"""Fetches pictures as webhooks are delivered: to public addresses over TLS, or to allowed networks.

An item chooses where this machine connects to, and so does every redirect: each address is taken
apart, resolved, checked and used as it was checked.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import httpcore
import httpx

from queues.errors import Conflict, Refused
from queues.pictures.kinds import kind_of
from queues.sections import Pictures
from queues.webhooks import destinations
from queues.webhooks.courier.connections import Connections
from queues.webhooks.courier.network import Forbidden, Resolve, Unresolved
from queues.webhooks.destinations import Destination

_REDIRECTS: Final = 3
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_FOUND: Final = 200
_ASKED: Final = {"Accept": "image/*", "User-Agent": "Tierwise"}


class _Failed(Exception):
    """A picture cannot be had; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A picture."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Fetches pictures."""

    settings: Pictures
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    """Whose certificates are believed."""
    resolve: Resolve = destinations.resolve

    def fetch(self, url: str, what: str) -> Fetched:
        """Fetch a picture.

        Args:
            url: Where the item says that it is.
            what: What it is called where it cannot be had.

        Raises:
            Conflict: it cannot be had, is too large, or is no picture; says which.
        """
        try:
            return self.checked(asyncio.run(self._fetched(url)), what)
        except _Failed as failed:
            raise Conflict(what, str(failed)) from failed

    def checked(self, data: bytes, what: str) -> Fetched:
        """Some bytes, if they are a picture; raises Conflict where they are none, or too many."""
        if len(data) > self.settings.largest:
            raise Conflict(what, f"is larger than {self.settings.largest:,} bytes")
        kind = kind_of(data)
        if kind is None:
            raise Conflict(what, "is no PNG, JPEG, GIF, WebP or AVIF")
        return Fetched(media_type=kind, data=data)

    async def _fetched(self, url: str) -> bytes:
        given = self.settings
        connections = Connections(
            allowed=given.allowed_networks, context=self.context, resolve=self.resolve
        )
        try:
            async with asyncio.timeout(given.timeout):
                for _ in range(_REDIRECTS + 1):
                    answer = await self._asked(connections, _parsed(url))
                    if isinstance(answer, bytes):
                        return answer
                    url = answer
        except TimeoutError as error:
            message = f"is not there within {given.timeout:g} s"
            raise _Failed(message) from error
        except (Forbidden, Unresolved) as error:
            message = f"is not fetched: {error}"
            raise _Failed(message) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            message = f"cannot be fetched: {type(error).__name__}"
            raise _Failed(message) from error
        finally:
            await connections.sweep(kept=0.0)
        message = f"is behind more than {_REDIRECTS} redirects"
        raise _Failed(message)

    async def _asked(self, connections: Connections, place: Destination) -> bytes | str:
        """What is there, or where it is instead."""
        url = httpcore.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.path)
        sent = list({"Host": place.authority, **_ASKED}.items())
        async with (
            connections.to(place) as connection,
            connection.stream("GET", url, headers=sent) as answer,
        ):
            if answer.status in _MOVED:
                return _moved(place, _headers(answer))
            if answer.status != _FOUND:
                message = f"is not there: the answer is {answer.status}"
                raise _Failed(message)
            return await self._read(answer)

    async def _read(self, answer: httpcore.Response) -> bytes:
        parts: list[bytes] = []
        length = 0
        async for part in answer.aiter_stream():
            length += len(part)
            if length > self.settings.largest:
                message = f"is larger than {self.settings.largest:,} bytes"
                raise _Failed(message)
            parts.append(part)
        return b"".join(parts)


def _parsed(url: str) -> Destination:
    try:
        return destinations.parse(url)
    except Refused as refused:
        message = f"has an address that {refused.reason}"
        raise _Failed(message) from refused


def _headers(answer: httpcore.Response) -> Mapping[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers
    }


def _moved(place: Destination, headers: Mapping[str, str]) -> str:
    try:
        return str(httpx.URL(place.url).join(headers.get("location", "")))
    except httpx.InvalidURL as error:
        message = "is behind a redirect that leads nowhere"
        raise _Failed(message) from error
