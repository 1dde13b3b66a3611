"""Items that arrive alone at the same time are accepted together: one transaction for all of them.

Whoever comes while a group is under way makes up the next one, so groups grow with the load and an
idle server answers at once. After a group of several, the next is left a moment to come together:
those who were just answered come back at once, and the first of them would make a group alone.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from queues.errors import Unavailable
from queues.intake.answers import Outcome

#: Items of one transaction at most.
LARGEST: Final = 500
#: Seconds in which a group comes together after one of several items.
_LINGER: Final = 0.002

Accept = Callable[[Sequence[object], str, str | None], Sequence[Outcome]]


@dataclass(slots=True, kw_only=True)
class _Waiting:
    raw: object
    actor: str
    key: str | None
    answer: "asyncio.Future[Outcome]"


class Grouping:
    """Collects single items of one event loop."""

    def __init__(
        self, accept: Accept, executor: Executor, *, most_waiting: int, lanes: int = 1
    ) -> None:
        """Prepare; nothing runs until an item comes.

        Args:
            accept: Accepts items of one sender, and is called in the executor.
            executor: Threads that may wait for the database.
            most_waiting: Items that may wait; one more is refused.
            lanes: Groups under way at once.
        """
        self._accept = accept
        self._executor = executor
        self._most = most_waiting
        self._free = lanes
        self._last = 1
        """Items of the last group."""
        self._waiting: deque[_Waiting] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def submit(self, raw: object, *, actor: str, key: str | None = None) -> Outcome:
        """Accept one item.

        Raises:
            Unavailable: too many are waiting, or as `Intake.accept`.
        """
        if len(self._waiting) >= self._most:
            part, reason = "intake", "too many items are waiting to be judged"
            raise Unavailable(part, reason)
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(raw=raw, actor=actor, key=key, answer=answer))
        if self._free:
            self._free -= 1
            task = asyncio.create_task(self._work())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await answer

    async def _work(self) -> None:
        """Accept group after group until nobody waits."""
        try:
            while self._waiting:
                if self._last > 1:
                    await asyncio.sleep(_LINGER)
                if group := self._next():
                    self._last = len(group)
                    await self._answer(group)
        finally:
            self._free += 1

    async def _answer(self, group: "list[_Waiting]") -> None:
        """Accept a group; if one item breaks it, each is tried alone and only that one fails."""
        first = group[0]
        raws = [each.raw for each in group]
        try:
            outcomes = await asyncio.get_running_loop().run_in_executor(
                self._executor, self._accept, raws, first.actor, first.key
            )
        except Exception as problem:  # noqa: BLE001 - it belongs to those who wait
            if len(group) == 1 or isinstance(problem, Unavailable):
                _fail(group, problem)
                return
            for each in group:
                await self._answer([each])
        else:
            for each, outcome in zip(group, outcomes, strict=True):
                if not each.answer.done():
                    each.answer.set_result(outcome)

    def _next(self) -> list[_Waiting]:
        """Those at the head who share a sender; one with a key of its own stands alone.

        Empty where another lane has taken them meanwhile.
        """
        waiting = self._waiting
        group = [waiting.popleft()] if waiting else []
        while (
            waiting
            and len(group) < LARGEST
            and group[0].key is None
            and waiting[0].key is None
            and waiting[0].actor == group[0].actor
        ):
            group.append(waiting.popleft())
        return group


def _fail(group: Sequence[_Waiting], problem: Exception) -> None:
    for each in group:
        if not each.answer.done():
            each.answer.set_exception(problem)
