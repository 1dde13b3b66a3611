"""Deliveries are claimed for whoever has room, and fairly where there is not enough."""

from collections import Counter
from uuid import UUID

from queues.ids import new_id
from queues.store.session import Store
from queues.webhooks.courier.claims import claim
from queues.webhooks.courier.slots import Room
from queues.webhooks.receivers import register
from tests.integration.couriers import event, happen

LEASE = 60.0


def test_each_receiver_gets_what_it_has_room_for(store: Store) -> None:
    """One that is not known begins with one, and what is claimed is nobody else's."""
    known, full, unknown = (_webhook(store) for _ in range(3))
    happen(store, *(event() for _ in range(5)))
    rooms = {known: Room(more=3, under_way=0), full: Room(more=0, under_way=9)}
    assert _claimed(store, rooms, free=100) == {known: 3, unknown: 1}
    assert _claimed(store, rooms, free=100) == {known: 2, unknown: 1}


def test_who_has_fewest_comes_first(store: Store) -> None:
    """Where there is not enough for all, nobody starves beside those who have much."""
    ids = [_webhook(store) for _ in range(4)]
    happen(store, *(event() for _ in range(9)))
    for poorest in ids:
        rooms = {one: Room(more=9, under_way=0 if one is poorest else 5) for one in ids}
        assert _claimed(store, rooms, free=2) == {poorest: 2}


def test_without_free_slots_nothing_is_claimed(store: Store) -> None:
    """Also not what would be due."""
    webhook_id = _webhook(store)
    happen(store, event())
    assert _claimed(store, {}, free=0) == {}
    assert _claimed(store, {new_id(): Room(more=1, under_way=0)}, free=1) == {webhook_id: 1}


def _webhook(store: Store) -> UUID:
    return register(store, url="https://8.8.8.8/", by="test", allowed=())[0].id


def _claimed(store: Store, rooms: dict[UUID, Room], *, free: int) -> dict[UUID, int]:
    with store.transaction() as connection:
        claims = claim(connection, rooms, free=free, lease=LEASE)
    return Counter(claimed.webhook_id for claimed in claims)
