"""Lets requests wait for decisions: thousands of them cost one connection and no thread."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool

from queues.errors import Unavailable
from queues.store.session import Store

_log = structlog.get_logger(__name__)

#: Seconds between looks at all items that are waited for: a notice can be lost.
_LOOK: Final = 5.0
_DECIDED: Final = text(
    "SELECT id FROM items WHERE id = ANY(:items)"
    " AND state NOT IN ('waiting_for_signals', 'in_review')"
)


class Waiting:
    """Requests of one event loop that wait for items to be decided."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiters: dict[UUID, set[asyncio.Event]] = {}
        self._look = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        """How many requests wait."""
        return sum(map(len, self._waiters.values()))

    def told(self, item: str) -> None:
        """Somebody says that an item is decided; from any thread."""
        self._soon(lambda: self._wake([UUID(item)]))

    def missed(self) -> None:
        """Notices may have been lost; from any thread."""
        self._soon(self._look.set)

    def close(self) -> None:
        """Let everybody go on without a decision, from now on; from any thread."""
        self._closed = True
        self._soon(lambda: self._wake(list(self._waiters)))

    @contextmanager
    def watching(self, item: UUID) -> Iterator[asyncio.Event]:
        """An event that is set when the item may have been decided.

        To be entered before looking whether it is: what happens in between is not missed.
        """
        event = asyncio.Event()
        if self._closed:
            event.set()
        waiters = self._waiters.setdefault(item, set())
        waiters.add(event)
        try:
            yield event
        finally:
            waiters.discard(event)
            if not waiters:
                self._waiters.pop(item, None)

    async def run(self) -> None:
        """Look after those who wait, until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._look.clear()
            if self._waiters:
                await self._wake_decided(list(self._waiters))
            try:
                await asyncio.wait_for(self._look.wait(), _LOOK)
            except TimeoutError:
                continue

    async def _wake_decided(self, items: list[UUID]) -> None:
        try:
            self._wake(await run_in_threadpool(self._decided, items))
        except Unavailable as error:
            _log.warning("cannot look for decisions", reason=str(error))

    def _decided(self, items: list[UUID]) -> list[UUID]:
        with self._store.read() as connection:
            return list(connection.execute(_DECIDED, {"items": items}).scalars())

    def _wake(self, items: Collection[UUID]) -> None:
        for item in items:
            for event in self._waiters.get(item, ()):
                event.set()

    def _soon(self, call: Callable[[], object]) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(call)
