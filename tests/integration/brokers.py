"""What tests of the way to the workers share: a real broker, and a look into the outbox."""

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import redis
from sqlalchemy import text

from queues.ids import new_id
from queues.messaging.broker import Broker
from queues.messaging.lanes import lanes
from queues.messaging.relay import Relay
from queues.messaging.worker import celery_app
from queues.settings import load_settings
from queues.store.outbox import Task, send
from queues.store.session import Store


@contextmanager
def broker_at(url: str) -> Iterator[Broker]:
    """The lanes in the Redis of an address."""
    broker = Broker(celery_app(load_settings(redis={"url": url})))
    yield broker
    broker.close()


def relay_of(store: Store, broker: Broker, *, group: int = 100, batch: int = 500) -> Relay:
    """A relay that is told what to do step by step."""
    return Relay(store=store, broker=broker, batch=batch, group=group)


def ask(store: Store, task: Task, *priorities: int) -> list[int]:
    """Put rows with these priorities into the outbox; their ids."""
    with store.transaction() as connection:
        send(connection, task, [(new_id(), priority) for priority in priorities])
    with store.read() as connection:
        found = connection.execute(text("SELECT id FROM outbox ORDER BY id"))
        return list(found.scalars())[-len(priorities) :]


def rows_of(store: Store, task: Task) -> list[int]:
    """The rows that ask for something."""
    with store.read() as connection:
        found = connection.execute(
            text("SELECT id FROM outbox WHERE task = :task ORDER BY id"), {"task": task.value}
        )
        return list(found.scalars())


def outbox(store: Store) -> list[tuple[bool, int]]:
    """Of each row, in the order of writing: whether it was sent, and how often."""
    with store.read() as connection:
        found = connection.execute(text("SELECT sent_at, attempts FROM outbox ORDER BY id"))
        return [(row.sent_at is not None, row.attempts) for row in found]


def waiting(url: str) -> list[tuple[str, Sequence[int]]]:
    """What workers would take, in this order: the lane and the rows of each message."""
    with redis.Redis.from_url(url) as client:
        return [
            (lane, _rows(message))
            for lane in lanes()
            for message in reversed(client.lrange(lane, 0, -1))
        ]


def _rows(message: bytes) -> Sequence[int]:
    arguments, _, _ = json.loads(b64decode(json.loads(message)["body"]))
    (rows,) = arguments
    return [int(row) for row in rows]
