"""Connections to receivers, kept for a moment after use."""

import ssl
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from httpcore import AsyncHTTPConnection, Origin

from queues.webhooks import destinations
from queues.webhooks.addresses import Network, permits
from queues.webhooks.courier.network import CheckedNetwork, Resolve
from queues.webhooks.destinations import Destination

#: Seconds an idle connection is kept: less than servers do, so that they are not the first.
_KEPT: Final = 4.0

#: Scheme, host and port.
_Place = tuple[str, str, int]


@dataclass(slots=True, kw_only=True)
class _Line:
    connection: AsyncHTTPConnection
    network: CheckedNetwork
    idle_since: float = 0.0

    @property
    def reusable(self) -> bool:
        return self.connection.is_idle() and not self.connection.is_closed()


class Connections:
    """Connections of one courier.

    The pool of the library looks at every connection for every request; here each receiver has
    its own few, and looks at no others.
    """

    def __init__(
        self,
        *,
        allowed: tuple[Network, ...],
        context: ssl.SSLContext,
        resolve: Resolve = destinations.resolve,
    ) -> None:
        """Connect to nothing yet.

        Args:
            allowed: Networks that may be reached beside the public one.
            context: Whose certificates are believed.
            resolve: Finds the addresses of a host; may take long.
        """
        self._allowed = allowed
        self._resolve = resolve
        self._context = context
        self._idle: defaultdict[_Place, list[_Line]] = defaultdict(list)

    @asynccontextmanager
    async def to(self, destination: Destination) -> AsyncIterator[AsyncHTTPConnection]:
        """A connection for one exchange; closed afterwards unless the exchange was complete."""
        place = (destination.scheme, destination.host, destination.port)
        line = await self._kept(place) or self._new(destination)
        try:
            yield line.connection
        finally:
            if line.reusable:
                line.idle_since = time.monotonic()
                self._idle[place].append(line)
            else:
                await _close(line)

    async def sweep(self, *, kept: float = _KEPT) -> None:
        """Close what has been idle for so many seconds."""
        before = time.monotonic() - kept
        over: list[_Line] = []
        for place, lines in list(self._idle.items()):
            over += [line for line in lines if line.idle_since <= before]
            lines[:] = [line for line in lines if line.idle_since > before]
            if not lines:
                del self._idle[place]
        for line in over:
            await _close(line)

    async def _kept(self, place: _Place) -> _Line | None:
        lines = self._idle[place]
        while lines:
            line = lines.pop()
            if not line.connection.has_expired():
                return line
            await _close(line)
        return None

    def _new(self, destination: Destination) -> _Line:
        network = CheckedNetwork(
            partial(permits, encrypted=destination.encrypted, allowed=self._allowed),
            self._resolve,
        )
        connection = AsyncHTTPConnection(
            Origin(
                destination.scheme.encode("ascii"),
                destination.host.encode("ascii"),
                destination.port,
            ),
            ssl_context=self._context,
            keepalive_expiry=_KEPT,
            network_backend=network,
        )
        return _Line(connection=connection, network=network)


async def _close(line: _Line) -> None:
    await line.connection.aclose()
    await line.network.aclose()
