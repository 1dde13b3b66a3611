"""What stands in the outbox reaches the lanes of Celery, in order and once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from queues.embedded.ports import free_port
from queues.errors import Unavailable
from queues.store.outbox import Task
from queues.store.session import Store
from tests.integration.brokers import ask, broker_at, outbox, relay_of, waiting
from tests.waiting import until


def test_rows_are_sent_together_and_in_order(store: Store, redis_url: str) -> None:
    """The panel before one reviewer before the machine, urgent before low, first come first."""
    judge = ask(store, Task.JUDGE, 9, 0, 9)
    enforce = ask(store, Task.ENFORCE, 0)
    opened = ask(store, Task.OPEN, 6, 6, 6)
    tally = ask(store, Task.TALLY, 9)
    train = ask(store, Task.TRAIN, 6)
    with broker_at(redis_url) as broker:
        assert relay_of(store, broker, group=2).send() == 9
        assert relay_of(store, broker).send() == 0
    assert waiting(redis_url) == [
        ("senior.low", tally),
        ("single.normal", opened[:2]),
        ("single.normal", opened[2:]),
        ("auto.urgent", [judge[1]]),
        ("auto.urgent", enforce),
        ("auto.low", [judge[0], judge[2]]),
        ("learning.normal", train),
    ]
    assert outbox(store) == [(True, 1)] * 9


def test_a_flood_of_the_machine_does_not_keep_the_panel_waiting(
    store: Store, redis_url: str
) -> None:
    """However much stands before it: what is of a higher tier is in the first batch."""
    ask(store, Task.ENFORCE, *[0] * 50)
    convene = ask(store, Task.CONVENE, 9)
    with broker_at(redis_url) as broker:
        assert relay_of(store, broker, batch=10).send() == 10
    assert waiting(redis_url)[0] == ("senior.low", convene)


def test_relays_side_by_side_send_each_row_once(store: Store, redis_url: str) -> None:
    """Two of them share the work, and neither waits for the other."""
    rows = ask(store, Task.OPEN, *[6] * 2_000)
    start = threading.Barrier(2)

    def work(_: int) -> int:
        with broker_at(redis_url) as broker:
            relay = relay_of(store, broker, batch=50, group=7)
            start.wait()
            return sum(iter(relay.send, 0))

    with ThreadPoolExecutor(2) as threads:
        shares = list(threads.map(work, range(2)))
    assert sum(shares) == len(rows)
    assert all(shares)
    assert sorted(row for _, part in waiting(redis_url) for row in part) == rows


def test_rows_stay_while_the_broker_is_away(store: Store) -> None:
    """Nothing counts as sent that could not be sent, not even as an attempt."""
    ask(store, Task.OPEN, 0, 6)
    with (
        broker_at(f"redis://127.0.0.1:{free_port()}/0") as broker,
        pytest.raises(Unavailable, match="broker"),
    ):
        relay_of(store, broker).send()
    assert outbox(store) == [(False, 0), (False, 0)]


def test_what_failed_is_sent_in_smaller_parts(store: Store, redis_url: str) -> None:
    """So that one row that cannot be worked on does not hold up a hundred others for ever."""
    ask(store, Task.OPEN, *[6] * 30)
    sizes: list[list[int]] = []
    with broker_at(redis_url) as broker:
        for _ in range(3):
            before = len(waiting(redis_url))
            relay_of(store, broker, group=20).send()
            sizes.append([len(rows) for _, rows in waiting(redis_url)[before:]])
            with store.transaction() as connection:
                connection.execute(text("UPDATE outbox SET sent_at = NULL"))
    assert sizes == [[20, 10], [2] * 15, [1] * 30]


def test_a_relay_hears_of_new_rows(store: Store, redis_url: str) -> None:
    """It runs, is woken by the commit, and ends when told."""
    stop = threading.Event()
    with broker_at(redis_url) as broker:
        relay = threading.Thread(target=relay_of(store, broker).run, args=(stop,))
        relay.start()
        first = ask(store, Task.OPEN, 6)
        until(lambda: waiting(redis_url) == [("single.normal", first)])
        second = ask(store, Task.CONVENE, 6)
        until(lambda: waiting(redis_url)[0] == ("senior.normal", second))
        stop.set()
        relay.join(10)
        assert not relay.is_alive()
