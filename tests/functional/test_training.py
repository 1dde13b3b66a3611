"""A worker of the lane of trainings as a process: what it does, and what is left if it dies."""

import os
import signal
from pathlib import Path
from typing import Final

from sqlalchemy import text

from queues.errors import Conflict
from queues.learning import runs
from queues.policies import models
from queues.policies.registry import listed_models
from queues.store.session import Store
from tests.functional.processes import PATIENCE, pids, running
from tests.integration.brokers import broker_at, relay_of
from tests.integration.schools import School
from tests.waiting import until

_SETTINGS: Final = {
    "learning__scores": '{"score.hate": ["hate"]}',
    "learning__least": "15",
    "learning__folds": "2",
    "learning__calibration": "0.5",
    "worker__concurrency": "1",
}
_WAITING: Final = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'models'::regclass"


def test_a_training_that_is_killed_leaves_nothing_half(
    store: Store, redis_url: str, tmp_path: Path
) -> None:
    """`kill -9` as it is about to store the model: no model, and the next training works."""
    school = School(store, tmp_path)
    school.teach(120)
    with (
        running(tmp_path, store, redis_url, "worker", "--queues", "learning", **_SETTINGS),
        broker_at(redis_url) as broker,
    ):
        relay = relay_of(store, broker)
        with store.transaction() as connection:
            connection.execute(text("LOCK TABLE models IN SHARE ROW EXCLUSIVE MODE"))
            assert school.trainings.ask_due() == 1
            relay.send()
            until(lambda: school.rows(_WAITING), within=PATIENCE)
            assert states(school) == ["running"]
            assert not free(school)
            (child,) = pids(store, "worker")
            os.kill(child, signal.SIGKILL)
        until(lambda: free(school), within=PATIENCE)
        assert states(school) == ["abandoned"]
        assert (listed_models(store), models.active_models(store)) == ([], ())
        assert school.trainings.ask_due() == 1, "what was abandoned has learnt nothing"
        relay.send()
        until(lambda: states(school)[1] not in {"asked", "running"}, within=PATIENCE)
    assert states(school) == ["abandoned", "promoted"]
    assert [each.version for each in listed_models(store)] == list(models.active_models(store))
    told = school.rows("SELECT kind FROM audit_events WHERE kind LIKE 'training.%' ORDER BY id")
    asked, abandoned = "training.asked", "training.abandoned"
    assert [row["kind"] for row in told] == [asked, abandoned, asked]


def states(school: School) -> list[str]:
    """Of all trainings, in order."""
    return [row["state"] for row in school.rows("SELECT state FROM training_runs ORDER BY id")]


def free(school: School) -> bool:
    """Whether nobody trains; what is left of who died is closed."""
    try:
        with runs.alone(school.store):
            return True
    except Conflict:
        return False
