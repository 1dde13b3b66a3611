"""The courier: claims what is due, delivers it, writes down what came of it, and so on."""

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, assert_never
from uuid import UUID

import structlog

from queues.errors import Refused, Unavailable
from queues.settings import Webhooks
from queues.store.session import Store
from queues.telemetry import failure
from queues.webhooks.courier.claims import Claim, claim, settle
from queues.webhooks.courier.messages import body_of, headers_of
from queues.webhooks.courier.outcomes import Fate, Outcome
from queues.webhooks.courier.posting import Post
from queues.webhooks.courier.slots import Room, Slots
from queues.webhooks.destinations import parse

_log = structlog.get_logger(__name__)

#: Seconds between looks for what has become due.
_TICK: Final = 0.2
#: A lease: this many times as long as an attempt may take, and some seconds, so that there is time
#: to write down what came of it.
_LEASE: Final = 1.5
_MARGIN: Final = 1.0


class Courier:
    """One courier; several side by side share the work, and whoever is left does it all."""

    def __init__(
        self,
        store: Store,
        settings: Webhooks,
        *,
        grace: float = 5.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare; nothing is claimed yet.

        Args:
            store: Where deliveries wait.
            settings: Of webhooks.
            grace: Seconds for which attempts that are under way may go on after the order to stop.
            context: Whose certificates are believed; by default those the system does.
        """
        self._store = store
        self._settings = settings
        self._grace = grace
        self._context = context
        self._slots = Slots(
            share=settings.concurrency,
            total=settings.at_once,
            first_pause=settings.first_retry,
        )
        self._under_way: set[asyncio.Task[None]] = set()
        self._ended: list[tuple[Claim, Outcome]] = []
        self._something_ended = asyncio.Event()
        self._reachable = True

    def run(self, stop: threading.Event) -> None:
        """Deliver until told to stop, through restarts of Postgres.

        Then what is under way ends, or is given back when the grace is over.
        """
        asyncio.run(self._run(stop))

    async def _run(self, stop: threading.Event) -> None:
        timeout, allowed = self._settings.timeout, self._settings.allowed_networks
        with ThreadPoolExecutor(1, thread_name_prefix="claims") as desk:
            async with Post(timeout=timeout, allowed=allowed, context=self._context) as post:
                while not stop.is_set():
                    for claimed in await self._round(desk):
                        task = asyncio.create_task(self._deliver(post, claimed))
                        self._under_way.add(task)
                        task.add_done_callback(self._under_way.discard)
                    await self._wait()
                    await post.tidy()
                await self._finish()
            await self._round(desk, last=True)

    async def _round(self, desk: ThreadPoolExecutor, *, last: bool = False) -> list[Claim]:
        """Settle what has ended and claim what there is room for, in one transaction."""
        rooms = self._slots.rooms(time.monotonic())
        free = 0 if last else self._slots.free
        ended, self._ended = self._ended, []
        if not ended and not free:
            return []
        loop = asyncio.get_running_loop()
        try:
            claims = await loop.run_in_executor(desk, self._exchange, ended, rooms, free)
        except Unavailable as error:
            self._ended = ended + self._ended
            if self._reachable:
                _log.warning("cannot settle and claim", reason=str(error))
            self._reachable = False
            return []
        self._reachable = True
        for claimed in claims:
            self._slots.take(claimed.webhook_id)
        return claims

    def _exchange(
        self, ended: list[tuple[Claim, Outcome]], rooms: Mapping[UUID, Room], free: int
    ) -> list[Claim]:
        settings = self._settings
        with self._store.transaction() as connection:
            dead = settle(
                connection,
                ended,
                patience=settings.give_up_after,
                first_retry=settings.first_retry,
            )
            lease = settings.timeout * _LEASE + _MARGIN
            claims = claim(connection, rooms, free=free, lease=lease)
        for delivery in dead:
            _log.warning("given up", delivery=str(delivery))
        return claims

    async def _deliver(self, post: Post, claimed: Claim) -> None:
        outcome = Outcome(fate=Fate.GIVEN_BACK)
        try:
            outcome = await _attempt(post, claimed)
        except Exception as error:  # noqa: BLE001 - one that fails must not end all others
            _log.error("cannot be attempted", delivery=str(claimed.id), **failure(error))
            outcome = Outcome(fate=Fate.FAILED, error="failed within the courier; see its log")
        finally:
            self._end(claimed, outcome)

    def _end(self, claimed: Claim, outcome: Outcome) -> None:
        webhook = claimed.webhook_id
        match outcome.fate:
            case Fate.DELIVERED:
                self._slots.arrived(webhook)
            case Fate.FAILED | Fate.GONE:
                self._slots.failed(webhook, time.monotonic(), wait=outcome.wait)
                _log.info(
                    "not delivered",
                    delivery=str(claimed.id),
                    webhook=str(webhook),
                    attempt=claimed.attempt,
                    error=outcome.error,
                )
            case Fate.GIVEN_BACK | Fate.LOST:
                self._slots.given_back(webhook)
            case _:
                assert_never(outcome.fate)
        self._ended.append((claimed, outcome))
        self._something_ended.set()

    async def _wait(self) -> None:
        """Until something has ended, or it is time to look for what has become due."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._something_ended.wait(), _TICK)
        self._something_ended.clear()

    async def _finish(self) -> None:
        """Let what is under way end within the grace; the rest is given back."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._grace)
        late = list(self._under_way)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _attempt(post: Post, claimed: Claim) -> Outcome:
    event = claimed.event
    if event is None:
        return Outcome(fate=Fate.LOST, error="the event is no longer kept")
    if not claimed.secrets:
        return Outcome(fate=Fate.FAILED, error="there is no valid secret to sign with")
    body = body_of(event)
    headers = headers_of(claimed, event, body)
    try:
        destination = parse(claimed.url)
    except Refused as error:
        return Outcome(fate=Fate.FAILED, error=str(error))
    return await post.send(destination, headers, body, now=claimed.at)
