"""Trainings over HTTP, in a worker and on the command line; requests go on while models change."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import text

from queues.access import Role
from queues.cli import model as model_commands
from queues.cli.retrain import retrain
from queues.messaging.tasks import UPKEEPS, WORK
from queues.messaging.workshop import Workshop
from queues.policies import models, releases
from queues.store.outbox import Task
from tests.integration.apis import Platform, platform, services_for
from tests.integration.desks import POLICY
from tests.integration.schools import BY, LEARNING, School
from tests.services import Servers
from tests.waiting import until

#: Scores are declared in the policy of desks.
NAME = "hate"


@pytest.fixture
def here(
    servers: Servers, template: str, redis_url: str, tmp_path: Path
) -> Iterator[tuple[Platform, School]]:
    """A running API, and people who have decided enough."""
    with servers.database(template=template) as url:
        services = services_for(url, redis_url, learning=LEARNING, rules=tmp_path)
        release = releases.publish(services.store, {"all.yaml": POLICY}, by=BY, message="m").name
        releases.activate(services.store, release, by=BY)
        with platform(services) as running:
            school = School(running.store, tmp_path)
            yield running, school


@dataclass(slots=True)
class Sender:
    """Posts items, one after the other, until it is told to stop."""

    running: Platform
    answers: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """Status, and the models that scored the item."""

    @contextmanager
    def posting(self) -> Iterator[None]:
        """From here on, beside whatever happens inside."""
        done = threading.Event()
        thread = threading.Thread(target=self._post, args=(done,))
        thread.start()
        try:
            until(lambda: self.answers)
            yield
        finally:
            done.set()
            thread.join()

    def _post(self, done: threading.Event) -> None:
        secret = self.running.http.headers["authorization"].removeprefix("Bearer ")
        with self.running.showing(secret) as http:
            while not done.is_set():
                raw = {"id": f"p{len(self.answers)}", "text": "so", "author": {"id": "a"}}
                answer = http.post("/v1/items", json=raw)
                self.answers.append((answer.status_code, tuple(answer.json().get("models", "?"))))


def test_requests_go_on_while_a_model_comes_into_force(here: tuple[Platform, School]) -> None:
    """None fails; what comes later is scored by the new model, and says so."""
    running, school = here
    school.teach(120)
    sender = Sender(running)
    with sender.posting():
        answer = running.http.post("/v1/training", json={"score": "score.hate"})
        assert answer.status_code == 202, answer.text
        (asked,) = answer.json()["trainings"]
        work = Workshop(running.services.settings)
        WORK[Task.TRAIN](work, school.messages(Task.TRAIN))
        work.close()
        (ended,) = running.http.get("/v1/training").json()["trainings"]
        assert ended["state"] == "promoted", ended["reasons"]
        new = (ended["challenger"],)
        until(lambda: sender.answers[-1][1] == new)
    assert (asked["state"], asked["trigger"], asked["asked_by"]) == ("asked", "hand", "key:admin")
    assert {status for status, _ in sender.answers} == {201}
    used = [models for _, models in sender.answers]
    assert used[0] == ()
    assert set(used[used.index(new) :]) == {new}
    told_of(running, ended)


def told_of(running: Platform, ended: Mapping[str, Any]) -> None:
    """What the API says of the model that came of a training."""
    version = ended["challenger"]
    (listed,) = running.http.get("/v1/models").json()["models"]
    assert (listed["version"], listed["state"]) == (version, "in_force")
    assert (listed["aliases"], listed["training"]) == (["champion"], ended["id"])
    shown = running.http.get(f"/v1/models/{version[:12]}").json()
    assert shown["model"] == listed
    assert shown["learnt"]["reasons"] == ended["reasons"]
    assert running.http.get("/v1/models/0000").status_code == 404
    again = running.http.post("/v1/training", json={})
    assert (again.status_code, again.json()["type"]) == (409, "urn:tierwise:problem:conflict")


def test_upkeep_asks_and_a_manager_may(here: tuple[Platform, School]) -> None:
    """Beat has workers look; people with the role ask by hand, and it is said who did."""
    running, school = here
    school.teach(100)
    with school.store.transaction() as connection:
        connection.execute(text("UPDATE validation_draws SET until = now() - interval '2 hours'"))
    with running.signed_in("mia", Role.MANAGER) as mia:
        answer = mia.post("/v1/training", json={})
    assert answer.json()["trainings"][0]["asked_by"] == "person:mia"
    work = Workshop(running.services.settings)
    UPKEEPS["start_trainings"].run(work)
    UPKEEPS["draw_validations"].run(work)
    work.close()
    with school.store.read() as connection:
        drawn = "SELECT until >= now() - interval '5 minutes' FROM validation_draws"
        assert connection.execute(text(drawn)).scalar_one()
    assert len(school.messages(Task.TRAIN)) == 1


def test_commands_train_list_and_show(
    here: tuple[Platform, School],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """What would come of it, what came of it, what is known of it, and the same once more."""
    running, school = here
    given: dict[str, Any] = {
        "TIERWISE_DATABASE__URL": running.store.url,
        "TIERWISE_LEARNING__SCORES": '{"score.hate": ["hate"]}',
        "TIERWISE_LEARNING__LEAST": "15",
        "TIERWISE_LEARNING__FOLDS": "2",
        "TIERWISE_LEARNING__CALIBRATION": "0.5",
        "TIERWISE_RULES": str(tmp_path),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(typer.Exit):
        retrain()
    assert "there are no rows to learn from" in capsys.readouterr().out
    school.teach(120)
    retrain(score="score.hate", dry_run=True)
    assert "would be promoted" in capsys.readouterr().out
    assert models.active_models(running.store) == ()
    retrain()
    assert "promoted" in capsys.readouterr().out
    (version,) = models.active_models(running.store)
    model_commands.show()
    listed = capsys.readouterr().out.split()
    assert listed[:4] == [version[:12], "in", "force", "champion"]
    assert "score.hate" in listed
    model_commands.details(version[:8])
    shown = capsys.readouterr().out
    assert f"model {NAME} {version}\nin force (champion)\n" in shown
    assert "promoted, compared with the base rate:" in shown
    assert "learnt from 120 decisions\n  score.hate from hate\n" in shown
    retrain(again=version[:8])
    assert "the same, byte for byte" in capsys.readouterr().out
