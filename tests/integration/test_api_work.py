"""People's work, releases, receivers and statements over HTTP."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import orjson
import pytest
from sqlalchemy import text

from queues.access import Scope
from queues.ids import new_id
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers

_ODD = "zorblings everywhere"


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with nothing in it but a release."""
    signals = [{"name": "vision", "fields": ["score.unkind"], "kinds": ["comment"]}]
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url, signals=signals)
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def test_cases_are_listed_page_by_page(here: Platform) -> None:
    """In the order in which they are due, each once, by tier, queue, state and lateness."""
    _send(here, 5)
    here.open_cases()
    with here.store.transaction() as connection:
        late = text(
            "UPDATE cases SET due_at = now() - interval '1 hour' WHERE id ="
            " (SELECT id FROM cases ORDER BY id DESC LIMIT 1) RETURNING id"
        )
        overdue = str(connection.execute(late).scalar_one())
    seen: list[str] = []
    cursor = None
    while True:
        wanted: dict[str, str | int] = {
            "limit": 2,
            "tier": "single",
            "queue": "general",
            "state": "open",
        }
        page = here.http.get("/v1/cases", params=wanted | ({"cursor": cursor} if cursor else {}))
        seen += [case["id"] for case in page.json()["cases"]]
        cursor = page.json()["next"]
        if cursor is None:
            break
    assert seen[0] == overdue
    assert len(seen) == len(set(seen)) == 5
    assert [case["id"] for case in here.http.get("/v1/cases?overdue=true").json()["cases"]] == [
        overdue
    ]
    assert here.http.get("/v1/cases?tier=senior").json() == {"cases": [], "next": None}
    for wrong in ("x", "W10", "WzEsMl0", "bnVsbA", "é"):
        assert here.http.get("/v1/cases", params={"cursor": wrong}).status_code == 422


def test_a_case_is_claimed_decided_and_closed(here: Platform) -> None:
    """One reviewer has it at a time; the vote decides; only who holds it may vote."""
    _send(here, 1)
    here.open_cases()
    mine = here.http.post("/v1/cases:claim", json={"reviewer": "ana"}).json()["cases"]
    assert here.http.post("/v1/cases:claim", json={"reviewer": "ben"}).json()["cases"] == []
    case = mine[0]["id"]
    vote = {"reviewer": "ben", "action": "remove"}
    assert here.http.post(f"/v1/cases/{case}/decision", json=vote).status_code == 409
    renewed = here.http.post(f"/v1/cases/{case}:renew", json={"reviewer": "ana"}).json()
    assert renewed["lease_until"] >= mine[0]["lease_until"]
    unknown = here.http.post(
        f"/v1/cases/{case}/decision", json=vote | {"reviewer": "ana", "action": "?"}
    )
    assert unknown.json()["errors"][0]["field"] == "action"
    voted = here.http.post(f"/v1/cases/{case}/decision", json=vote | {"reviewer": "ana"})
    assert (voted.status_code, voted.json()["complete"]) == (201, True)
    shown = here.http.get(f"/v1/cases/{case}").json()
    assert shown["case"]["state"] == "decided"
    assert [(each["reviewer"], each["action"]) for each in shown["votes"]] == [("ana", "remove")]
    decision = here.http.get("/v1/items/i0/decision")
    assert (decision.status_code, decision.json()["decision"]["made_by"]) == (200, "person")


def test_a_case_says_why_it_stands_where_it_stands(here: Platform) -> None:
    """What it is ranked by, part by part, adds up; and what nobody told is named."""
    _send(here, 1)
    here.open_cases()
    with here.store.transaction() as connection:
        asked = text(
            "UPDATE cases SET reach = 1000, enqueued_at = enqueued_at - interval '6 hours'"
            " RETURNING id"
        )
        case = connection.execute(asked).scalar_one()
    shown = here.http.get(f"/v1/cases/{case}").json()
    told, came = shown["urgency"], datetime.fromisoformat(shown["case"]["enqueued_at"])
    assert told["risk"] == {
        "severity": 10.0,
        "reach": 1_000.0,
        "probability": 0.5,
        "harm": 5_000.0,
        "assumed": ["probability"],
    }
    assert told["priority_seconds"] == 2 * 14_400
    assert told["deadline_seconds"] == pytest.approx(30 * 3_600 / 4)
    assert told["risk_seconds"] == pytest.approx(-5_918, abs=1)
    parts = sum(told[name] for name in told if name.endswith("_seconds"))
    ranked = datetime.fromisoformat(told["ranked_as"])
    assert (ranked - came).total_seconds() == pytest.approx(parts)
    assert datetime.fromisoformat(told["passed_until"]) - ranked == timedelta(seconds=14_400)
    assert 0 < told["age"]["seconds"] - 6 * 3_600 < 600
    assert told["age"]["of_deadline"] == pytest.approx(0.2, abs=0.01)
    assert here.http.get(f"/v1/cases/{new_id()}").status_code == 404


