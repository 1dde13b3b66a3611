"""Celery's lanes in Redis, as the relay fills them and the sweeper looks into them."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import redis
import structlog
from celery import Celery
from kombu.exceptions import KombuError

from queues.errors import Unavailable
from queues.messaging.lanes import lane, lanes
from queues.messaging.worker import refuse_cluster

#: What goes wrong when Redis is away, starting, full or half gone.
_AWAY: Final = (KombuError, OSError, redis.RedisError)
#: The header that says when a message was sent, in seconds since 1970 by the clock of Postgres.
#: What callers are told of it.
_BROKER: Final = "broker"
_SILENT: Final = "it cannot be used now"
_SENT: Final = "sent"
#: Whoever asks is told at once that Redis is away, and decides what to do.
_PROMPT: Final = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}
#: Commands of one round trip.
_PIPELINE: Final = 1_000
#: Seconds between tries to reach Redis: at first, and at most.
_FIRST_WAIT: Final = 0.1
_LONGEST_WAIT: Final = 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Rows of the outbox that one task takes together."""

    task: str
    tier: str
    priority: int
    rows: Sequence[int]
    sent: float
    """When, in seconds since 1970."""


class Broker:
    """One connection to Redis; not to be shared between threads."""

    def __init__(self, app: Celery) -> None:
        """Prepare; nothing is connected yet."""
        self._app = app
        self._connection: Any = None

    def publish(self, messages: Sequence[Message]) -> None:
        """Put messages into their lanes, all of them in one go.

        Raises:
            Unavailable: Redis is away; some may have arrived all the same.
            InvalidSettings: it turns out to be a cluster.
        """
        with self._connected() as connection:
            producer = self._app.amqp.Producer(connection.default_channel, auto_declare=False)
            with producer.batch(max_size=_PIPELINE):
                for message in messages:
                    self._put(producer, message)

    def waiting_since(self) -> Mapping[str, float]:
        """When the oldest message of each lane that holds any was sent.

        Lanes keep the order of sending: what was sent before that is in no lane any more.

        Raises:
            Unavailable: Redis is away.
            InvalidSettings: it turns out to be a cluster.
        """
        with (
            self._connected() as connection,
            connection.default_channel.conn_or_acquire() as client,
        ):
            pipeline = client.pipeline(transaction=False)
            for name in lanes():
                pipeline.lindex(name, -1)
            return {
                name: _sent(message)
                for name, message in zip(lanes(), pipeline.execute(), strict=True)
                if message is not None
            }

    def waiting_in(self, lane: str) -> frozenset[str]:
        """The tasks that wait in a lane, by name; of one that holds little.

        Raises:
            Unavailable: Redis is away.
            InvalidSettings: it turns out to be a cluster.
        """
        with (
            self._connected() as connection,
            connection.default_channel.conn_or_acquire() as client,
        ):
            messages = client.lrange(lane, 0, -1)
        return frozenset(json.loads(message)["headers"]["task"] for message in messages)

    def check(self) -> None:
        """Connect; raises Unavailable if Redis is away, InvalidSettings if it is a cluster."""
        with self._connected():
            pass

    def await_ready(self) -> None:
        """Wait until Redis is there; raises InvalidSettings if it is a cluster."""
        wait, pause = _FIRST_WAIT, threading.Event()
        while True:
            try:
                return self.check()
            except Unavailable as problem:
                _log.warning("waiting for the broker", reason=problem.reason, again_in=wait)
                pause.wait(wait)
                wait = min(2 * wait, _LONGEST_WAIT)

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.release()

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        try:
            if self._connection is None:
                self._connection = self._app.connection_for_write(transport_options=_PROMPT)
                with self._connection.default_channel.conn_or_acquire() as client:
                    refuse_cluster(client.info("cluster"))
            yield self._connection
        except _AWAY as error:
            self.close()
            inside = str(error.__cause__ or error).partition("\n")[0]
            raise Unavailable(_BROKER, _SILENT, inside=inside) from error
        except BaseException:
            self.close()
            raise

    def _put(self, producer: Any, message: Message) -> None:  # noqa: ANN401 - kombu has no types
        name = uuid4().hex
        task = self._app.amqp.as_task_v2(
            name, message.task, args=(list(message.rows),), argsrepr="", kwargsrepr=""
        )
        producer.publish(
            task.body,
            routing_key=lane(message.tier, message.priority),
            serializer="json",
            headers={**task.headers, _SENT: message.sent},
            **task.properties,
        )


def _sent(message: bytes) -> float:
    """When a message was sent; one of beat does not say, and counts as sent at the beginning."""
    moment = json.loads(message)["headers"].get(_SENT, 0.0)
    return float(moment)
