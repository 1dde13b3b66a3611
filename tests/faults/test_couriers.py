"""Couriers are killed and told to stop, and every event arrives all the same."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from queues.store.session import Store
from tests.integration.couriers import couriers, event, happen, registered, states
from tests.receivers import Receiver, answering
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]


def test_a_courier_killed_in_the_middle_loses_nothing(store: Store) -> None:
    """What it was delivering is delivered by another when the lease is over, as the same event."""
    with Receiver() as receiver:
        receiver.respond = receiver.hang
        webhook_id, _ = registered(store, receiver)
        told = event()
        happen(store, told)
        with _courier(store, timeout=1) as courier:
            until(lambda: receiver.received)
            courier.kill()
            courier.wait()
        assert states(store, webhook_id) == ["pending"]
        receiver.respond = answering(204)
        with couriers(store):
            until(lambda: states(store, webhook_id) == ["delivered"])
    assert {message.event_id for message in receiver.received} == {str(told.id)}
    assert [message.headers["tierwise-attempt"] for message in receiver.received] == ["1", "2"]


def test_a_courier_that_is_told_to_stop_finishes(store: Store) -> None:
    """What is under way arrives and is written down, and the program ends well."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        receiver.hang(handler)
        answering(204)(handler)

    with Receiver(respond) as receiver:
        webhook_id, _ = registered(store, receiver)
        happen(store, event())
        with _courier(store, timeout=60) as courier:
            until(lambda: receiver.received)
            courier.send_signal(signal.SIGTERM)
            receiver.release()
            assert courier.wait(timeout=30) == 0
    assert states(store, webhook_id) == ["delivered"]
    assert len(receiver.received) == 1


@contextmanager
def _courier(store: Store, *, timeout: int) -> Iterator[subprocess.Popen[bytes]]:
    """A courier as operators start it."""
    environment = {
        "PYTHONPATH": str(ROOT),
        "TIERWISE_DATABASE__URL": store.engine.url.render_as_string(hide_password=False),
        "TIERWISE_WEBHOOKS__ALLOWED_NETWORKS": '["127.0.0.0/8"]',
        "TIERWISE_WEBHOOKS__TIMEOUT": str(timeout),
        "TIERWISE_WEBHOOKS__FIRST_RETRY": "0.05",
    }
    command = [sys.executable, "-P", "-m", "queues.cli", "courier"]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()