def test_a_skipped_case_goes_to_others(here: Platform) -> None:
    """For a reason that there is, by whoever has it; the audit is told."""
    _send(here, 1)
    here.open_cases()
    (mine,) = here.http.post("/v1/cases:claim", json={"reviewer": "ana"}).json()["cases"]
    path, skip = f"/v1/cases/{mine['id']}/skip", {"reviewer": "ana", "reason": "technical"}
    unknown = here.http.post(path, json=skip | {"reason": "bored"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "reason")
    assert here.http.post(path, json=skip | {"reviewer": "ben"}).status_code == 409
    assert here.http.post(path, json=skip).json() == {"skipped": mine["id"]}
    assert here.http.post(path, json=skip).status_code == 409
    again = here.http.post("/v1/cases:claim", json={"reviewer": "ana"}).json()
    assert again == {"cases": [], "why": {"reason": "nothing_waits", "again_at": None}}
    (other,) = here.http.post("/v1/cases:claim", json={"reviewer": "ben"}).json()["cases"]
    assert other["id"] == mine["id"]
    events = here.http.get("/v1/items/i0/audit").json()["events"]
    assert "case.skipped" in {event["kind"] for event in events}


def test_given_back_is_free_again(here: Platform) -> None:
    """At once, for others too."""
    _send(here, 1)
    here.open_cases()
    here.http.post("/v1/cases:claim", json={"reviewer": "ana"})
    released = here.http.post("/v1/cases:release", json={"reviewer": "ana"}).json()["released"]
    again = here.http.post("/v1/cases:claim", json={"reviewer": "ben"}).json()["cases"]
    assert [each["id"] for each in again] == released
    assert here.http.post("/v1/cases:release", json={"reviewer": "ana"}).json() == {"released": []}


def test_ballots_stay_secret_while_people_vote(here: Platform) -> None:
    """How many have voted is shown, and not how; when the case is closed, everything is."""
    _send(here, 1)
    vote = text(
        "INSERT INTO votes (id, case_id, reviewer, round, action)"
        " SELECT :id, id, 'ana', 1, 'remove' FROM cases RETURNING case_id"
    )
    with here.store.transaction() as connection:
        case = connection.execute(vote, {"id": new_id()}).scalar_one()
    before = here.http.get(f"/v1/cases/{case}").json()
    assert (before["votes"], before["votes_cast"]) == ([], 1)
    with here.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET state = 'decided'"))
    assert len(here.http.get(f"/v1/cases/{case}").json()["votes"]) == 1


def test_a_decision_can_be_appealed_once(here: Platform) -> None:
    """A case opens for it; what nobody decided cannot be appealed."""
    here.http.post("/v1/items", json={"id": "gone", "text": "x", "score.unkind": 0.95})
    here.http.post("/v1/items", json={"id": "fine", "text": "x"})
    with here.calling(Scope.APPEALS_WRITE) as http:
        taken = http.post("/v1/appeals", json={"item": "gone", "by": "ann", "statement": "A joke."})
        again = http.post("/v1/appeals", json={"item": "gone", "by": "ann"})
        other = http.post("/v1/appeals", json={"item": "gone", "by": "bob"})
        idle = http.post("/v1/appeals", json={"item": "fine", "by": "ann"})
    assert (taken.status_code, other.status_code, idle.status_code) == (201, 409, 409)
    assert (taken.json()["number"], taken.json()["asks"]) == (1, "milder")
    assert (again.status_code, again.json()) == (201, taken.json() | {"duplicate": True})
    assert "an appeal is open already, since 20" in other.json()["detail"]
    purposes = [case["purpose"] for case in here.http.get("/v1/cases").json()["cases"]]
    assert purposes == ["appeal"]


def test_signals_of_the_platform_are_taken_once(here: Platform) -> None:
    """They were ordered when the item came; what was not ordered is not there."""
    sent = {"id": "pic", "kind": "comment", "text": "x"}
    assert here.http.post("/v1/items", json=sent).json()["state"] == "waiting_for_signals"
    found = {"source": "vision", "values": {"score.unkind": 0.97}}
    assert here.http.post("/v1/items/pic/signals", json=found).json() == {"taken": True}
    assert here.http.post("/v1/items/pic/signals", json=found).json() == {"taken": False}
    wrong = here.http.post(
        "/v1/items/pic/signals", json={"source": "vision", "values": {"score.unkind": 2}}
    )
    assert wrong.json()["errors"][0]["field"] == "score.unkind"
    other = found | {"source": "radar"}
    assert here.http.post("/v1/items/pic/signals", json=other).status_code == 404


def test_a_release_is_published_and_brought_into_force(here: Platform) -> None:
    """Over HTTP as from the command line; every process of the API judges with it."""
    files = policies.sources(threshold=0.5)
    made = here.http.post("/v1/releases", json={"files": files, "message": "stricter"})
    name = made.json()["name"]
    assert (made.status_code, made.json()["new"], made.json()["rules"]) == (201, True, 2)
    assert here.http.get(f"/v1/releases/{name}").json() == {"name": name, "files": files}
    assert here.http.post("/v1/releases:rollback", json={}).status_code == 409
    done = here.http.post(f"/v1/releases/{name}:activate", json={"note": "agreed"}).json()
    assert done["name"] == name
    here.services.in_force.refresh()
    told = here.http.post("/v1/items", json={"text": "x", "score.unkind": 0.6}).json()
    assert (told["release"], told["action"]) == (name, "remove")
    assert here.http.post("/v1/releases:rollback", json={}).json()["name"] == done["before"]
    listed = here.http.get("/v1/releases").json()["releases"]
    assert {each["name"]: each["active"] for each in listed} == {name: False, done["before"]: True}
    back = {"to": name, "note": "it was right"}
    assert here.http.post("/v1/releases:rollback", json=back).json()["name"] == name
    other = {"files": policies.sources(0.4), "message": "", "base": done["before"]}
    late = here.http.post("/v1/releases", json=other).json()["name"]
    refused = here.http.post(f"/v1/releases/{late}:activate", json={})
    assert (refused.status_code, "made from" in refused.json()["detail"]) == (409, True)
    meant = here.http.post(f"/v1/releases/{late}:activate", json={"replaces": name})
    assert meant.json() == {"name": late, "before": name}
    running = here.http.get("/v1/processes").json()["processes"]
    assert [each["kind"] for each in running] == ["api"]


def test_releases_are_compared_by_meaning(here: Platform) -> None:
    """Against what is in force, or against another one; names may be cut."""
    (listed,) = here.http.get("/v1/releases").json()["releases"]
    files = policies.sources(threshold=0.5)
    name = here.http.post("/v1/releases", json={"files": files, "message": "x"}).json()["name"]
    found = here.http.get(f"/v1/releases/{name[:8]}/diff").json()
    assert (found["old"], found["new"], found["same"]) == (listed["name"], name, False)
    assert found["counts"] == {"acts": 1, "asks": 0, "less": 0, "quiet": 0}
    (rule,) = found["rules"]
    assert rule["lines"] == ["unkind: score.unkind at least 0.9 → 0.5 · widens"]
    assert rule["place"] == f"{name}:hate.yaml:5:1"
    back = here.http.get(f"/v1/releases/in-force/diff?against={name}").json()
    assert [each["direction"] for each in back["rules"]] == ["narrows"]
    same = here.http.get(f"/v1/releases/{name}/diff?against={name}").json()
    assert (same["same"], same["rules"], same["summary"]) == (True, [], "no rule differs")
    assert here.http.get("/v1/releases/abcdef012345/diff").status_code == 404
    assert here.http.get(f"/v1/releases/{name}/diff?against={name[:3]}").status_code == 404


def test_receivers_are_registered_changed_and_disabled(here: Platform) -> None:
    """The secret is shown once; what could not be delivered can be sent again."""
    url = "https://198.51.100.7/hook"
    refused = here.http.post("/v1/webhooks", json={"url": "http://127.0.0.1/hook"})
    assert refused.json()["errors"][0]["field"] == "url"
    made = here.http.post("/v1/webhooks", json={"url": "https://1.1.1.1/hook", "about": "us"})
    assert made.status_code == 201, (url, made.text)
    webhook, secret = made.json()["webhook"]["id"], made.json()["secret"]
    assert secret not in here.http.get(f"/v1/webhooks/{webhook}").text
    rotated = here.http.post(f"/v1/webhooks/{webhook}/secrets", json={}).json()["secret"]
    assert rotated != secret
    changed = here.http.patch(f"/v1/webhooks/{webhook}", json={"kinds": ["item.decided"]})
    assert changed.json()["kinds"] == ["item.decided"]
    assert here.http.get(f"/v1/webhooks/{webhook}/deliveries?state=dead").json() == {
        "deliveries": []
    }
    assert here.http.delete(f"/v1/webhooks/{webhook}").json()["active"] is False
    again = here.http.post(f"/v1/webhooks/{webhook}/deliveries:redeliver")
    assert again.status_code == 409
    missing = here.http.post(f"/v1/deliveries/{webhook}:redeliver")
    assert missing.status_code == 404


def test_statements_are_exported(here: Platform) -> None:
    """As JSON lines and as CSV, those of the time that is asked for."""
    add = text(
        "INSERT INTO statements (id, item_id, fields)"
        ' VALUES (:id, :id, \'{"puid": "=1+1"}\') RETURNING at'
    )
    with here.store.transaction() as connection:
        at = connection.execute(add, {"id": new_id()}).scalar_one()
    since = {"since": (at - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")}
    lines = here.http.get("/v1/statements", params=since)
    assert lines.headers["content-type"].startswith("application/jsonl")
    assert orjson.loads(lines.text) == {"puid": "=1+1"}
    table = here.http.get("/v1/statements", params=since | {"format": "csv"})
    assert "'=1+1" in table.text
    later = (at + timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    assert here.http.get("/v1/statements", params={"since": later}).text == ""
    assert here.http.get("/v1/statements", params={"since": "1700000000"}).status_code == 422


def _send(here: Platform, items: int) -> None:
    sent = [{"id": f"i{number}", "text": _ODD} for number in range(items)]
    here.http.post("/v1/items", json=sent)
