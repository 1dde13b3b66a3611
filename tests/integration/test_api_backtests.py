"""Backtests over HTTP: asked for, worked on by workers, shown and cancelled."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from queues.messaging.tasks import WORK
from queues.messaging.workshop import Workshop
from queues.store.outbox import Task
from tests.integration.apis import Platform, platform, services_for
from tests.integration.backtested import COUNT, messages, site_in
from tests.integration.policies import published
from tests.services import Servers


@pytest.fixture
def here(servers: Servers, template: str, redis_url: str) -> Iterator[Platform]:
    """An API over a service that took in some items."""
    with servers.database(template=template) as url:
        services = services_for(url, redis_url)
        site_in(services.store)
        with platform(services) as running:
            yield running


def work(here: Platform) -> None:
    """What a worker does."""
    shop = Workshop(here.services.settings)
    WORK[Task.BACKTEST](shop, messages(here.store))
    shop.close()


def test_a_backtest_is_asked_for_done_and_shown(here: Platform, tmp_path: Path) -> None:
    """With its report once all parts are done; folders of the server are nobody's releases."""
    new = published(here.store, threshold=0.5)
    asked = here.http.post("/v1/backtests", json={"new": new, "days": 2})
    assert asked.status_code == 202, asked.text
    told = asked.json()
    assert (told["state"], told["parts_done"], told["report"]) == ("running", 0, None)
    assert told["parts"] in (1, 2)  # a part an hour, and an hour may have begun
    work(here)
    shown = here.http.get(f"/v1/backtests/{told['id']}").json()
    assert (shown["state"], shown["parts_done"]) == ("done", told["parts"])
    assert (shown["report"]["items"], shown["report"]["new"]) == (COUNT, new)
    late = here.http.post(f"/v1/backtests/{told['id']}:cancel").json()
    assert late["state"] == "done"
    for name in (str(tmp_path), "nowhere"):
        assert here.http.post("/v1/backtests", json={"new": name}).status_code == 404
    assert here.http.get(f"/v1/backtests/{uuid4()}").status_code == 404
    assert here.http.post(f"/v1/backtests/{uuid4()}:cancel").status_code == 404


def test_a_backtest_is_cancelled(here: Platform) -> None:
    """Workers find nothing any more, and nothing stays."""
    new = published(here.store, threshold=0.5)
    told = here.http.post("/v1/backtests", json={"new": new}).json()
    gone = here.http.post(f"/v1/backtests/{told['id']}:cancel").json()
    assert (gone["state"], gone["report"]) == ("cancelled", None)
    assert messages(here.store) == []


def test_a_log_of_nothing_readable_is_told(here: Platform) -> None:
    """It is done, and says why it has no report."""
    with here.store.transaction() as connection:
        connection.execute(text("UPDATE verdicts SET input = '{\"erased\": true}'"))
    told = here.http.post("/v1/backtests", json={"new": published(here.store, threshold=0.5)})
    work(here)
    shown = here.http.get(f"/v1/backtests/{told.json()['id']}").json()
    assert (shown["state"], shown["report"]) == ("done", None)
    assert "none of 140 items of the log can be compared" in shown["problem"]
