"""Events reach who asked for them."""

from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, select

from queues.ids import new_id
from queues.store.events import DeliveryState, EventKind, NewEvent, emit
from queues.store.session import Store
from queues.store.tables.effects import deliveries, events, webhooks


def test_an_event_goes_to_every_active_webhook_that_wants_it(store: Store) -> None:
    """Empty kinds want all; others only theirs; inactive ones get nothing."""
    with store.transaction() as connection:
        of_all = _webhook(connection)
        of_cases = _webhook(connection, kinds=[EventKind.CASE_OPENED.value])
        _webhook(connection, active=False)
        decided = NewEvent(kind="item.decided", item_id=new_id(), payload={"action": "remove"})
        opened = NewEvent(kind="case.opened", item_id=None, payload={"case": new_id()})
        emit(connection, [decided, opened])
    with store.read() as connection:
        rows = connection.execute(
            select(deliveries.c.event_id, deliveries.c.webhook_id, deliveries.c.state)
        ).all()
        stored = connection.execute(select(events.c.id, events.c.kind, events.c.item_id)).all()
    assert set(rows) == {
        (decided.id, of_all, DeliveryState.PENDING),
        (opened.id, of_all, DeliveryState.PENDING),
        (opened.id, of_cases, DeliveryState.PENDING),
    }
    assert set(stored) == {
        (decided.id, "item.decided", decided.item_id),
        (opened.id, "case.opened", None),
    }


def test_an_unknown_kind_is_refused(store: Store) -> None:
    """A kind that nobody could subscribe to is a mistake of the program."""
    with pytest.raises(ValueError, match=r"item\.deleted"), store.transaction() as connection:
        emit(connection, [NewEvent(kind="item.deleted", item_id=None, payload={})])
    with store.read() as connection:
        assert connection.execute(select(events.c.id)).all() == []


def _webhook(
    connection: Connection, *, kinds: list[str] | None = None, active: bool = True
) -> UUID:
    identity = new_id()
    connection.execute(
        insert(webhooks).values(
            id=identity,
            url="https://example.org/hook",
            kinds=kinds or [],
            active=active,
            created_by="test",
        )
    )
    return identity
