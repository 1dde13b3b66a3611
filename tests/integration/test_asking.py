"""Beat asks for upkeep, and piles nothing up."""

from collections.abc import Iterator
from contextlib import closing

import pytest
import redis
from celery.beat import Scheduler

from queues.embedded.ports import free_port
from queues.messaging.asking import asking
from queues.messaging.broker import Broker
from queues.messaging.lanes import UPKEEP
from queues.messaging.tasks import UPKEEPS, install
from queues.messaging.workshop import Workshop
from queues.settings import load_settings


@pytest.fixture
def scheduler(redis_url: str) -> Iterator[Scheduler]:
    """What beat asks with."""
    with closing(Workshop(load_settings(redis={"url": redis_url}))) as work:
        install(work.app, work)
        with closing(work.app):
            yield asking(work.broker)(app=work.app)


def test_nothing_is_asked_for_that_still_waits(scheduler: Scheduler, redis_url: str) -> None:
    """However long no worker comes, each kind of upkeep waits once, and comes again when done."""
    for _ in range(3):
        _ask(scheduler)
    with redis.Redis.from_url(redis_url) as client:
        assert client.llen(UPKEEP) == len(UPKEEPS)
        assert client.rpop(UPKEEP)
        _ask(scheduler)
        assert client.llen(UPKEEP) == len(UPKEEPS)


def test_beat_goes_on_while_redis_is_away(scheduler: Scheduler) -> None:
    """It asks nobody, and says so in its log."""
    settings = load_settings(redis={"url": f"redis://127.0.0.1:{free_port()}/0"})
    with closing(Workshop(settings)) as work, closing(work.app):
        away = asking(Broker(work.app))(app=scheduler.app)
        _ask(away)


def _ask(scheduler: Scheduler) -> None:
    for entry in scheduler.schedule.values():
        scheduler.apply_entry(entry)
