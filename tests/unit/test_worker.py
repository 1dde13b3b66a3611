"""How Celery is set up: the lanes, what is confirmed when, and which brokers are refused."""

import ssl

import pytest

from queues.errors import InvalidSettings
from queues.messaging.lanes import TIERS, USUAL, lane, lanes
from queues.messaging.tasks import UPKEEPS, WORK, install
from queues.messaging.worker import broker_url, celery_app, refuse_cluster
from queues.messaging.workshop import Workshop
from queues.settings import Redis, load_settings
from queues.store.outbox import Task


def test_lanes_are_drained_by_tier_and_then_by_priority() -> None:
    """What keeps the rest going first, then panel, one reviewer, machine; trainings are apart."""
    served = ("senior", "single", "auto", "learning", "backtesting")
    assert lanes() == (
        "upkeep",
        *(f"{tier}.{priority}" for tier in served for priority in _WORDS),
    )
    assert lanes(["auto", "senior"]) == (*lanes()[:5], *lanes()[9:13])
    assert not any(name.startswith("learning") for name in lanes(USUAL))
    assert lanes(USUAL) == (*lanes(TIERS), *lanes()[-4:])
    assert [lane("auto", number) for number in (0, 2, 3, 8, 9)] == [
        "auto.urgent",
        "auto.urgent",
        "auto.high",
        "auto.normal",
        "auto.low",
    ]


_WORDS = ("urgent", "high", "normal", "low")


def test_a_message_is_confirmed_when_its_work_is_done() -> None:
    """One at a time, and given to another only after the longest task is over."""
    settings = load_settings(redis={"url": "redis://host/0"}, worker={"time_limit": 300})
    conf = celery_app(settings).conf
    assert conf.task_acks_late
    assert conf.worker_prefetch_multiplier == 1
    assert conf.broker_transport_options["visibility_timeout"] > conf.task_time_limit == 300
    assert conf.accept_content == ["json"]
    assert set(conf.task_queues) == set(lanes())


def test_workers_know_every_task_that_is_asked_for() -> None:
    """What is written into the outbox, and what beat asks for."""
    work = Workshop(load_settings(redis={"url": "redis://host/0"}))
    install(work.app, work)
    work.app.finalize()
    assert set(WORK) == set(Task)
    assert {task.value for task in Task} <= set(work.app.tasks)
    schedule = work.app.conf.beat_schedule
    assert {entry["task"] for entry in schedule.values()} <= set(work.app.tasks)
    assert set(schedule) == set(UPKEEPS)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (None, "is not set"),
        ("redis+cluster://node:6379", "cannot carry Celery's queues"),
        ("amqp://rabbit", "`amqp` is none of redis, rediss, sentinel"),
        ("sentinel://watcher:26379", r"redis\.master"),
    ],
)
def test_addresses_that_cannot_work_are_refused(url: str | None, reason: str) -> None:
    """Before anything is started, with what to do instead."""
    with pytest.raises(InvalidSettings, match=reason):
        broker_url(Redis.model_validate({"url": url}))


def test_a_server_that_is_a_cluster_is_refused() -> None:
    """It says so itself, whatever its address looks like."""
    refuse_cluster({"cluster_enabled": 0})
    with pytest.raises(InvalidSettings, match="standalone Redis"):
        refuse_cluster({"cluster_enabled": 1})


def test_certificates_are_checked_unless_the_address_says_otherwise() -> None:
    """Encryption without that would keep out only those who do not try."""
    address = "rediss://host:6380/0"
    checked = celery_app(load_settings(redis={"url": address})).conf.broker_use_ssl
    assert checked == {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    asked = celery_app(load_settings(redis={"url": f"{address}?ssl_cert_reqs=none"}))
    assert not asked.conf.broker_use_ssl


def test_sentinels_are_told_which_server_is_meant() -> None:
    """By the name they know it by."""
    redis = {"url": "sentinel://a:26379;sentinel://b:26379", "master": "mine"}
    options = celery_app(load_settings(redis=redis)).conf.broker_transport_options
    assert options["master_name"] == "mine"
