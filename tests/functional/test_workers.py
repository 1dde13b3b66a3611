"""Workers, relays and beat as processes: the order of work, and what survives which death."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Final

import orjson
import pytest
import redis
from sqlalchemy import text

from queues.embedded.binaries import find_valkey
from queues.embedded.ports import LOOPBACK, free_port
from queues.messaging.broker import Broker
from queues.messaging.lanes import TIERS
from queues.messaging.relay import Relay
from queues.messaging.sweeping import Sweeping
from queues.policies import releases
from queues.settings import Signal
from queues.store.outbox import PRIORITIES, Task, send
from queues.store.session import Store
from tests.functional.processes import PATIENCE, pids, running
from tests.integration.brokers import ask, broker_at, outbox
from tests.integration.intakes import POLICY, accepted, intake_over, judge_of, rows
from tests.receivers import Receiver, breaking_off
from tests.waiting import until

_TASKS: Final = {"senior": Task.CONVENE, "single": Task.OPEN, "auto": Task.FETCH_SIGNALS}
_POLICY: Final = POLICY.replace(", while_waiting: hide", "")
#: How often a port may be lost to another process.
_TRIES: Final = 5
_OPENED: Final = "SELECT count(*) AS n FROM events WHERE kind = 'case.opened'"


@pytest.fixture
def broker(redis_url: str) -> Iterator[Broker]:
    """The lanes that the processes use too."""
    with broker_at(redis_url) as broker:
        yield broker


@pytest.fixture
def policy(store: Store) -> None:
    """A release in force."""
    name = releases.publish(store, {"all.yaml": _POLICY}, by="cli:test", message="a test").name
    releases.activate(store, name, by="cli:test")


@pytest.mark.usefixtures("policy")
def test_work_is_done_in_strict_order(
    store: Store, redis_url: str, broker: Broker, tmp_path: Path
) -> None:
    """The panel, then one reviewer, then the machine; within each urgent, high, normal, low."""
    wanted = [(tier, priority) for tier in TIERS for priority in PRIORITIES.values()] * 20
    random.Random(7).shuffle(wanted)
    _keep_a_diary(store)
    with store.transaction() as connection:
        for tier, priority in wanted:
            subject = connection.execute(text("SELECT uuidv7()")).scalar_one()
            send(connection, _TASKS[tier], [(subject, priority)])
    relay = Relay(store=store, broker=broker, batch=500, group=1)
    assert relay.send() == len(wanted)
    with running(tmp_path, store, redis_url, "worker", "--concurrency", "1"):
        until(lambda: outbox(store) == [], within=PATIENCE)
    done = [
        (row["queue"], row["priority"]) for row in rows(store, "SELECT * FROM diary ORDER BY n")
    ]
    assert done == sorted(wanted, key=lambda each: (TIERS.index(each[0]), each[1]))


@pytest.mark.usefixtures("policy")
def test_a_worker_that_is_killed_leaves_its_work_to_others(
    store: Store, redis_url: str, broker: Broker, tmp_path: Path
) -> None:
    """A child, then a parent, both in the middle of a transaction: each case is opened once."""
    _accept(store, tmp_path, 30)
    relay = Relay(store=store, broker=broker, batch=500, group=10)
    sweeping = Sweeping(store=store, lanes=broker, confirm_within=1.0, attempts=20)
    with running(tmp_path, store, redis_url, "worker", "--concurrency", "1") as first:
        until(lambda: pids(store, "worker"), within=PATIENCE)
        with _cases_locked(store):
            relay.send()
            until(lambda: _blocked(store) == 1)
            (child,) = pids(store, "worker")
            os.kill(child, signal.SIGKILL)
            until(lambda: pids(store, "worker")[-1] != child, within=PATIENCE)
            first.kill()
    assert rows(store, _OPENED) == [{"n": 0}]
    with running(tmp_path, store, redis_url, "worker", "--concurrency", "2"):
        until(lambda: _done(store, sweeping, relay), within=PATIENCE)
    assert rows(store, _OPENED) == [{"n": 30}]
    assert rows(store, "SELECT DISTINCT state FROM cases") == [{"state": "open"}]


@pytest.mark.usefixtures("policy")
def test_a_message_that_kills_workers_does_not_keep_them_from_others(
    store: Store, redis_url: str, broker: Broker, tmp_path: Path
) -> None:
    """It is tried three times in a row; then it is the sweeper's, which waits longer each time."""
    relay = Relay(store=store, broker=broker, batch=500, group=10)
    with Receiver() as source:
        sources = orjson.dumps([{"name": "s", "fields": ["score.image"], "url": source.url}])
        settings = {"signals": sources.decode(), "worker__concurrency": "1"}
        killed = {0}

        def kill(handler: BaseHTTPRequestHandler) -> None:
            until(lambda: pids(store, "worker")[-1] not in killed, within=PATIENCE)
            killed.add(pids(store, "worker")[-1])
            os.kill(pids(store, "worker")[-1], signal.SIGKILL)
            breaking_off(b"")(handler)

        source.respond = kill
        with running(tmp_path, store, redis_url, "worker", **settings):
            image = Signal(name="s", fields=("score.image",), url=source.url)
            item = {"id": "a", "kind": "image"}
            accepted(intake_over(store, judge_of(tmp_path, _POLICY), [image]), item)
            relay.send()
            until(lambda: len(source.received) == 3, within=PATIENCE)
            for _ in range(2):  # the second comes behind it in the same lane, if it is there again
                ask(store, Task.JUDGE, 6)
                relay.send()
                until(lambda: len(outbox(store)) == 1, within=PATIENCE)
            assert len(source.received) == 3


