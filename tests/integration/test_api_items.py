"""Items go in over HTTP, and what becomes of them comes out."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from queues.access import Scope
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers
from tests.waiting import until

#: What the rules of these tests send to a reviewer, and what nobody minds.
_ODD = "zorblings everywhere"
_FINE = "a fine day"


@pytest.fixture(scope="module")
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """One API for all tests of this module."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url, api={"max_items": 20})
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def test_an_item_gets_its_verdict_at_once(here: Platform) -> None:
    """With the case where people look, and where it can be read."""
    answer = here.http.post("/v1/items", json={"id": "one", "text": _ODD})
    told = answer.json()
    assert answer.status_code == 201
    assert (told["id"], told["state"], told["tier"]) == ("one", "in_review", "single")
    assert (told["reasons"], told["rules"]) == (["hate.attack"], ["zorblings"])
    assert told["case"]["queue"] == "general"
    assert told["while_waiting"] == told["action"]
    read = here.http.get(answer.headers["location"]).json()
    assert (read["id"], read["item_id"]) == ("one", told["item_id"])


def test_the_same_item_again_gets_the_same_answer(here: Platform) -> None:
    """200 instead of 201; with other content it is a conflict."""
    first = here.http.post("/v1/items", json={"id": "same", "text": _ODD})
    again = here.http.post("/v1/items", json={"text": _ODD, "id": "same"})
    other = here.http.post("/v1/items", json={"id": "same", "text": _FINE})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.json() == first.json() | {"duplicate": True}


def test_many_items_get_an_answer_each(here: Platform) -> None:
    """In order, a verdict or a problem; the good ones are kept whatever the others are."""
    sent = [
        {"id": "m1", "text": _FINE},
        {"id": "m2", "text": _FINE, "score.unkind": 2},
        "no item",
        {"id": "m3", "text": _ODD},
        {"id": "m1", "text": _FINE},
    ]
    wrapped = here.http.post("/v1/items", json={"items": sent})
    assert wrapped.status_code == 200
    results = wrapped.json()["results"]
    assert [each.get("state") for each in results] == [
        "decided",
        None,
        None,
        "in_review",
        "decided",
    ]
    assert results[1]["id"] == "m2"
    assert results[1]["problem"]["type"] == "urn:tierwise:problem:invalid-item"
    assert results[1]["problem"]["errors"][0]["field"] == "score.unkind"
    plain = here.http.post("/v1/items", json=sent[:1]).json()["results"]
    assert plain[0]["duplicate"] is True


@pytest.mark.parametrize("wrapped", [False, True])
def test_batches_are_bounded(here: Platform, wrapped: bool) -> None:  # noqa: FBT001 - a parameter
    """One more than fits is refused as a whole; none at all is answered with nothing."""
    before = here.count("items")
    for items in ([{"text": _FINE}] * 21, []):
        answer = here.http.post("/v1/items", json={"items": items} if wrapped else items)
        assert (answer.status_code, answer.json().get("results")) == (
            (422, None) if items else (200, [])
        )
    assert here.count("items") == before


@pytest.mark.parametrize("body", ["text", 5, None, {"items": 1}, {"items": [], "id": "x"}])
def test_what_is_no_item_is_refused(here: Platform, body: object) -> None:
    """A problem says what is expected."""
    assert here.http.post("/v1/items", json=body).status_code == 422


def test_a_request_made_again_makes_no_new_item(here: Platform) -> None:
    """`Idempotency-Key` names items that bring no id, for each caller apart."""
    headers = {"Idempotency-Key": "k1"}
    item = {"text": _FINE}
    first = here.http.post("/v1/items", json=item, headers=headers).json()
    again = here.http.post("/v1/items", json=item, headers=headers).json()
    assert (again["item_id"], again["duplicate"]) == (first["item_id"], True)
    with here.calling(Scope.ITEMS_WRITE, name="other") as other:
        theirs = other.post("/v1/items", json=item, headers=headers).json()
    assert theirs["item_id"] != first["item_id"]
    wrong = here.http.post("/v1/items", json=item, headers={"Idempotency-Key": "k" * 256})
    assert wrong.status_code == 422


