"""Hands items to the intake, and refuses what there is no room for."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from queues.errors import Unavailable
from queues.intake import Intake, Outcome
from queues.intake.grouping import Grouping

#: Transactions of the intake at once: while others wait for the disk, one judges.
_LANES: Final = 3


class Submitting:
    """The way of items from requests of one event loop to the intake and back."""

    def __init__(self, intake: Intake, *, most_waiting: int) -> None:
        """Prepare.

        Args:
            intake: Takes items in; called in threads of its own.
            most_waiting: Items that may be on their way, single or in batches.
        """
        self._intake = intake
        self._threads = ThreadPoolExecutor(_LANES, thread_name_prefix="intake")
        self._grouping = Grouping(
            self._accept, self._threads, most_waiting=most_waiting, lanes=_LANES
        )
        self._most = most_waiting
        self._under_way = 0

    async def one(self, raw: object, *, actor: str, key: str | None) -> Outcome:
        """Accept one item.

        Raises:
            Unavailable: no room, or as `Intake.accept`.
        """
        return await self._grouping.submit(raw, actor=actor, key=key)

    async def many(
        self, raws: Sequence[object], *, actor: str, key: str | None
    ) -> Sequence[Outcome]:
        """Accept a batch, in one transaction; raises as `one`."""
        # A batch that comes alone always has room, however many items wait in it.
        if self._under_way and self._under_way + len(raws) > self._most:
            part, reason = "intake", "too many items are waiting to be judged"
            raise Unavailable(part, reason)
        self._under_way += len(raws)
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._accept, raws, actor, key
            )
        finally:
            self._under_way -= len(raws)

    def close(self) -> None:
        """Wait for what is under way."""
        self._threads.shutdown()

    def _accept(self, raws: Sequence[object], actor: str, key: str | None) -> Sequence[Outcome]:
        return self._intake.accept(raws, actor=actor, key=key)