@pytest.mark.usefixtures("policy")
def test_nothing_is_lost_when_redis_forgets_everything(
    store: Store, redis_url: str, tmp_path: Path
) -> None:
    """Flushed again and again, and the relay killed: what came in is done, once."""
    settings = {"outbox__confirm_within": "1", "outbox__group": "5", "outbox__attempts": "20"}
    with (
        running(tmp_path, store, redis_url, "relay", **settings) as relay,
        running(tmp_path, store, redis_url, "beat", **settings),
        redis.Redis.from_url(redis_url) as client,
    ):
        until(lambda: pids(store, "relay"), within=PATIENCE)
        _accept(store, tmp_path, 40)
        until(lambda: all(sent for sent, _ in outbox(store)))
        client.flushall()
        with running(tmp_path, store, redis_url, "worker", **settings):
            until(lambda: rows(store, _OPENED) != [{"n": 0}], within=PATIENCE)
            client.flushall()
            relay.kill()
            _accept(store, tmp_path, 80)
            with running(tmp_path, store, redis_url, "relay", **settings):
                until(lambda: outbox(store) == [], within=PATIENCE)
    assert rows(store, _OPENED) == [{"n": 80}]


def test_a_cluster_is_refused_at_the_start(store: Store, tmp_path: Path) -> None:
    """With what to do instead."""
    with _cluster(tmp_path) as url:
        with running(tmp_path, store, url, "worker") as refused:
            assert refused.process.wait(PATIENCE) == 1
        assert "standalone Redis" in refused.said


def _accept(store: Store, folder: Path, count: int) -> None:
    """Items up to this many, each with a case of one reviewer."""
    intake = intake_over(store, judge_of(folder, _POLICY))
    raws = [{"id": f"i{number}", "text": "", "score.hate": 0.6} for number in range(count)]
    accepted(intake, *raws)


def _keep_a_diary(store: Store) -> None:
    """Write down in which order rows of the outbox are done."""
    with store.transaction() as connection:
        connection.execute(
            text(
                "CREATE TABLE diary"
                " (n bigint GENERATED ALWAYS AS IDENTITY, queue text, priority int)"
            )
        )
        connection.execute(
            text(
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " INSERT INTO diary (queue, priority) VALUES (old.queue, old.priority);"
                " RETURN NULL; END $$"
            )
        )
        connection.execute(
            text("CREATE TRIGGER note AFTER DELETE ON outbox FOR EACH ROW EXECUTE FUNCTION note()")
        )


@contextmanager
def _cases_locked(store: Store) -> Iterator[None]:
    """Nobody gets on with any case meanwhile."""
    with store.transaction() as connection:
        connection.execute(text("SELECT FROM cases FOR UPDATE"))
        yield


def _blocked(store: Store) -> int:
    (found,) = rows(
        store,
        "SELECT count(*) AS n FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    return int(found["n"])


def _done(store: Store, sweeping: Sweeping, relay: Relay) -> bool:
    """Whether everything is done; if not, it is swept and sent."""
    sweeping.sweep()
    relay.send()
    return outbox(store) == []


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """The address of a server that is a node of a cluster."""
    for _ in range(_TRIES):
        port = free_port()
        with _node(folder, port) as server:
            url = f"redis://{LOOPBACK}:{port}/0"
            until(partial(_answers_or_ended, url, server), within=PATIENCE)
            if server.poll() is None:
                yield url
                return
    pytest.fail(f"each of {_TRIES} ports was taken by somebody else before the server was there")


@contextmanager
def _node(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    # Left to itself it takes port + 10000 for the other nodes, which may be taken.
    ports = ("--port", str(port), "--cluster-port", str(free_port()))
    options = ("--bind", LOOPBACK, "--cluster-enabled", "yes", "--save", "")
    with subprocess.Popen(
        [str(find_valkey()), *ports, *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            yield server
        finally:
            server.kill()


def _answers_or_ended(url: str, server: subprocess.Popen[bytes]) -> bool:
    return server.poll() is not None or _answers(url)


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
