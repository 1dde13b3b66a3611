"""People over HTTP: invited, signed in, at work as themselves, and out again."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from queues.access import Role, Scope
from queues.ids import new_id
from tests.integration import policies
from tests.integration.apis import PASSWORD, Platform, platform, services_for
from tests.services import Servers

BETTER = "another horse, another battery"
#: As the console passes on where a browser is.
FORWARDED = {"x-forwarded-for": "203.0.113.7"}
PLACES = {"127.0.0.1", *FORWARDED.values()}


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with nothing in it but a release."""
    with servers.database(template=template) as url:
        sign_in = {"attempts": 3, "attempts_of_address": 50}
        services = services_for(
            url, servers.valkey.url, sign_in=sign_in, people={"link": "https://x.test/#{token}"}
        )
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def test_from_an_invitation_to_the_end_of_a_session(here: Platform) -> None:
    """Added, invited, in, out; each token opens what it is for and no longer."""
    sent = {
        "name": "ana",
        "display_name": "Ana",
        "roles": ["moderator"],
        "time_zone": "Europe/Berlin",
        "shifts": [{"day": "mon", "start": "09:00", "end": "17:00"}],
    }
    added = here.http.post("/v1/people", json=sent)
    assert (added.status_code, added.json()["state"]) == (201, "invited")
    assert here.http.post("/v1/people", json=sent).status_code == 409
    invited = here.http.post("/v1/people/ana:invite", json={})
    assert invited.status_code == 201
    token = invited.json()["link"].removeprefix("https://x.test/#")
    with here.anonymous() as http:
        accepted = http.post(
            "/v1/people/invitations:accept", json={"token": token, "password": PASSWORD}
        )
        assert accepted.status_code == 201
        again = http.post("/v1/people/invitations:accept", json={"token": token, "password": "x"})
        _problem(again, 401, "unauthenticated")
        entered = http.post(
            "/v1/sessions", json={"name": "ana", "password": PASSWORD}, headers=FORWARDED
        )
    assert entered.status_code == 201
    assert entered.json()["person"]["state"] == "active"
    with here.showing(entered.json()["token"]) as ana:
        assert {each["address"] for each in ana.get("/v1/sessions").json()["sessions"]} == PLACES
        first = accepted.json()["session"]["id"]
        assert ana.delete(f"/v1/sessions/{first}").json() == {"ended": first}
        assert ana.delete(f"/v1/sessions/{first}").status_code == 404
        me = ana.get("/v1/me").json()
        assert me["person"]["shifts"] == sent["shifts"]
        assert "cases.decide" in me["operations"]
        assert "people.read" not in me["operations"]
        assert me["terms"]["hourly_rate"] == 20
        assert ana.delete("/v1/sessions/current").status_code == 200
        _problem(ana.get("/v1/me"), 401, "unauthenticated")
    with here.showing(accepted.json()["token"]) as out:
        _problem(out.get("/v1/me"), 401, "unauthenticated")


def test_a_password_is_set_on_a_page_of_ours(here: Platform) -> None:
    """It runs nothing and asks nobody from elsewhere, and nobody can frame it."""
    with here.anonymous() as http:
        page, start = http.get("/invitation"), http.get("/invitation/start.js")
    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'"
    )
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert 'src="invitation/start.js"' in page.text
    assert "//" not in page.text
    assert "v1/people/invitations:accept" in start.text
    assert "innerHTML" not in start.text


def test_name_and_password_are_refused_alike(here: Platform) -> None:
    """Whichever of them is wrong; after some attempts both have to wait."""
    with here.signed_in("ana", Role.MODERATOR), here.anonymous() as http:
        bodies = []
        for name in ("ana", "nobody"):
            sent = {"name": name, "password": "wrong"}
            answers = [http.post("/v1/sessions", json=sent) for _ in range(4)]
            assert [answer.status_code for answer in answers] == [401] * 3 + [429]
            bodies.append([answer.json() for answer in answers])
            assert answers[0].headers["www-authenticate"] == 'Bearer realm="tierwise"'
            _problem(answers[3], 429, "too-many-attempts")
            assert 1 <= int(answers[3].headers["retry-after"]) <= 30
    assert bodies[0] == bodies[1]


def test_another_password_answers_with_another_session(here: Platform) -> None:
    """The one before opens nothing any more."""
    with here.signed_in("ana", Role.AUDITOR) as ana:
        wrong = ana.put("/v1/me/password", json={"old": "wrong", "new": BETTER})
        assert _problem(wrong, 422, "invalid")["errors"][0]["field"] == "old"
        changed = ana.put("/v1/me/password", json={"old": PASSWORD, "new": BETTER})
        assert changed.status_code == 200
        _problem(ana.get("/v1/me"), 401, "unauthenticated")
    with here.showing(changed.json()["token"]) as again:
        assert again.get("/v1/me").json()["person"]["name"] == "ana"


def test_signing_in_with_a_session_replaces_it(here: Platform) -> None:
    """What came along ends."""
    with here.signed_in("ana", Role.AUDITOR) as ana:
        sent = {"name": "ana", "password": PASSWORD}
        assert ana.post("/v1/sessions", json=sent).status_code == 201
        _problem(ana.get("/v1/me"), 401, "unauthenticated")
        assert ana.post("/v1/sessions", json=sent).status_code == 201


