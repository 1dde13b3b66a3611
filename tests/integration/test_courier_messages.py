"""What receivers get can be verified, and shows what happened."""

import re
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, select

from queues.store.session import Store
from queues.store.tables.effects import webhook_secrets
from queues.webhooks.receivers import rotate
from queues.webhooks.signing import new_secret, sign
from tests.integration.couriers import couriers, event, happen, item, registered
from tests.receivers import Receiver
from tests.waiting import until

README = Path(__file__).parents[2] / "queues" / "webhooks" / "courier" / "README.md"

Verify = Callable[[str, Mapping[str, str], bytes], bool]


def documented() -> Verify:
    """The lines of the README that receivers copy."""
    block = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    names: dict[str, Any] = {}
    exec(block.group(1), names)  # noqa: S102 - it is our own
    verify: Verify = names["verify"]
    return verify


def test_a_delivery_verifies_with_the_documented_lines(store: Store) -> None:
    """Signature, timestamp and body hang together; changed or old deliveries do not verify."""
    item_id = item(store, "post-4711")
    told = event(item_id, action="remove", n=1.5)
    with Receiver() as receiver, couriers(store):
        _, secret = registered(store, receiver)
        happen(store, told)
        until(lambda: receiver.received)
    (message,) = receiver.received
    verify, headers = documented(), dict(message.headers)
    assert verify(secret, headers, message.body)
    assert not verify(secret, headers, message.body.replace(b"remove", b"remain"))
    other_time = str(int(headers["webhook-timestamp"]) + 1)
    assert not verify(secret, headers | {"webhook-timestamp": other_time}, message.body)
    body = orjson.loads(message.body)
    assert body.pop("at").endswith("Z")
    assert body == {
        "id": str(told.id),
        "kind": "item.decided",
        "item": {"id": "post-4711", "item_id": str(item_id), "kind": "post"},
        "data": {"action": "remove", "n": 1.5},
    }
    assert headers["webhook-id"] == str(told.id)
    assert headers["tierwise-event"] == "item.decided"
    assert headers["tierwise-attempt"] == "1"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"


def test_an_old_delivery_does_not_verify() -> None:
    """Whoever sends a good delivery again, later, is turned away by its timestamp."""
    secret, body = new_secret(), b"{}"
    fits = []
    for age in (0, 400):
        timestamp = int(time.time()) - age
        signature = sign([secret], identity="e", timestamp=timestamp, body=body)
        headers = {
            "webhook-id": "e",
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature,
        }
        fits.append(documented()(secret, headers, body))
    assert fits == [True, False]


def test_both_secrets_verify_while_they_take_turns(store: Store) -> None:
    """A receiver can change over at any moment before the old secret ends."""
    with Receiver() as receiver, couriers(store):
        webhook_id, old = registered(store, receiver)
        with store.read() as connection:
            now = connection.execute(select(func.now())).scalar_one()
        new = rotate(store, webhook_id, by="test", until=now + timedelta(hours=1))
        happen(store, event())
        until(lambda: len(receiver.received) == 1)
        with store.transaction() as connection:
            ends = webhook_secrets.c.expires_at
            ended = webhook_secrets.update().where(ends.is_not(None)).values(expires_at=func.now())
            connection.execute(ended)
        happen(store, event())
        until(lambda: len(receiver.received) == 2)
    verify = documented()
    verified = [
        [verify(secret, dict(message.headers), message.body) for secret in (old, new)]
        for message in receiver.received
    ]
    assert verified == [[True, True], [False, True]]
