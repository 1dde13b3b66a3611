"""Couriers at work in a test, and what they are given to do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from queues.ids import new_id
from queues.settings import Webhooks
from queues.store.events import NewEvent, emit
from queues.store.session import Store
from queues.store.tables.items import items
from queues.webhooks.courier import Courier
from queues.webhooks.deliveries import log
from queues.webhooks.receivers import register
from tests.receivers import Receiver

HERE = (ip_network("127.0.0.0/8"),)


@contextmanager
def couriers(
    store: Store,
    *,
    number: int = 1,
    grace: float = 5.0,
    **settings: Any,  # noqa: ANN401 - whatever settings hold
) -> Iterator[None]:
    """Couriers that run meanwhile, quick to try again and allowed to reach this machine."""
    given = {"timeout": 5.0, "first_retry": 0.05, "allowed_networks": HERE} | settings
    stop = threading.Event()
    threads = [
        threading.Thread(
            target=Courier(store, Webhooks.model_validate(given), grace=grace).run, args=(stop,)
        )
        for _ in range(number)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def registered(store: Store, receiver: Receiver) -> tuple[UUID, str]:
    """Register a receiver for everything; its webhook, and its secret."""
    webhook, secret = register(store, url=receiver.url, by="test", allowed=HERE)
    return webhook.id, secret


def event(item_id: UUID | None = None, **payload: object) -> NewEvent:
    """Something that happened."""
    return NewEvent(kind="item.decided", item_id=item_id, payload=payload)


def happen(store: Store, *events: NewEvent) -> None:
    """Let events happen."""
    with store.transaction() as connection:
        emit(connection, events)


def states(store: Store, webhook_id: UUID) -> list[str]:
    """How the deliveries to a receiver stand."""
    return [entry.state.value for entry in log(store, webhook_id, limit=1_000)]


def item(store: Store, sender_id: str) -> UUID:
    """An item that is kept."""
    identity = new_id()
    row = {
        "id": identity,
        "sender_id": sender_id,
        "digest": b"",
        "kind": "post",
        "state": "decided",
        "tier": "auto",
        "action": "remove",
        "verdict_id": new_id(),
    }
    with store.transaction() as connection:
        connection.execute(insert(items).values(row))
    return identity