def test_single_items_at_the_same_time_all_get_an_answer(here: Platform) -> None:
    """Those that are accepted together are still answered each for itself."""

    def post(number: int) -> tuple[int, str]:
        answer = here.http.post("/v1/items", json={"id": f"c{number}", "text": _FINE})
        return answer.status_code, answer.json()["id"]

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(post, range(64)))
    assert answers == [(201, f"c{number}") for number in range(64)]


def test_reading_an_item_leaves_a_trace(here: Platform) -> None:
    """Who read it stands in the audit, beside who sent it."""
    here.http.post("/v1/items", json={"id": "read", "text": _ODD})
    with here.calling(Scope.ITEMS_READ, name="curious") as curious:
        read = curious.get("/v1/items/read").json()
    assert read["content"] == {"id": "read", "text": _ODD}
    assert read["verdict"]["tier"] == "single"
    assert [each["cause"] for each in read["verdicts"]] == ["received"]
    assert [each["state"] for each in read["cases"]] == ["waiting"]
    events = here.http.get("/v1/items/read/audit").json()["events"]
    assert [each["kind"] for each in events][:1] == ["item.accepted"]
    assert ("item.read", "key:curious") in {(each["kind"], each["actor"]) for each in events}
    page = here.http.get("/v1/items/read/audit", params={"after": events[0]["id"], "limit": 1})
    assert page.json()["events"] == events[1:2]


def test_what_is_erased_is_gone_and_its_record_stays(here: Platform) -> None:
    """An item alone, or all of an author; what was decided about it can still be read."""
    for name in ("e1", "e2"):
        here.http.post("/v1/items", json={"id": name, "text": _ODD})
    gone = here.http.delete("/v1/items/e1").json()
    assert gone == {"items": 1, "cases": 1, "strikes": 0, "reports": 0}
    assert here.http.delete("/v1/items/e1").json()["items"] == 0
    read = here.http.get("/v1/items/e1").json()
    assert (read["state"], read["content"]) == ("erased", None)
    assert [each["state"] for each in read["cases"]] == ["withdrawn"]
    assert here.http.get("/v1/items/e1/decision?wait=30").json()["state"] == "erased"
    assert here.http.get("/v1/items/e2").json()["content"]["text"] == _ODD
    assert here.http.delete("/v1/items/nobody").status_code == 404
    nothing = {"items": 0, "cases": 0, "strikes": 0, "reports": 0}
    assert here.http.delete("/v1/authors/a/b").json() == nothing


def test_explaining_leaves_nothing_behind(here: Platform) -> None:
    """The verdict and what its rules saw, of others only when asked; no row, in no table."""
    before = here.count("items"), here.count("verdicts"), here.count("audit_events")
    sent = {"text": _ODD, "score.unkind": 0.89}
    told = here.http.post("/v1/items:explain", json=sent).json()
    assert (told["decision"]["tier"], told["decision"]["queue"]) == ("single", "general")
    matched = {rule["name"]: rule for rule in told["rules"]}
    assert matched["zorblings"]["conditions"][0]["found"][0]["text"] == "zorblings"
    assert "unkind" not in matched
    every = here.http.post("/v1/items:explain?all=true", json=sent).json()["rules"]
    assert {rule["name"]: rule["outcome"] for rule in every}["unkind"] == "no match"
    assert (here.count("items"), here.count("verdicts"), here.count("audit_events")) == before


def test_a_report_brings_the_item_up_again(here: Platform) -> None:
    """It is kept once a person, and counted."""
    here.http.post("/v1/items", json={"id": "told", "text": _FINE})
    said = {"reporter": "u7", "reasons": ["rude"], "comment": "look"}
    for _ in range(2):
        assert here.http.post("/v1/reports", json={"item": "told", **said}).status_code == 202
    assert here.http.get("/v1/items/told").json()["reports"] == 1
    assert here.http.post("/v1/reports", json={"item": "nobody", **said}).status_code == 404


def test_reporters_are_shown(here: Platform) -> None:
    """What is known of them, whatever their name looks like."""
    here.http.post("/v1/items", json={"id": "told", "text": _FINE})
    name = "u/7 ü"
    here.http.post("/v1/reports", json={"item": "told", "reporter": name})
    shown = here.http.get("/v1/reporters/u%2F7%20%C3%BC")
    assert shown.status_code == 200, shown.text
    seen = shown.json()
    assert seen.pop("last_at").endswith("Z")
    assert seen == {
        "reporter": name,
        "reports": 1,
        "open": 1,
        "upheld": 0,
        "dismissed": 0,
        "reliability": 0.5,
        "changed_at": None,
    }
    assert here.http.get("/v1/reporters/nobody").status_code == 404


