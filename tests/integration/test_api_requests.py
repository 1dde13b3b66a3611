"""Every request is answered: let in or not, understood or not, and always in the same form."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import httpx
import pytest

from queues.access import Scope
from queues.api.bodies import DEEPEST
from queues.backlog import Backlog
from queues.storefront import Storefront
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers

_MOST_BODY = 100_000
_TEXT = "what somebody wrote"


class _Broken(Storefront):
    """Storefront with a defect, which knows a text."""

    @cached_property
    def backlog(self) -> Backlog:
        """Never gets that far."""
        message = "a defect, next to\n" + _TEXT
        raise ZeroDivisionError(message)


@pytest.fixture(scope="module")
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """One API for all tests of this module."""
    with servers.database(template=template) as url:
        settings = {"max_body": _MOST_BODY}
        services = _Broken(services_for(url, servers.valkey.url, api=settings).settings)
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def test_a_key_is_needed(here: Platform) -> None:
    """Without one the answer says how to send one; a wrong one is told apart; both are 401."""
    with here.anonymous() as http:
        missing = http.get("/v1/cases")
        wrong = http.get("/v1/cases", headers={"Authorization": "Bearer tw_" + "a" * 43})
        basic = http.get("/v1/cases", headers={"Authorization": "Basic YTpi"})
    assert _problem(missing, 401)["type"] == "urn:tierwise:problem:unauthenticated"
    assert missing.headers["www-authenticate"] == 'Bearer realm="tierwise"'
    assert _problem(wrong, 401)
    assert 'error="invalid_token"' in wrong.headers["www-authenticate"]
    assert _problem(basic, 401)


def test_both_ways_to_send_a_key_work(here: Platform) -> None:
    """`Authorization: Bearer` and `X-API-Key`."""
    key = here.http.headers["authorization"].removeprefix("Bearer ")
    with here.anonymous() as http:
        assert http.get("/v1/cases", headers={"X-API-Key": key}).status_code == 200
        assert http.get("/v1/cases", headers={"Authorization": f"bearer {key}"}).status_code == 200


def test_a_key_is_for_what_it_is_for(here: Platform) -> None:
    """403 names the scope that is missing."""
    with here.calling(Scope.ITEMS_WRITE) as http:
        assert http.post("/v1/items", json={"text": "x"}).status_code == 201
        refused = http.get("/v1/cases")
    assert _problem(refused, 403)["scope"] == "cases:read"
    assert 'scope="cases:read"' in refused.headers["www-authenticate"]


def test_no_key_makes_one_that_may_do_more(here: Platform) -> None:
    """Whoever manages keys cannot make themselves an administrator."""
    with here.calling(Scope.KEYS_MANAGE) as http:
        wanted = {"name": "me", "scopes": ["keys:manage", "admin"]}
        assert _problem(http.post("/v1/keys", json=wanted), 403)["scope"] == "admin"
        made = http.post("/v1/keys", json={"name": "me", "scopes": ["keys:manage"]})
    assert made.status_code == 201
    assert made.json()["secret"].startswith("tw_")


def test_the_key_comes_before_the_body(here: Platform) -> None:
    """Who has no key is told so, however large and wrong the body is."""
    with here.anonymous() as http:
        for path in ("/v1/items", "/v1/releases"):
            answer = http.post(path, content=b"{" * (_MOST_BODY + 1))
            assert _problem(answer, 401)


@pytest.mark.parametrize("path", ["/v1/items", "/v1/releases"])
def test_bodies_are_bounded_while_they_are_read(here: Platform, path: str) -> None:
    """Announced or not, one byte more than is taken is 413, and the next request is served."""
    json = {"content-type": "application/json"}
    large = b'"' + b"a" * _MOST_BODY + b'"'
    announced = here.http.post(path, content=large, headers=json)
    streamed = here.http.post(path, content=iter([large[:-1], b'"']), headers=json)
    assert _problem(announced, 413)
    assert _problem(streamed, 413)
    assert here.http.get("/health").status_code == 200


@pytest.mark.parametrize("path", ["/v1/items", "/v1/items:explain"])
@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"{", "line 1"),
        (b'{"text": NaN}', "no JSON"),
        (b'{"text": "\xff"}', "no JSON"),
        (rb'{"text": "\ud800"}', "no JSON"),
        (b"[" * 40 + b"]" * 40, f"deeper than {DEEPEST}"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, f"deeper than {DEEPEST}"),
    ],
)
def test_what_is_no_json_is_refused(here: Platform, path: str, body: bytes, detail: str) -> None:
    """With the place where it stops being JSON, or how deep it may be."""
    answer = here.http.post(path, content=body, headers={"content-type": "application/json"})
    assert detail in _problem(answer, 400)["detail"]


def test_bodies_are_json(here: Platform) -> None:
    """Another type is 415."""
    for path in ("/v1/items", "/v1/keys"):
        assert _problem(here.http.post(path, data={"text": "x"}), 415)


def test_mistakes_in_a_body_are_told_with_their_place(here: Platform) -> None:
    """Each with a JSON Pointer, and without what was sent."""
    sent = {"name": "a\nb", "scopes": ["items:read", _TEXT], "rate": "5", "a/b": 1}
    answer = here.http.post("/v1/keys", json=sent)
    places = {each["pointer"] for each in _problem(answer, 422)["errors"]}
    assert places == {"#/name", "#/scopes/1", "#/rate", "#/a~1b"}
    assert _TEXT not in answer.text
    parameter = _problem(here.http.get("/v1/cases?limit=0"), 422)["errors"][0]
    assert (parameter["parameter"], parameter["in"]) == ("limit", "query")


def test_mistakes_in_rules_are_told_with_their_place(here: Platform) -> None:
    """All diagnostics, as on the command line; nothing is published."""
    files = policies.sources() | {"more.yaml": "rule: x\nthen: {}\n"}
    before = here.count("releases")
    answer = here.http.post("/v1/releases", json={"files": files, "message": "a try"})
    found = _problem(answer, 422)["diagnostics"]
    assert {each["file"] for each in found} == {"more.yaml"}
    assert found[0]["line"] == 1
    assert here.count("releases") == before


def test_what_is_not_there_is_a_problem_too(here: Platform) -> None:
    """Addresses, methods and things."""
    assert _problem(here.http.get("/v1/nothing"), 404)
    assert _problem(here.http.get("/v1/items/nobody"), 404)["detail"] == "there is no item `nobody`"
    refused = here.http.put("/v1/items", json={})
    assert _problem(refused, 405)
    assert refused.headers["allow"] == "POST"


def test_no_character_zero_gets_through(here: Platform) -> None:
    """Neither in an address nor in a body: Postgres could not keep it."""
    assert _problem(here.http.get("/v1/items/a%00b"), 400)
    assert _problem(here.http.get("/v1/cases?queue=a%00b"), 400)
    assert _problem(here.http.post("/v1/keys", json={"name": "a\0", "scopes": ["admin"]}), 422)
    assert _problem(here.http.post("/v1/items", json={"id": "a\0", "text": "x"}), 422)


def test_a_defect_shows_nothing_of_what_is_inside(
    here: Platform, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """An incident to ask about, which the log has too; neither has what somebody wrote."""
    answer = here.http.get("/metrics")
    problem = _problem(answer, 500)
    printed = capsys.readouterr()
    logged = (
        printed.out + printed.err + caplog.text
    )  # where it goes hangs on who set up logs before
    assert problem["incident"] in problem["detail"]
    assert problem["incident"] in logged
    for text in (answer.text, logged):
        assert _TEXT not in text
    assert "ZeroDivision" not in answer.text


def test_a_key_can_ask_too_often(here: Platform) -> None:
    """Then it is told when there is room again, and what its limit is; others go on."""
    with here.calling(Scope.CASES_READ, name="hasty", rate=5) as http:
        answers = [http.get("/v1/cases") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        refused = answers[-1]
        assert _problem(refused, 429)["type"] == "urn:tierwise:problem:rate-limited"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit"].startswith('"key";r=0;t=')
        assert _problem(http.post("/v1/items", json={"text": "x"}), 429)
    assert answers[0].headers["ratelimit-policy"] == '"key";q=5;w=60'
    assert here.http.get("/v1/cases").status_code == 200


def test_requests_have_an_id(here: Platform) -> None:
    """That of the caller, unless it cannot stand in a log."""
    given = here.http.get("/health", headers={"X-Request-ID": "abc-1"})
    assert given.headers["x-request-id"] == "abc-1"
    odd = here.http.get("/health", headers={"X-Request-ID": "a" * 200})
    assert odd.headers["x-request-id"] != "a" * 200


def test_answers_cannot_be_misused_by_browsers(here: Platform) -> None:
    """Nothing runs, nothing is guessed, nothing is kept, nothing is framed."""
    for answer in (here.http.get("/health"), here.http.get("/v1/nothing")):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


def _problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem of an answer, in the form that every problem has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:tierwise:problem:")
    assert problem["title"]
    assert problem["detail"]
    return problem
