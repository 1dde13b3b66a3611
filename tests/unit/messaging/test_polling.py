"""A worker does not spin on files that are closed."""

import os
from collections.abc import Iterator

import pytest
from kombu.asynchronous import Hub

from queues.messaging.polling import heal


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A loop as workers have it."""
    hub = Hub()  # type: ignore[no-untyped-call]  # Celery has no types
    yield hub
    hub.close()  # type: ignore[no-untyped-call]  # as above


def _reported(hub: Hub) -> list[int]:
    """The files that are reported in one round."""
    return [fd for fd, _ in hub.poller.poll(0)]


def test_a_file_that_another_process_holds_open_is_forgotten(hub: Hub) -> None:
    """Its end is reported once; files that are open are heard as before."""
    heal(hub)
    dead, writing = os.pipe()
    alive, speaking = os.pipe()
    heard: list[bytes] = []
    hub.add_reader(dead, lambda: None)  # type: ignore[no-untyped-call]  # Celery has no types
    hub.add_reader(alive, lambda: heard.append(os.read(alive, 1)))  # type: ignore[no-untyped-call]  # as above
    loop = hub.create_loop()  # type: ignore[no-untyped-call]  # opens files of its own, before a number becomes free
    os.write(speaking, b"x")
    next(loop)
    held = os.dup(dead)  # as a process does that was forked before
    hub.readers.pop(dead)
    os.close(writing)
    os.close(dead)
    assert dead in _reported(hub)
    os.write(speaking, b"x")
    next(loop)
    next(loop)
    assert heard == [b"x"] * 2
    assert dead not in _reported(hub)
    for fd in (held, alive, speaking):
        os.close(fd)
