"""What stands between the services and the event loop of one process."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from types import FrameType
from typing import Final

from starlette.requests import Request

from queues.api.expecting import Expecting
from queues.api.metrics import Metrics
from queues.api.submitting import Submitting
from queues.api.waiting import Waiting
from queues.presence import Presence
from queues.store.notices import Topic
from queues.storefront import Storefront

#: What tells a server to end.
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Runtime:
    """The services, and what stands between them and the event loop."""

    def __init__(self, services: Storefront, metrics: Metrics) -> None:
        self.services = services
        self.settings = services.settings
        self.metrics = metrics
        self.waiting = Waiting(services.store)
        self.submitting = Submitting(services.intake, most_waiting=self.settings.api.max_waiting)
        self.expecting = Expecting(services.waits)
        listener, access = services.listener, services.access
        listener.subscribe(Topic.DECIDED, self.waiting.told, missed=self.waiting.missed)
        listener.subscribe(Topic.KEY, lambda _: access.forget(), missed=access.forget)
        listener.subscribe(Topic.SESSION, lambda _: access.forget())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything that runs beside requests, for as long as there are requests."""
        services = self.services
        in_force = services.in_force
        presence = Presence(
            services.store, "api", lambda: in_force.standing, trouble=lambda: in_force.trouble
        )
        in_force.tell(presence.wake)
        services.follow()
        presence.start()
        await self.expecting.look()
        looking = asyncio.create_task(self.waiting.run())
        try:
            with _before_the_end(self.waiting.close):
                yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            await self.expecting.close()
            self.submitting.close()
            presence.close()
            services.close()


@contextmanager
def _before_the_end(act: Callable[[], None]) -> Iterator[None]:
    """Act as soon as the server is told to end, before it waits for requests under way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def told(number: int, frame: FrameType | None) -> None:
        act()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in _SIGNALS:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def runtime_of(request: Request) -> Runtime:
    """The runtime of the application that serves a request."""
    found: Runtime = request.app.state.runtime
    return found