def test_managers_plan_and_admins_decide_who_somebody_is(here: Platform) -> None:
    """What is left out stays; null is the default again, and nobody takes the last admin away."""
    with here.signed_in("max", Role.MANAGER) as max_, here.signed_in("ida", Role.ADMIN) as ida:
        ida.post("/v1/people", json={"name": "ana", "display_name": "Ana", "roles": ["moderator"]})
        planned = max_.patch(
            "/v1/people/ana",
            json={
                "languages": ["de"],
                "exposure": 50,
                "time_off": [{"first": "2026-07-01", "last": "2026-07-02"}],
            },
        ).json()
        assert (planned["languages"], planned["exposure"]) == (["de"], 50)
        assert planned["roles"] == ["moderator"]
        for personal in ({"roles": ["admin"]}, {"hourly_rate": 1}, {"display_name": "A"}):
            refused = max_.patch("/v1/people/ana", json=personal)
            problem = _problem(refused, 403, "role-missing")
            assert problem["operation"] == "people.manage"
        changed = ida.patch("/v1/people/ana", json={"hourly_rate": 31.5, "roles": ["senior"]})
        assert changed.json()["hourly_rate"] == 31.5
        cleared = ida.patch(
            "/v1/people/ana", json={"hourly_rate": None, "exposure": None, "languages": None}
        ).json()
        assert (cleared["hourly_rate"], cleared["exposure"]) == (None, None)
        assert cleared["languages"] == ["de"]
        wrong = ida.patch("/v1/people/ana", json={"time_zone": "Mars/Base"})
        assert _problem(wrong, 422, "invalid")["errors"][0]["field"] == "time_zone"
        assert ida.post("/v1/people/ida:disable", json={}).status_code == 409
        assert ida.post("/v1/people/max:disable", json={}).json()["state"] == "disabled"
        _problem(max_.get("/v1/people"), 401, "unauthenticated")
        assert ida.post("/v1/people/max:enable", json={}).json()["state"] == "active"


def test_people_review_as_themselves(here: Platform) -> None:
    """They leave the name out or give their own; nobody else's, in any operation of reviewers."""
    here.http.post("/v1/items", json={"id": "1", "item.kind": "post", "text": "zorblings"})
    here.open_cases()
    with here.signed_in("ana", Role.MODERATOR) as ana:
        for body in ({"reviewer": "bea"}, {"reviewer": "ana "}):
            _problem(ana.post("/v1/cases:claim", json=body), 403, "other-person")
        (case,) = ana.post("/v1/cases:claim", json={}).json()["cases"]
        case = case["id"]
        assert here.http.get(f"/v1/cases/{case}").json()["case"]["claimed_by"] == ["ana"]
        bea: dict[str, Any] = {"reviewer": "bea"}
        vote = {"action": "keep"}
        _problem(ana.post("/v1/cases:release", json=bea), 403, "other-person")
        _problem(ana.post(f"/v1/cases/{case}:renew", json=bea), 403, "other-person")
        _problem(ana.post(f"/v1/cases/{case}/decision", json=bea | vote), 403, "other-person")
        assert ana.post(f"/v1/cases/{case}:renew", json={"reviewer": "ana"}).status_code == 200
        assert ana.post("/v1/cases:release", json={}).json() == {"released": [case]}
        ana.post("/v1/cases:claim", json={"reviewer": "ana"})
        voted = ana.post(f"/v1/cases/{case}/decision", json=vote)
        assert voted.status_code == 201
    audit = here.http.get("/v1/items/1/audit").json()
    assert "reviewer:ana" in {event["actor"] for event in audit["events"]}


def test_programs_say_who_reviews(here: Platform) -> None:
    """A key is nobody in particular."""
    with here.calling(Scope.CASES_DECIDE) as http:
        for path in ("/v1/cases:claim", "/v1/cases:release", f"/v1/cases/{new_id()}:renew"):
            missing = _problem(http.post(path, json={}), 422, "invalid")
            assert missing["errors"][0]["field"] == "reviewer"
        assert http.post("/v1/cases:claim", json={"reviewer": "bea"}).json() == {
            "cases": [],
            "why": {"reason": "nothing_waits", "again_at": None},
        }


def test_releases_need_four_eyes(here: Platform) -> None:
    """Not even with both roles does somebody bring their own release into force."""
    both = here.signed_in("ana", Role.POLICY_AUTHOR, Role.POLICY_APPROVER)
    with both as ana, here.signed_in("bea", Role.POLICY_APPROVER) as bea:
        sent = {"files": policies.sources(0.5), "message": "stricter"}
        name = ana.post("/v1/releases", json=sent).json()["name"]
        refused = ana.post(f"/v1/releases/{name}:activate", json={})
        assert "published it yourself" in _problem(refused, 409, "conflict")["detail"]
        assert bea.post(f"/v1/releases/{name}:activate", json={}).json()["name"] == name
        assert ana.post("/v1/releases:rollback", json={}).status_code == 200
        assert ana.post(f"/v1/releases/{name}:activate", json={}).status_code == 409


def test_people_send_items_and_make_keys_as_their_roles_say(here: Platform) -> None:
    """Who did it stands in the audit; also past the framework."""
    with here.signed_in("ida", Role.ADMIN) as ida, here.signed_in("ana", Role.MODERATOR) as ana:
        _problem(ana.post("/v1/items", json={"text": "x"}), 403, "role-missing")
        assert ida.post("/v1/items", json={"id": "7", "text": "x"}).status_code == 201
        made = ida.post("/v1/keys", json={"name": "shop", "scopes": ["releases:write", "admin"]})
        assert made.status_code == 201
        assert made.json()["key"]["created_by"] == "person:ida"
        events = ida.get("/v1/items/7/audit").json()["events"]
    assert events[0]["actor"] == "person:ida"


def _problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem of an answer, of this kind."""
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"urn:tierwise:problem:{kind}"
    return problem