def test_who_waits_is_woken_by_the_decision(here: Platform) -> None:
    """Many wait at the same time, and all are answered as soon as somebody decides."""
    here.http.post("/v1/items", json={"id": "soon", "text": _ODD})
    here.open_cases()
    answers: list[Any] = []

    def wait() -> None:
        answer = here.http.get("/v1/items/soon/decision?wait=30")
        answers.append((answer.status_code, answer.json()["decision"]["action"]))

    waiting = [threading.Thread(target=wait) for _ in range(8)]
    for thread in waiting:
        thread.start()
    until(lambda: _waiters(here) == 8)
    started = time.monotonic()
    case = here.http.get("/v1/items/soon").json()["cases"][0]["id"]
    _decide(here, case)
    for thread in waiting:
        thread.join()
    assert answers == [(200, "remove")] * 8
    assert time.monotonic() - started < 10
    assert _waiters(here) == 0


def test_waiting_ends_without_a_decision_too(here: Platform) -> None:
    """202 tells where the item stands; what is decided is answered at once."""
    here.http.post("/v1/items", json={"id": "long", "text": _ODD})
    here.http.post("/v1/items", json={"id": "none", "text": _FINE})
    pending = here.http.get("/v1/items/long/decision?wait=1")
    assert pending.status_code == 202
    assert pending.json()["case"]["place"] >= 1
    here.open_cases()
    opened = here.http.get("/v1/items/long/decision").json()["case"]
    assert (opened["queue"], opened["place"] >= 1) == ("general", True)
    decided = here.http.get("/v1/items/none/decision?wait=30")
    assert (decided.status_code, decided.json()["state"]) == (200, "decided")
    assert here.http.get("/v1/items/long/decision?wait=61").status_code == 422


def test_a_notice_that_was_lost_only_delays(here: Platform) -> None:
    """Whoever waits is woken by a look at the database, if by nothing else."""
    told = here.http.post("/v1/items", json={"id": "lost", "text": _ODD}).json()
    answers: list[int] = []
    waiting = threading.Thread(
        target=lambda: answers.append(here.http.get("/v1/items/lost/decision?wait=60").status_code)
    )
    waiting.start()
    until(lambda: _waiters(here) == 1)
    with here.store.transaction() as connection:
        connection.execute(
            text("UPDATE items SET state = 'decided' WHERE id = :id"), {"id": told["item_id"]}
        )
    waiting.join(20)
    assert answers == [200]


def test_overload_is_told_and_harms_nobody(servers: Servers, template: str) -> None:
    """More than may wait is answered 503 with `Retry-After`; the rest is accepted."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url, api={"max_waiting": 2})
        policies.activated(services.store)
        with platform(services) as here:

            def post(number: int) -> Any:  # noqa: ANN401 - an answer
                return here.http.post("/v1/items", json={"id": str(number), "text": _FINE})

            with ThreadPoolExecutor(32) as threads:
                answers = list(threads.map(post, range(64)))
            statuses = {answer.status_code for answer in answers}
            kept = sum(answer.status_code == 201 for answer in answers)
            assert here.count("items") == kept
            assert statuses == {201, 503}
            refused = [answer for answer in answers if answer.status_code == 503]
            assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)


def _decide(here: Platform, case: str) -> None:
    claimed: list[str] = []
    while case not in claimed:
        wish = {"reviewer": "ana", "limit": 50}
        claimed = [
            each["id"] for each in here.http.post("/v1/cases:claim", json=wish).json()["cases"]
        ]
        assert claimed
    voted = here.http.post(
        f"/v1/cases/{case}/decision", json={"reviewer": "ana", "action": "remove"}
    )
    assert voted.status_code == 201, voted.text
    UUID(voted.json()["decision_id"])
    here.http.post("/v1/cases:release", json={"reviewer": "ana"})


def _waiters(here: Platform) -> int:
    """How many requests wait, as the metrics have it."""
    page = here.http.get("/metrics").text
    line = next(each for each in page.splitlines() if each.startswith("tierwise_waiting_requests"))
    return int(float(line.rpartition(" ")[2]))
