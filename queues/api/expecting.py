"""What is expected of queues, for requests that must not wait for it: looked up beside them."""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool

from queues.casework.waits import Outlook, Waits
from queues.errors import Unavailable

#: Seconds after which what was seen is no answer any more.
_TOO_OLD: Final = 60.0


class Expecting:
    """The outlook of one event loop, at no cost; whoever asks for an old one has it renewed."""

    def __init__(self, waits: Waits) -> None:
        self._waits = waits
        self._looking: asyncio.Task[None] | None = None

    @property
    def outlook(self) -> Outlook | None:
        """What was seen some seconds ago; None where nothing was for too long."""
        if not self._waits.fresh and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self.look())
        lately = self._waits.lately
        return None if lately is None or lately.age > _TOO_OLD else lately

    async def look(self) -> None:
        """Have a look, if there is a database to look at."""
        with suppress(Unavailable):
            await run_in_threadpool(self._waits.current)

    async def close(self) -> None:
        """Wait for a look that is under way."""
        if self._looking is not None:
            await self._looking
