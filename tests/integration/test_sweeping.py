"""What was lost between the outbox and a worker is sent again; what only waits is left alone."""

from pathlib import Path
from typing import Final

import redis
from sqlalchemy import text

from queues.messaging.broker import Broker
from queues.messaging.sweeping import Stuck, Sweeping
from queues.settings import Signal
from queues.store.outbox import Task, take
from queues.store.session import Store
from tests.integration.brokers import ask, broker_at, outbox, relay_of, waiting
from tests.integration.intakes import accepted, intake_over, judge_of, rows

#: Seconds after which a row counts as lost: whatever was sent is late.
_AT_ONCE: Final = 1e-6


def test_what_redis_lost_is_sent_again(store: Store, redis_url: str) -> None:
    """After a flush of everything, each row comes once more; before, none does."""
    ask(store, Task.OPEN, 0, 6, 6)
    with broker_at(redis_url) as broker:
        relay, sweeping = relay_of(store, broker), sweeping_of(store, broker, within=_AT_ONCE)
        relay.send()
        assert sweeping.sweep() == 0  # they wait in their lanes, however long
        _flush(redis_url)
        assert sweeping.sweep() == 3
        assert relay.send() == 3
    assert len(waiting(redis_url)) == 2
    assert outbox(store) == [(True, 2)] * 3


def test_rows_behind_others_are_told_from_lost_ones(store: Store, redis_url: str) -> None:
    """Lanes keep their order: what is older than the oldest message in its lane is in none."""
    ask(store, Task.OPEN, 6, 9)
    with broker_at(redis_url) as broker:
        relay, sweeping = relay_of(store, broker), sweeping_of(store, broker, within=_AT_ONCE)
        relay.send()
        _flush(redis_url)
        ask(store, Task.OPEN, 6)
        relay.send()
        assert sweeping.sweep() == 2
    assert outbox(store) == [(False, 1), (False, 1), (True, 1)]


def test_what_is_being_worked_on_is_left_alone(store: Store, redis_url: str) -> None:
    """A task that takes long holds its rows; when it is done they are gone."""
    (row,) = ask(store, Task.OPEN, 6)
    with broker_at(redis_url) as broker:
        relay_of(store, broker).send()
        _flush(redis_url)
        _age(store)
        with store.transaction() as connection:
            take(connection, Task.OPEN, [row])
            assert sweeping_of(store, broker).sweep() == 0
        assert sweeping_of(store, broker).sweep() == 0
    assert outbox(store) == []


def test_each_time_it_waits_longer_and_in_the_end_it_gives_up(store: Store, redis_url: str) -> None:
    """A row that never gets done is tried less and less often, then shown, and never dropped."""
    ask(store, Task.OPEN, 6)
    with broker_at(redis_url) as broker:
        relay, sweeping = relay_of(store, broker), sweeping_of(store, broker, attempts=3)
        for late in (11, 21):
            relay.send()
            _flush(redis_url)
            _age(store, seconds=late - 2)
            assert sweeping.sweep() == 0
            _age(store, seconds=2)
            assert sweeping.sweep() == 1
        relay.send()
        _flush(redis_url)
        _age(store, seconds=3600)
        assert sweeping.sweep() == 0
        with store.read() as connection:
            (stuck,) = sweeping.stuck(connection)
        assert stuck == Stuck(task="single.open", rows=1, age=stuck.age)
        assert sweeping.retry() == 1
        assert relay.send() == 1
    assert outbox(store) == [(True, 1)]


def test_what_nobody_is_going_to_do_is_found(store: Store, redis_url: str, tmp_path: Path) -> None:
    """Cases, actions and items that wait without a row get one; those with one get no second."""
    source = Signal(name="image", fields=("score.image",))
    intake = intake_over(
        store, judge_of(tmp_path), [source.model_copy(update={"kinds": ("image",)})]
    )
    accepted(
        intake,
        {"id": "1", "text": "zorbling"},
        {"id": "2", "text": "", "score.hate": 0.6},
        {"id": "3", "text": "", "score.hate": 0.92},
        {"id": "4", "kind": "image"},
    )
    with broker_at(redis_url) as broker:
        sweeping = sweeping_of(store, broker)
        assert sweeping.awaken() == 0
        before = rows(store, "SELECT task, subject FROM outbox ORDER BY task, subject")
        with store.transaction() as connection:
            connection.execute(text("DELETE FROM outbox"))
            connection.execute(text("UPDATE signal_orders SET failure = 'deadline'"))
        assert sweeping.awaken() == len(before) + 1
        assert sweeping.awaken() == 0
    after = rows(store, "SELECT task, subject FROM outbox ORDER BY task, subject")
    (judge,) = [row for row in after if row["task"] == "auto.judge"]
    assert [row for row in after if row is not judge] == before


def sweeping_of(
    store: Store, broker: Broker, *, within: float = 10.0, attempts: int = 8
) -> Sweeping:
    """A sweeper that counts a row as lost after some seconds."""
    return Sweeping(store=store, lanes=broker, confirm_within=within, attempts=attempts)


def _age(store: Store, *, seconds: int = 3_600) -> None:
    """Let time pass for what was sent."""
    with store.transaction() as connection:
        statement = "UPDATE outbox SET sent_at = sent_at - make_interval(secs => :seconds)"
        connection.execute(text(statement), {"seconds": seconds})


def _flush(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.flushall()
