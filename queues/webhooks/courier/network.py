"""Connects to receivers, and to nothing else: every address is looked at before it is used.

A name is resolved here, its addresses are checked, and the connection is made to one of the very
addresses that were checked. Who answers differently when asked again gains nothing by it.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import Final

from httpcore import (
    SOCKET_OPTION,
    AnyIOBackend,
    AsyncNetworkBackend,
    AsyncNetworkStream,
    ConnectError,
    ConnectTimeout,
)

from engine.errors import TierwiseError
from queues.webhooks import destinations
from queues.webhooks.addresses import Address, address_of

#: Addresses of one name that are tried.
_MOST_ADDRESSES: Final = 4

#: Finds the addresses of a host, for a port; raises OSError.
Resolve = Callable[[str, int], list[Address]]


class Forbidden(TierwiseError):
    """A name leads only to addresses that deliveries may not go to."""

    def __init__(self, host: str, addresses: tuple[str, ...]) -> None:
        super().__init__(host, addresses)
        self.host = host
        self.addresses = addresses

    def __str__(self) -> str:
        return f"`{self.host}` leads to {self.addresses[0]}, where deliveries may not go"


class Unresolved(TierwiseError):
    """A name has no address."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(host, reason)
        self.host = host
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.host}` cannot be resolved: {self.reason}"


class CheckedNetwork(AsyncNetworkBackend):
    """The network of one connection, as far as addresses are permitted."""

    def __init__(
        self, permits: Callable[[Address], bool], resolve: Resolve = destinations.resolve
    ) -> None:
        self._permits = permits
        self._resolve = resolve
        self._wire = AnyIOBackend()
        self._stream: AsyncNetworkStream | None = None

    async def aclose(self) -> None:
        """Close what was connected, also when encryption never came about."""
        if self._stream is not None:
            await self._stream.aclose()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library asks so
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Connect to the first address that answers; the time is shared out among them.

        Raises:
            Forbidden: none of the addresses is permitted; nothing was connected to.
            Unresolved: there are none.
            ConnectError: none of them answers.
        """
        found = await _addresses(host, port, self._resolve)
        permitted = [address for address in found if self._permits(address)][:_MOST_ADDRESSES]
        if not permitted:
            raise Forbidden(host, tuple(map(str, found)))
        share = None if timeout is None else timeout / len(permitted)
        connect = partial(
            self._wire.connect_tcp,
            port=port,
            timeout=share,
            local_address=local_address,
            socket_options=socket_options,
        )
        *others, last = map(str, permitted)
        for address in others:
            try:
                self._stream = await connect(address)
            except (ConnectError, ConnectTimeout):
                continue
            return self._stream
        self._stream = await connect(last)
        return self._stream


async def _addresses(host: str, port: int, resolve: Resolve) -> list[Address]:
    """Resolve a name in a thread of its own.

    Resolvers can hang for long and cannot be interrupted. In a pool, those that hang would keep
    the others waiting; and a thread that is no daemon would keep the process from ending.
    """
    literal = address_of(host)
    if literal is not None:
        return [literal]
    answer: Future[list[Address]] = Future()
    answer.set_running_or_notify_cancel()

    def ask() -> None:
        try:
            answer.set_result(resolve(host, port))
        except OSError as error:
            answer.set_exception(error)

    threading.Thread(target=ask, name="resolver", daemon=True).start()
    try:
        found = await asyncio.wrap_future(answer)
    except OSError as error:
        raise Unresolved(host, error.strerror or type(error).__name__) from error
    if not found:
        raise Unresolved(host, "it has no addresses")
    return found
