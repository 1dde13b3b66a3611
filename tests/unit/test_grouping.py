"""Items that come alone at the same time are accepted together, and each gets its own answer."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from engine.errors import InvalidItem
from queues.errors import Unavailable
from queues.intake import Outcome, Rejected
from queues.intake.grouping import Grouping

_BROKEN = "broken"


@dataclass
class Desk:
    """Accepts groups, and remembers them; the first one is held until the door opens."""

    groups: list[tuple[str, list[object]]] = field(default_factory=list)
    door: threading.Event = field(default_factory=threading.Event)

    def accept(self, raws: Sequence[object], actor: str, _key: str | None) -> Sequence[Outcome]:
        """An outcome for each, which names it."""
        self.groups.append((actor, list(raws)))
        self.door.wait(10)
        if _BROKEN in raws:
            raise ZeroDivisionError
        return [Rejected(id=str(raw), problem=InvalidItem("item", str(raw))) for raw in raws]


async def _submit(
    desk: Desk, raws: Sequence[str], *, actors: Sequence[str] = ("key:a",), most: int = 100
) -> list[Outcome | BaseException]:
    """Submit items at once: the first makes a group alone, the others wait behind it."""
    with ThreadPoolExecutor(1) as executor:
        grouping = Grouping(desk.accept, executor, most_waiting=most)
        waiting = [
            asyncio.create_task(grouping.submit(raw, actor=actors[place % len(actors)]))
            for place, raw in enumerate(raws)
        ]
        asyncio.get_running_loop().call_soon(desk.door.set)
        return await asyncio.gather(*waiting, return_exceptions=True)


def _names(outcomes: Sequence[Outcome | BaseException]) -> list[str | None]:
    return [each.id if isinstance(each, Rejected) else type(each).__name__ for each in outcomes]


def test_those_who_wait_are_accepted_together() -> None:
    """One transaction for all that came meanwhile; answers go to whom they belong."""
    desk, raws = Desk(), [f"item-{number}" for number in range(20)]
    assert _names(asyncio.run(_submit(desk, raws))) == raws
    assert len(desk.groups) < 4
    assert [raw for _, group in desk.groups for raw in group] == raws


def test_senders_are_not_mixed() -> None:
    """A group has one sender, whom the audit names."""
    desk, raws = Desk(), [f"item-{number}" for number in range(8)]
    assert _names(asyncio.run(_submit(desk, raws, actors=("key:a", "key:b")))) == raws
    for actor, group in desk.groups:
        assert {raws.index(str(raw)) % 2 for raw in group} == {0 if actor == "key:a" else 1}


def test_one_that_breaks_a_group_fails_alone() -> None:
    """The others are tried again without it."""
    desk, raws = Desk(), ["first", "a", _BROKEN, "b"]
    assert _names(asyncio.run(_submit(desk, raws))) == ["first", "a", "ZeroDivisionError", "b"]


def test_too_many_are_refused() -> None:
    """With what can be answered at once, before memory grows."""
    desk, raws = Desk(), [f"item-{number}" for number in range(6)]
    outcomes = asyncio.run(_submit(desk, raws, most=4))
    assert _names(outcomes) == [*raws[:4], "Unavailable", "Unavailable"]
    refused = outcomes[-1]
    assert isinstance(refused, Unavailable)
    assert refused.part == "intake"


def test_one_alone_waits_for_nobody() -> None:
    """An idle server answers at once, again and again."""

    async def one_by_one() -> list[str | None]:
        desk = Desk()
        desk.door.set()
        with ThreadPoolExecutor(1) as executor:
            grouping = Grouping(desk.accept, executor, most_waiting=1)
            return _names([await grouping.submit(name, actor="key:a") for name in ("a", "b")])

    assert asyncio.run(one_by_one()) == ["a", "b"]


def test_an_item_with_a_key_stands_alone() -> None:
    """Its name depends on its place in the request."""

    async def keyed() -> Desk:
        desk = Desk()
        with ThreadPoolExecutor(1) as executor:
            grouping = Grouping(desk.accept, executor, most_waiting=10)
            waiting = [
                asyncio.create_task(grouping.submit(name, actor="key:a", key="once"))
                for name in "abc"
            ]
            asyncio.get_running_loop().call_soon(desk.door.set)
            await asyncio.gather(*waiting)
        return desk

    assert [group for _, group in asyncio.run(keyed()).groups] == [["a"], ["b"], ["c"]]
