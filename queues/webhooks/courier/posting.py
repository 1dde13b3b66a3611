"""Posts one message to one receiver, within a time, and reads what it answers."""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Final, Self

import httpcore

from queues.webhooks import destinations
from queues.webhooks.addresses import Network
from queues.webhooks.courier.connections import Connections
from queues.webhooks.courier.network import Forbidden, Resolve, Unresolved
from queues.webhooks.courier.outcomes import Fate, Outcome, outcome_of
from queues.webhooks.destinations import Destination

#: Bytes of an answer that are read. What it says beside its status is of no interest.
_MOST_OF_ANSWER: Final = 65_536
_LONGEST_ERROR: Final = 300


class Post:
    """Connections to receivers; used as `async with Post(…)`."""

    def __init__(
        self,
        *,
        timeout: float,
        allowed: tuple[Network, ...],
        context: ssl.SSLContext | None = None,
        resolve: Resolve = destinations.resolve,
    ) -> None:
        """Prepare; nothing is connected yet.

        Args:
            timeout: Seconds for one message: resolving, connecting, sending and the whole answer.
            allowed: Networks that may be reached beside the public one.
            context: Whose certificates are believed; by default those the system does.
            resolve: Finds the addresses of a host; may take long.
        """
        self._timeout = timeout
        self._connections = Connections(
            allowed=allowed, context=context or ssl.create_default_context(), resolve=resolve
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.sweep(kept=0.0)

    async def tidy(self) -> None:
        """Close connections that nobody needed lately."""
        await self._connections.sweep()

    async def send(
        self, destination: Destination, headers: Mapping[str, str], body: bytes, *, now: float
    ) -> Outcome:
        """Post a message; whatever happens is an outcome.

        Args:
            destination: Where to; its address is checked when it is connected to.
            headers: Beside `Host` and `Content-Length`.
            body: Of the message.
            now: Seconds since 1970 UTC, for answers that name a moment.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(destination, headers, body, now)
        except TimeoutError:
            return _failure(f"gave no answer within {self._timeout:g} s")
        except (Forbidden, Unresolved) as error:
            return _failure(str(error))
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            return _failure(f"cannot be connected to: {error}")
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            return _failure(f"broke off before its answer was complete: {error}")

    async def _exchange(
        self, destination: Destination, headers: Mapping[str, str], body: bytes, now: float
    ) -> Outcome:
        url = httpcore.URL(
            scheme=destination.scheme.encode("ascii"),
            host=destination.host.encode("ascii"),
            port=destination.port,
            target=destination.path.encode("ascii"),
        )
        sent = {"Host": destination.authority, "Content-Length": str(len(body))} | dict(headers)
        async with (
            self._connections.to(destination) as connection,
            connection.stream(
                "POST",
                url,
                headers=list(sent.items()),
                content=body,
                extensions={"timeout": {"connect": self._timeout}},
            ) as response,
        ):
            length = 0
            async for part in response.aiter_stream():
                length += len(part)
                if length > _MOST_OF_ANSWER:
                    break
        answered = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        return outcome_of(response.status, answered, now)


def _failure(error: str) -> Outcome:
    return Outcome(fate=Fate.FAILED, error=error[:_LONGEST_ERROR])
