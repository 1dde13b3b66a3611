"""One receiver's trouble does not hold up another."""

from uuid import UUID

from queues.ids import new_id
from queues.webhooks.courier.slots import LONGEST_PAUSE, Room, Slots

A, B = new_id(), new_id()


def slots(*, share: int = 8, total: int = 100) -> Slots:
    """Slots with pauses that begin at one second."""
    return Slots(share=share, total=total, first_pause=1.0)


def more(among: Slots, now: float) -> dict[UUID, int]:
    """How many more each receiver may have."""
    return {webhook: room.more for webhook, room in among.rooms(now).items()}


def widened(webhook: UUID, among: Slots) -> None:
    """Let a receiver have its whole share."""
    for _ in range(10):
        among.take(webhook)
        among.arrived(webhook)


def test_success_widens_up_to_the_share() -> None:
    """A receiver begins with one slot and has twice as many after each success."""
    among, seen = slots(), []
    for _ in range(5):
        among.take(A)
        among.arrived(A)
        seen.append(more(among, 0.0)[A])
    assert seen == [2, 4, 8, 8, 8]


def test_slots_under_way_are_not_given_twice() -> None:
    """What is under way counts, for the receiver and for all together."""
    among = slots()
    widened(A, among)
    for _ in range(3):
        among.take(A)
    assert among.rooms(0.0) == {A: Room(more=5, under_way=3)}
    assert among.free == 97
    among.given_back(A)
    assert more(among, 0.0) == {A: 6}
    assert among.free == 98


def test_failures_narrow_and_then_pause() -> None:
    """Half as many slots after each failure; at the last one pauses, each twice as long."""
    among, seen = slots(), []
    widened(A, among)
    for _ in range(3):
        among.take(A)
        among.failed(A, 10.0)
        seen.append(more(among, 10.0)[A])
    assert seen == [4, 2, 1]
    now, pauses = 10.0, []
    for _ in range(8):
        among.take(A)
        among.failed(A, now)
        end = now
        while more(among, end)[A] == 0:
            end += 1.0
        pauses.append(end - now)
        now = end
    assert pauses == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_success_ends_the_trouble() -> None:
    """Then the receiver widens again, and its next pause is a short one."""
    among = slots()
    for _ in range(3):
        among.take(A)
        among.failed(A, 0.0)
    among.take(A)
    among.arrived(A)
    assert more(among, 0.0) == {A: 2}
    among.take(A)
    among.failed(A, 0.0)
    among.take(A)
    among.failed(A, 0.0)
    assert more(among, 1.0) == {A: 1}


def test_failures_of_one_outage_pause_once() -> None:
    """Attempts that began together and fail together do not lengthen the pause."""
    among = slots()
    widened(A, among)
    for _ in range(8):
        among.take(A)
    for _ in range(8):
        among.failed(A, 5.0)
    assert more(among, 5.9) == {A: 0}
    assert more(among, 6.0) == {A: 1}


def test_who_asks_to_be_left_alone_is_left_alone() -> None:
    """At any width, and not for longer than the longest pause."""
    among = slots()
    widened(A, among)
    among.take(A)
    among.failed(A, 0.0, wait=7.0)
    assert [more(among, now)[A] for now in (6.9, 7.0)] == [0, 4]
    among.take(A)
    among.failed(A, 7.0, wait=9_999.0)
    assert [more(among, 7.0 + LONGEST_PAUSE + later)[A] for later in (-0.1, 0)] == [0, 2]


def test_receivers_that_fail_hold_at_most_half() -> None:
    """However many there are, the other half is for those that work."""
    among = slots(total=10)
    widened(A, among)
    failing = [new_id() for _ in range(20)]
    for now, webhook in enumerate(failing):
        among.take(webhook)
        among.failed(webhook, float(now))
    rooms = more(among, 1_000.0)
    assert [webhook for webhook in failing if rooms[webhook]] == failing[:5], "the longest waiting"
    assert rooms[A] == 8
    for webhook in failing[:5]:
        among.take(webhook)
    assert sum(more(among, 1_000.0)[webhook] for webhook in failing) == 0


def test_more_than_half_may_be_under_way_when_trouble_begins() -> None:
    """Then there is room for nothing, until enough has ended."""
    among = slots(total=10)
    widened(A, among)
    for _ in range(8):
        among.take(A)
    among.failed(A, 0.0)
    assert more(among, 1_000.0) == {A: 0}
    for _ in range(7):
        among.given_back(A)
    assert more(among, 1_000.0) == {A: 4}


def test_trouble_is_nobody_elses() -> None:
    """What one receiver does changes no number of another."""
    among = slots()
    widened(B, among)
    among.take(A)
    among.failed(A, 0.0, wait=100.0)
    assert more(among, 0.0) == {A: 0, B: 8}
