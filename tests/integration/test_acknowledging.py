"""A confirmation that does not reach Redis does not keep a worker from its work."""

from pathlib import Path

import pytest
from kombu.exceptions import OperationalError

from queues.embedded import EmbeddedValkey
from queues.messaging.worker import celery_app
from queues.settings import load_settings
from tests.waiting import until


def test_a_message_that_cannot_be_confirmed_is_not_under_way_for_ever(tmp_path: Path) -> None:
    """A worker takes one at a time: it has to be free for the next once Redis is back."""
    with EmbeddedValkey(tmp_path / "valkey") as valkey:
        app = celery_app(load_settings(redis={"url": valkey.url}))
        with app.connection_for_read() as connection:
            queue = connection.SimpleQueue("upkeep")
            queue.consumer.qos(prefetch_count=1)
            queue.put({"number": 1})
            first = queue.get(timeout=10)
            assert not queue.channel.qos.can_consume()
            valkey.kill()
            with pytest.raises((OperationalError, *connection.connection_errors)):
                first.ack()
            assert queue.channel.qos.can_consume()
            valkey.start()
            until(lambda: _put(queue, 2))
            queue.close()


def _put(queue: object, number: int) -> bool:
    try:
        queue.put({"number": number})  # type: ignore[attr-defined]  # Celery has no types
    except OSError:
        return False
    return True
