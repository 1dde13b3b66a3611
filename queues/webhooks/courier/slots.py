"""Says how many deliveries each receiver may have under way, so that none holds up another."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

#: Longest pause between attempts at a receiver that fails, in seconds.
LONGEST_PAUSE: Final = 60.0

#: Doublings after which every pause is the longest one.
_ENOUGH: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What one receiver may have now."""

    more: int
    """Deliveries that may begin."""
    under_way: int
    """Those that have begun. Where there is not enough for all, who has fewest comes first."""


@dataclass(slots=True)
class _Receiver:
    width: int = 1
    under_way: int = 0
    misses: int = 0
    """Attempts that failed in a row."""
    pauses: int = 0
    """Of these, those that were followed by a pause."""
    paused_until: float = 0.0


class Slots:
    """The slots of one courier, and who has how many of them.

    A receiver begins with one slot and gets twice as many with each success, up to its share. Each
    failure halves them; at the last one it is paused, longer each time, and then tried by one
    delivery. Receivers that fail never hold more than half of all slots together.

    Moments are those of a clock that never goes back, in seconds.
    """

    def __init__(self, *, share: int, total: int, first_pause: float) -> None:
        """Nobody has a slot yet.

        Args:
            share: Slots of one receiver at most.
            total: Slots of all together.
            first_pause: Seconds of the first pause; each later one in a row takes twice as long.
        """
        self._share = share
        self._total = total
        self._first_pause = first_pause
        self._receivers: dict[UUID, _Receiver] = {}
        self._under_way = 0

    @property
    def free(self) -> int:
        """Slots that nobody has."""
        return self._total - self._under_way

    def rooms(self, now: float) -> dict[UUID, Room]:
        """What each known receiver may have; one that is not known may begin with one."""
        more: dict[UUID, int] = {}
        failing: list[tuple[float, UUID]] = []
        spare = max(1, self._total // 2)
        for webhook, receiver in self._receivers.items():
            more[webhook] = 0
            if receiver.misses:
                spare -= receiver.under_way
                failing.append((receiver.paused_until, webhook))
            else:
                more[webhook] = max(0, receiver.width - receiver.under_way)
        # Who has waited longest is tried first.
        for paused_until, webhook in sorted(failing):
            receiver = self._receivers[webhook]
            if paused_until <= now and spare > 0:
                more[webhook] = min(spare, max(0, receiver.width - receiver.under_way))
                spare -= more[webhook]
        return {
            webhook: Room(more=number, under_way=self._receivers[webhook].under_way)
            for webhook, number in more.items()
        }

    def take(self, webhook: UUID) -> None:
        """A delivery to this receiver begins."""
        self._receivers.setdefault(webhook, _Receiver()).under_way += 1
        self._under_way += 1

    def arrived(self, webhook: UUID) -> None:
        """A delivery has ended well."""
        receiver = self._end(webhook)
        receiver.width = min(self._share, receiver.width * 2)
        receiver.misses = receiver.pauses = 0
        receiver.paused_until = 0.0

    def failed(self, webhook: UUID, now: float, *, wait: float = 0.0) -> None:
        """A delivery has failed; `wait`: seconds for which the receiver asks to be left alone."""
        receiver = self._end(webhook)
        receiver.misses += 1
        # What began before a pause and fails during it says nothing new.
        if receiver.width == 1 and receiver.paused_until <= now:
            wait = max(wait, self._first_pause * 2 ** min(receiver.pauses, _ENOUGH))
            receiver.pauses += 1
        receiver.paused_until = max(receiver.paused_until, now + min(LONGEST_PAUSE, wait))
        receiver.width = max(1, receiver.width // 2)

    def given_back(self, webhook: UUID) -> None:
        """A delivery was not finished, through no fault of the receiver."""
        self._end(webhook)

    def _end(self, webhook: UUID) -> _Receiver:
        receiver = self._receivers[webhook]
        receiver.under_way -= 1
        self._under_way -= 1
        return receiver
