"""Events of the table as they are compared with the chain."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from queues.auditing.findings import Finding, Trouble
from queues.ids import moment_of


class Event(NamedTuple):
    """An event as it stands in the table."""

    id: bytes
    at: datetime | None
    """None: a moment that nothing happened at."""
    actor: str
    kind: str
    item: str | None
    digest: bytes
    transaction: int
    content: bytes
    """The digest that its columns have now."""
    dropped: date | None = None
    """Of an event that says which days were dropped: those before."""


class Stream:
    """Events that are taken as far as a block goes."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = iter(events)
        self._next = next(self._events, None)

    def below(self, until: int) -> Iterator[Event]:
        """The next events of transactions below a number."""
        while self._next is not None and self._next.transaction < until:
            yield self._next
            self._next = next(self._events, None)

    def rest(self) -> Iterator[Event]:
        """All that are left."""
        while self._next is not None:
            yield self._next
            self._next = next(self._events, None)


def about(event: Event, block: int | None, trouble: Trouble, note: str | None = None) -> Finding:
    """What is wrong with an event."""
    return Finding(
        trouble=trouble,
        block=block,
        event=UUID(bytes=event.id),
        item=event.item,
        kind=event.kind,
        note=note,
    )


def day_of(identity: bytes) -> date:
    """The day in an id; the last of all, if no day is in it."""
    try:
        return moment_of(UUID(bytes=identity)).date()
    except OverflowError:
        return date.max
