"""A course of the simulation: people work until nothing waits, authors appeal, people go on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Final

from queues.client import Client
from queues.simulation import api
from queues.simulation.api import Desk, Possible
from queues.simulation.chance import share
from queues.simulation.crew import Crew, Member
from queues.simulation.diary import Diary
from queues.simulation.person import Person, Ways
from queues.simulation.truths import Truths

#: Seconds between looks at what waits.
_BETWEEN: Final = 0.25
#: So many looks in a row find nothing: what was sent off may just be on its way.
_LOOKS: Final = 3
#: How much more often somebody appeals whose item was not to be restricted.
_WRONGED: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is simulated."""

    crew: Crew
    seed: int
    truths: Truths = field(default_factory=Truths)
    accounts: bool = False
    """Whether people get accounts and sign in; else the key names them."""
    at_once: int = 5
    """Cases that somebody claims at once."""
    pace: float = 0.0
    """Real seconds for each simulated one; 0: as fast as possible."""
    appeals: float = 0.0
    """Share of restricted items whose authors appeal, once."""
    stay: bool = False
    """Whether to go on when nothing waits, until told to stop."""
    patience: float = 30.0
    """Seconds without a vote, though cases wait, after which it ends: nobody may have them."""


@dataclass(slots=True, kw_only=True)
class Course:
    """A plan that is carried out on a deployment."""

    plan: Plan
    urls: list[str]
    key: str = field(repr=False)
    tell: Callable[[str], None] = lambda _: None
    """Told what happens, a line each."""
    diary: Diary = field(default_factory=Diary)
    left: int = 0
    """Cases that still wait."""

    async def run(self) -> Diary:
        """Work until nothing waits, or until cancelled; in both cases all cases are given back.

        Raises:
            NoAnswer: the key may not do this, or nobody answers for too long.
            Conflict: an account has the name of a simulated person, and is not simulated.
        """
        async with AsyncExitStack() as clients:
            client = await clients.enter_async_context(Client(urls=self.urls, key=self.key))
            possible = await Possible.at(client)
            people = [
                await self._hired(clients, client, possible, member)
                for member in self.plan.crew.people
            ]
            self.tell(f"{len(people)} simulated reviewers are at work")
            await _race([person.work() for person in people], self._watch(client))
        return self.diary

    def why_left(self) -> Iterator[str]:
        """Why cases are left, as a person reads it; nothing where none is."""
        if self.left:
            yield f"{self.left:,} cases are left, and nobody of the crew may have them:"
            for name, why in sorted(self.diary.idle.items()):
                yield f"  {name}: {why}"

    async def _hired(
        self, clients: AsyncExitStack, client: Client, possible: Possible, member: Member
    ) -> Person:
        """Somebody with a desk: a session of their own, or the key and their name."""
        plan = self.plan
        if plan.accounts:
            token = await api.session_of(client, member, token_urlsafe(24))
            own = await clients.enter_async_context(Client(urls=self.urls, key=token))
            desk = Desk(own, possible, reviewer=None, knowing=client)
        else:
            desk = Desk(client, possible, reviewer=member.name, knowing=client)
        ways = Ways(
            seed=plan.seed,
            correlation=plan.crew.correlation,
            truths=plan.truths,
            at_once=plan.at_once,
            pace=plan.pace,
        )
        return Person(member=member, desk=desk, ways=ways, diary=self.diary)

    async def _watch(self, client: Client) -> None:
        """Until nothing waits; then appeals are filed, and until nothing waits once more."""
        await self._quiet(client)
        if self.plan.appeals and await self._appeal(client):
            self.tell(f"{self.diary.appeals} authors appealed")
            await self._quiet(client)
        if self.plan.stay:
            self.tell("nothing waits; whatever comes is worked on until Ctrl-C")
            await asyncio.Event().wait()

    async def _quiet(self, client: Client) -> None:
        """Return when nothing waits, or nobody may have what does."""
        loop = asyncio.get_running_loop()
        looks, progress, since = 0, -1, loop.time()
        while looks < _LOOKS:
            self.left = await api.waiting(client)
            looks = 0 if self.left else looks + 1
            done = self._progress
            if done != progress:
                progress, since = done, loop.time()
            elif self.left and loop.time() - since > self.plan.patience and not self.plan.stay:
                return
            await asyncio.sleep(_BETWEEN)

    @property
    def _progress(self) -> int:
        diary = self.diary
        return diary.votes.total() + diary.skipped + diary.escalated + diary.lost

    async def _appeal(self, client: Client) -> int:
        """File the appeals that are due; how many were taken."""
        diary = self.diary
        for item in dict.fromkeys([*self.plan.truths.known, *diary.restricted]):
            if not self._appeals_against(item) or not await api.restricted(client, item):
                continue
            reply = await api.appeal(client, item)
            if reply.refused:
                diary.appeals_refused[api.why_not(reply)] += 1
            else:
                diary.appeals += 1
        return diary.appeals

    def _appeals_against(self, item: str) -> bool:
        """Whether the author of an item would appeal; whoever is wronged does so more often."""
        plan = self.plan
        right = plan.truths.known.get(item)
        wronged = right is not None and right.action == "publish"
        chance = plan.appeals * (_WRONGED if wronged else 1.0)
        return share(plan.seed, "appeals", item) < chance


async def _race(people: list[Awaitable[None]], watch: Awaitable[None]) -> None:
    """Let all go on until one ends or fails; then stop the others, and wait until they have."""
    tasks = [asyncio.ensure_future(each) for each in (watch, *people)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
