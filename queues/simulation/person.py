"""What one simulated person does: claim some cases, judge each, vote; some they give back."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from queues.client import NoAnswer
from queues.simulation.api import Case, Desk, lost, why_not
from queues.simulation.chance import share
from queues.simulation.crew import Member
from queues.simulation.diary import Diary
from queues.simulation.judgement import Judgement, Question, judge
from queues.simulation.truths import Right, Truths

T = TypeVar("T")

_PUBLISH: Final = "publish"
#: What the machine is taken to suspect where nothing holds yet.
_SUSPECTED: Final = "remove"
#: Seconds before somebody without work asks again, at first and at most.
_SHORTEST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How everybody works."""

    seed: int
    correlation: float
    truths: Truths
    at_once: int
    """Cases that somebody claims at once."""
    pace: float
    """Real seconds for each simulated one; 0: as fast as possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at work."""

    member: Member
    desk: Desk
    ways: Ways
    diary: Diary

    async def work(self) -> None:
        """Go on until told to stop; whatever is in hand then goes back."""
        try:
            pauses = 0
            while True:
                if await self._some():
                    pauses = 0
                    continue
                await asyncio.sleep(min(_LONGEST_PAUSE, _SHORTEST_PAUSE * 2.0**pauses))
                pauses = min(pauses + 1, 10)
        finally:
            with suppress(NoAnswer):
                await self.desk.release()

    async def _some(self) -> bool:
        """Work on some cases, those of panels first; whether there were any."""
        reasons = set()
        for tier in ("senior", "single") if self.member.senior else ("single",):
            handed = await _whole(self.desk.claim(tier, self.ways.at_once))
            for case in handed.cases:
                await self._handle(case)
            if handed.cases:
                self.diary.idle.pop(self.member.name, None)
                return True
            reasons.add(handed.why)
        self.diary.idle[self.member.name] = ", ".join(sorted(reasons))
        return False

    async def _handle(self, case: Case) -> None:
        """Give a case back, pass it on, or vote on it."""
        if self._happens("skips", self.member.skips, case):
            reply = await self.desk.skip(case)
            self.diary.skipped += not reply.refused
            return
        escalates = self.desk.possible.escalate and case.tier == "single"
        if escalates and self._happens("escalates", self.member.escalates, case):
            reply = await self.desk.escalate(case)
            self.diary.escalated += not reply.refused
            if not reply.refused:
                return
        await self._vote(case)

    async def _vote(self, case: Case) -> None:
        right = await self._right(case)
        ways = self.ways
        policy = right.policy or case.policy or ""
        question = Question(item=case.item, policy=policy, round=case.round)
        judgement = judge(ways.seed, ways.correlation, self.member, question, right)
        if ways.pace:
            await asyncio.sleep(judgement.active_seconds * ways.pace)
        reply = await self.desk.decide(case, judgement)
        if lost(reply):
            self.diary.lost += 1
            await self.desk.release(case)
        elif reply.refused:
            # Nobody gets it from this person's hands otherwise before the lease ends.
            self.diary.refused[why_not(reply)] += 1
            await self.desk.skip(case)
        else:
            self._note(case, judgement)
            await self._think_again(case, judgement)

    async def _think_again(self, case: Case, judgement: Judgement) -> None:
        """Now and then take a vote back, and cast it once more."""
        if not self.desk.possible.undo or not self._happens("undoes", self.member.undoes, case):
            return
        if not (await _whole(self.desk.undo(case))).refused:
            self.diary.undone += 1
            reply = await self.desk.decide(case, judgement)
            if reply.refused:
                await self.desk.release(case)

    async def _right(self, case: Case) -> Right:
        """What is right for the item of a case."""
        truths = self.ways.truths
        if case.item in truths.known:
            return truths.known[case.item]
        held = await self.desk.action_in_force(case.item)
        suspected = _SUSPECTED if held in {None, _PUBLISH} else str(held)
        return truths.of(self.ways.seed, case.item, suspected)

    def _happens(self, what: str, chance: float, case: Case) -> bool:
        return share(self.ways.seed, what, self.member.name, case.item, case.tier) < chance

    def _note(self, case: Case, judgement: Judgement) -> None:
        diary = self.diary
        diary.votes[case.tier] += 1
        diary.again += case.round > 1
        diary.errors += judgement.errs
        diary.seconds += judgement.active_seconds
        if judgement.action != _PUBLISH:
            diary.restricted[case.item] = None


async def _whole(asked: Coroutine[Any, Any, T]) -> T:
    """An answer that is waited for also by whoever is told to stop: it may put cases into hands."""
    answer = asyncio.ensure_future(asked)
    try:
        return await asyncio.shield(answer)
    except asyncio.CancelledError:
        with suppress(NoAnswer):
            await answer
        raise
