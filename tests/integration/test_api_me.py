"""What people set themselves over HTTP: a little of their profile, and whether they are there."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from queues.access import Role
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.integration.crowds import copy_cases
from tests.services import Servers


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with nothing in it but a release."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def test_people_set_what_does_not_let_them_be_handed_more(here: Platform) -> None:
    """What is left out stays; each change is in the audit under their name."""
    with here.signed_in("ana", Role.MODERATOR) as ana:
        sent = {"display_name": "Ana L.", "opted_out": ["hate"], "blur": False}
        changed = ana.patch("/v1/me", json=sent).json()
        assert {name: changed[name] for name in sent} == sent
        assert ana.patch("/v1/me", json={"blur": None}).json()["blur"] is None
        me = ana.get("/v1/me").json()
        assert (me["person"]["opted_out"], me["terms"]["blur"]) == (["hate"], True)
        assert ana.patch("/v1/me", json={}).json()["display_name"] == "Ana L."
    with here.store.read() as connection:
        question = text("SELECT details FROM audit_events WHERE actor = 'person:ana' ORDER BY id")
        details = connection.execute(question).scalars().all()
    assert details[-2:] == [
        {"changed": ["display_name", "opted_out", "blur"]},
        {"changed": ["blur"]},
    ]


@pytest.mark.parametrize(
    "sent",
    [
        {"roles": ["admin"]},
        {"languages": []},
        {"policies": []},
        {"exposure": 10_000},
        {"severe_in_a_row": 100},
        {"shifts": []},
        {"time_zone": "UTC"},
        {"hourly_rate": 1_000},
        {"nonsense": 1},
    ],
)
def test_nothing_else_is_theirs_to_set(here: Platform, sent: dict[str, Any]) -> None:
    """It is refused, and so is what came along with it."""
    with here.signed_in("ana", Role.MODERATOR) as ana:
        before = ana.get("/v1/me").json()["person"]
        problem = _problem(ana.patch("/v1/me", json={"blur": False} | sent), 422, "invalid")
        assert problem["errors"][0]["pointer"] == f"#/{next(iter(sent))}"
        assert ana.get("/v1/me").json()["person"] == before


def test_who_opted_out_is_opted_in_by_others(here: Platform) -> None:
    """They can add policies that there are, and take none back."""
    with here.signed_in("ana", Role.MODERATOR) as ana:
        unknown = _problem(ana.patch("/v1/me", json={"opted_out": ["hatte"]}), 422, "invalid")
        assert "did you mean `hate`?" in unknown["detail"]
        ana.patch("/v1/me", json={"opted_out": ["hate"]})
        ana.patch("/v1/me", json={"opted_out": ["hate", "appeal"]})
        refused = _problem(ana.patch("/v1/me", json={"opted_out": ["hate"]}), 422, "invalid")
        assert "leaves out `appeal`" in refused["detail"]
    assert here.http.patch("/v1/people/ana", json={"opted_out": []}).json()["opted_out"] == []


def test_who_stops_gives_back_what_they_hold(here: Platform) -> None:
    """Others get it at once; whoever is back gets cases again."""
    here.http.post("/v1/items", json={"id": "1", "item.kind": "post", "text": "zorblings"})
    here.open_cases()
    both = here.signed_in("ana", Role.MODERATOR), here.signed_in("bea", Role.MODERATOR)
    with both[0] as ana, both[1] as bea:
        assert ana.get("/v1/me").json()["on_shift"] is True
        (case,) = ana.post("/v1/cases:claim", json={}).json()["cases"]
        stopped = ana.put("/v1/me/shift", json={"on": False}).json()
        assert stopped == {
            "on_shift": False,
            "shift_until": None,
            "paused": True,
            "paused_until": None,
            "released": [case["id"]],
        }
        assert ana.put("/v1/me/shift", json={"on": False}).json()["released"] == []
        me = ana.get("/v1/me").json()
        assert (me["on_shift"], me["paused"]) == (False, True)
        assert ana.post("/v1/cases:claim", json={}).json() == {
            "cases": [],
            "why": {"reason": "paused", "again_at": None},
        }
        assert len(bea.post("/v1/cases:claim", json={}).json()["cases"]) == 1
        bea.post("/v1/cases:release", json={})
        back = ana.put("/v1/me/shift", json={"on": True}).json()
        assert (back["on_shift"], back["paused"], back["released"]) == (True, False, [])
        assert len(ana.post("/v1/cases:claim", json={}).json()["cases"]) == 1


def test_nobody_who_stopped_is_left_with_a_case(here: Platform) -> None:
    """Whatever is claimed for them in the same moment, from however many places."""
    here.http.post("/v1/items", json={"id": "1", "item.kind": "post", "text": "zorblings"})
    here.open_cases()
    copy_cases(here.store, 100, languages=(None,), policies=("hate",), severities=("low",))
    claimers, rounds = 3, 15
    start = threading.Barrier(claimers + 1)

    def claim() -> int:
        start.wait()
        sent = {"reviewer": "ana", "limit": 2}
        return len(here.http.post("/v1/cases:claim", json=sent).json()["cases"])

    def stop(ana: httpx.Client) -> int:
        start.wait()
        return len(ana.put("/v1/me/shift", json={"on": False}).json()["released"])

    claimed = given_back = 0
    with here.signed_in("ana", Role.MODERATOR) as ana, ThreadPoolExecutor(claimers + 1) as pool:
        for _ in range(rounds):
            claims = [pool.submit(claim) for _ in range(claimers)]
            stopping = pool.submit(stop, ana)
            claimed += sum(each.result() for each in claims)
            given_back += stopping.result()
            assert here.services.review.held("ana") == []
            ana.put("/v1/me/shift", json={"on": True})
    assert claimed == given_back > 0


@pytest.mark.parametrize("sent", [{}, {"on": "no"}, {"on": None}, {"off": True}])
def test_a_shift_is_on_or_off(here: Platform, sent: dict[str, Any]) -> None:
    """Anything else is refused."""
    with here.signed_in("ana", Role.MODERATOR) as ana:
        _problem(ana.put("/v1/me/shift", json=sent), 422, "invalid")
        assert ana.get("/v1/me").json()["paused"] is False


def _problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem of an answer, of this kind."""
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"urn:tierwise:problem:{kind}"
    return problem
