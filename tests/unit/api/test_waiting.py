"""Requests that wait are woken by what they wait for, and by nothing else but the end."""

from uuid import UUID, uuid4

from queues.api.waiting import Waiting
from queues.store.session import Store

_STORE = Store("postgresql://nobody@localhost/nothing")


def test_who_comes_after_the_end_does_not_wait() -> None:
    """A process that is about to end keeps nobody, however late they ask."""
    waiting = Waiting(_STORE)
    waiting.close()
    with waiting.watching(uuid4()) as event:
        assert event.is_set()


def test_only_who_waits_for_an_item_is_woken() -> None:
    """And who has gone leaves nothing behind."""
    waiting = Waiting(_STORE)
    mine, other = uuid4(), uuid4()
    with (
        waiting.watching(mine) as first,
        waiting.watching(mine) as second,
        waiting.watching(other) as third,
    ):
        waiting._wake([mine, UUID(int=0)])
        assert (first.is_set(), second.is_set(), third.is_set()) == (True, True, False)
        assert len(waiting) == 3
    assert len(waiting) == 0
