"""Gold items and calibration sessions over HTTP, and the commands about gold items."""

from collections.abc import Iterator
from typing import Any

import pytest

from queues.access import Role
from queues.cli import gold as commands
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with a release and three items that the machine published."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        policies.activated(services.store)
        with platform(services) as running:
            for name in ("one", "two", "odd"):
                item = {"id": name, "text": "zorblings" if name == "odd" else "fine"}
                running.http.post("/v1/items", json=item).raise_for_status()
            yield running


def test_gold_is_added_listed_and_retired(here: Platform) -> None:
    """By those who manage quality."""
    with here.signed_in("mia", Role.MANAGER) as mia:
        new = {"item": "one", "source": "set", "action": "remove", "reasons": ["hate.attack"]}
        added = mia.post("/v1/gold", json=new)
        assert added.status_code == 201, added.text
        gold = added.json()
        assert (gold["action"], gold["policy"], gold["shown"]) == ("remove", "hate", 0)
        assert gold["added_by"] == "person:mia"
        assert mia.get("/v1/gold", params={"source": "set"}).json() == {"gold": [gold]}
        assert mia.get("/v1/gold", params={"source": "other"}).json() == {"gold": []}
        missing = mia.post("/v1/gold", json={"item": "two"}).json()
        assert missing["errors"][0]["field"] == "action"
        assert mia.post("/v1/gold", json=new | {"item": "odd"}).status_code == 409
        retired = mia.post(f"/v1/gold/{gold['id']}:retire", json={}).json()
        assert retired["retired_at"] is not None
        assert mia.get("/v1/gold").json() == {"gold": []}
        assert mia.get("/v1/gold?retired=true").json() == {"gold": [retired]}
        assert mia.get("/v1/quality/gold").json() == {"reviewers": []}


def test_a_session_from_start_to_end(here: Platform) -> None:
    """Two people answer among their other cases, and their manager sees who said what."""
    with (
        here.signed_in("mia", Role.MANAGER) as mia,
        here.signed_in("ana", Role.MODERATOR) as ana,
        here.signed_in("bea", Role.MODERATOR) as bea,
    ):
        wanted = {
            "name": "Spring",
            "until": "2999-01-01T00:00:00Z",
            "role": "moderator",
            "items": ["one", "two"],
        }
        started = mia.post("/v1/calibrations", json=wanted)
        assert started.status_code == 201, started.text
        session = started.json()
        assert (session["reviewers"], session["cases"]) == (["ana", "bea"], 4)
        address = f"/v1/calibrations/{session['id']}"
        for person in (ana, bea):
            cases = person.post("/v1/cases:claim", json={"limit": 5}).json()["cases"]
            assert [case["blind"] for case in cases] == [True, True]
            assert mia.get(address).json()["tables"] is None
            other = bea if person is ana else ana
            assert other.get(f"/v1/cases/{cases[0]['id']}").status_code == 404
            for case in cases:
                answer = {"action": "keep"}
                person.post(f"/v1/cases/{case['id']}/decision", json=answer).raise_for_status()
            told = person.get(f"/v1/cases/{cases[0]['id']}").json()["case"]
            assert (told["hidden"], told["purpose"]) == (True, "review")
        report = mia.get(address).json()
        assert report["calibration"]["state"] == "over"
        assert report["tables"]["pairs"] == [
            {"first": "ana", "second": "bea", "items": 2, "agreed": 2, "share": 1.0}
        ]
        assert mia.get("/v1/calibrations").json()["calibrations"] == [report["calibration"]]
        assert mia.post(f"{address}:close", json={}).status_code == 200
        assert mia.post(f"{address}:close", json={}).status_code == 409


def test_gold_on_the_command_line(
    here: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same service."""
    settings: dict[str, Any] = {
        "TIERWISE_DATABASE__URL": here.services.store.url,
        "TIERWISE_REDIS__URL": here.services.redis_url,
        "TIERWISE_LOGGING__LEVEL": "error",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    commands.add(["one", "two"], source="set", action="remove", reason=["hate.attack"])
    first, second = capsys.readouterr().out.splitlines()
    assert "set  one  remove hate.attack  in use  shown 0, right 0 of 0" in first
    (gold, *_) = here.services.golds.listed()
    assert str(gold.id) in second
    commands.retire(gold.id)
    assert "retired" in capsys.readouterr().out
    commands.show(source="set")
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == ["one"]
