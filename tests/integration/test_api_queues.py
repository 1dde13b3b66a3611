"""Callers learn how long queues are, where an item stands in them, and how long it will wait."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import text

from queues.access import Scope
from queues.api.expecting import Expecting
from queues.casework.waits import Waits
from queues.store.session import Store
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers

#: What the rules of these tests send to a reviewer.
_ODD: Final = "zorblings everywhere"
_DECIDED: Final = text("""
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    severity, state, enqueued_at, due_at, closed_at)
SELECT gen_random_uuid(), item_id, verdict_id, 'review', tier, queue, policy, reason, rule,
    priority, severity, 'decided', at, at + (due_at - enqueued_at), at
FROM cases, LATERAL (
    SELECT now() - number * interval '48 seconds' AS at FROM generate_series(1, 72) AS number
) AS moments
WHERE cases.state IN ('waiting', 'open')
""")


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API of which nobody asked anything."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def test_all_queues_are_shown_with_what_is_to_be_expected(here: Platform) -> None:
    """Also those in which nothing is: of them nothing can be told."""
    with here.calling(Scope.CASES_READ) as http:
        before = http.get("/v1/queues").json()["queues"]
        _work(here)
        (told,) = [each for each in _queues(here) if each["depth"]]
    assert {each["depth"] for each in before} == {0}
    assert ("single", "general") in {(each["tier"], each["queue"]) for each in before}
    assert {each["expected_wait"] for each in before} == {None}
    wait = told.pop("expected_wait")
    assert 50 < wait["p50"] < 150 < wait["p90"] < 400
    assert told["oldest"] < told.pop("due_next")
    assert told == {
        "tier": "single",
        "queue": "general",
        "depth": 1,
        "oldest": told["oldest"],
        "overdue": 0,
        "due_soon": 0,
        "claimed": 0,
        "came_per_hour": told["came_per_hour"],
        "decided_per_hour": 72,
    }


def test_queues_are_for_those_who_may_read_cases(here: Platform) -> None:
    """Whoever only sends items is not told how others' items wait."""
    with here.calling(Scope.ITEMS_WRITE) as http:
        assert http.get("/v1/queues").status_code == 403


def test_a_sender_learns_place_and_wait_at_once(here: Platform) -> None:
    """Of one and of many alike, by the queue as it stood some seconds ago."""
    first = here.http.post("/v1/items", json={"id": "first", "text": _ODD}).json()["case"]
    assert (first["place"], first["expected_wait"]) == (1, None)
    _work(here, sent=False)
    one = here.http.post("/v1/items", json={"id": "one", "text": _ODD}).json()["case"]
    many = here.http.post("/v1/items", json=[{"id": "two", "text": _ODD}]).json()["results"]
    assert one["place"] == many[0]["case"]["place"] == 2
    assert one["expected_wait"] == many[0]["case"]["expected_wait"]
    assert 50 < one["expected_wait"]["p50"] < one["expected_wait"]["p90"]


def test_the_same_item_again_stands_where_it_stood(here: Platform) -> None:
    """It is not counted as before itself, and neither is one that came later and can wait."""
    here.http.post("/v1/items", json=[{"id": each, "text": _ODD} for each in ("first", "low")])
    with here.store.transaction() as connection:
        connection.execute(
            text(
                "UPDATE cases SET priority = 9 WHERE item_id ="
                " (SELECT id FROM items WHERE sender_id = 'low')"
            )
        )
    _work(here, sent=False)
    again = here.http.post("/v1/items", json={"id": "first", "text": _ODD}).json()
    assert (again["duplicate"], again["case"]["place"]) == (True, 1)


def test_whoever_waits_for_a_decision_learns_the_same(here: Platform) -> None:
    """To be opened by a worker or open: its place, and seconds."""
    _work(here)
    here.http.post("/v1/items", json={"id": "last", "text": _ODD})
    for opened in (False, True):
        if opened:
            here.open_cases()
        answer = here.http.get("/v1/items/last/decision")
        case = answer.json()["case"]
        assert (answer.status_code, case["place"]) == (202, 2)
        assert 50 < case["expected_wait"]["p50"] < case["expected_wait"]["p90"]


def test_prometheus_learns_the_same(here: Platform) -> None:
    """Quantiles of the wait, and the pace."""
    _work(here)
    page = here.http.get("/metrics").text
    assert 'tierwise_cases_decided_per_hour{queue="general",tier="single"} 72.0' in page
    for quantile in ("0.5", "0.9"):
        labels = f'quantile="{quantile}",queue="general",tier="single"'
        assert f"tierwise_cases_expected_wait_seconds{{{labels}}}" in page


def test_what_nobody_could_look_at_lately_is_not_told(here: Platform) -> None:
    """Not after a minute, and not before the first look; requests go on all the same."""
    away = Store("postgresql+psycopg://nobody@127.0.0.1:1/nothing", wait=0.1)
    waits = Waits(away, ageing=14_400.0)

    async def ask() -> list[bool]:
        expecting = Expecting(waits)
        await expecting.look()
        found = [expecting.outlook is not None]
        for age in (30.0, 90.0):
            seen = waits._outlook = Waits(here.store, ageing=14_400.0).current()
            seen._seen -= age
            found.append(expecting.outlook is not None)
        await expecting.close()
        return found

    assert asyncio.run(ask()) == [False, True, False]


def _work(here: Platform, *, sent: bool = True) -> None:
    """One case waits, 72 like it were decided in the last hour, and the service has seen it."""
    if sent:
        here.http.post("/v1/items", json={"id": "first", "text": _ODD})
    with here.store.transaction() as connection:
        connection.execute(_DECIDED)
    here.services.waits._outlook = None  # as after ten seconds
    _queues(here)


def _queues(here: Platform) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = here.http.get("/v1/queues").json()["queues"]
    return found
