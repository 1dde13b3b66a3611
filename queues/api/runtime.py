"""What stands between the services and the event loop of one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.requests import Request

from queues.api.metrics import Metrics
from queues.api.submitting import Submitting
from queues.api.waiting import Waiting
from queues.bootstrap import Services
from queues.store.notices import Topic


class Runtime:
    """The services, and what stands between them and the event loop."""

    def __init__(self, services: Services, metrics: Metrics) -> None:
        self.services = services
        self.settings = services.settings
        self.metrics = metrics
        self.waiting = Waiting(services.store)
        self.submitting = Submitting(services.intake, most_waiting=self.settings.api.max_waiting)
        listener, access = services.listener, services.access
        listener.subscribe(Topic.DECIDED, self.waiting.told, missed=self.waiting.missed)
        listener.subscribe(Topic.KEY, lambda _: access.forget(), missed=access.forget)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything that runs beside requests, for as long as there are requests."""
        self.services.in_force.watch()
        self.services.listener.start()
        looking = asyncio.create_task(self.waiting.run())
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            self.submitting.close()
            self.services.close()

    def let_go(self) -> None:
        """Answer requests that only wait: the process is about to end. From any thread."""
        self.waiting.close()


def runtime_of(request: Request) -> Runtime:
    """The runtime of the application that serves a request."""
    found: Runtime = request.app.state.runtime
    return found
