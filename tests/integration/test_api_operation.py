"""Whoever runs the API can see how it is, and whoever calls it what can be asked."""

import re
from collections.abc import Iterator

import pytest

from queues.access import Scope
from tests.architecture.sources import ROOT
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers

_REMOTE = re.compile(r"""(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}""")


@pytest.fixture(scope="module")
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """One API for all tests of this module."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def test_ready_means_that_everything_is_there(here: Platform) -> None:
    """The process is alive, and nothing is missing."""
    with here.anonymous() as http:
        assert http.get("/health").json() == {"status": "ok"}
        assert http.get("/ready").json() == {"status": "ready"}


def test_what_is_missing_is_named(servers: Servers, template: str) -> None:
    """The process is alive and not ready: there is no release, and the broker is away."""
    with (
        servers.database(template=template) as url,
        platform(services_for(url, "redis://127.0.0.1:1/0")) as here,
    ):
        assert here.http.get("/health").status_code == 200
        answer = here.http.get("/ready")
    assert answer.status_code == 503
    assert set(answer.json()["part"].split(", ")) == {"broker", "release"}
    assert "127.0.0.1" not in answer.text  # addresses are for operators alone
    assert answer.headers["retry-after"]


def test_numbers_tell_what_was_served_and_what_waits(here: Platform) -> None:
    """By route, tier and queue; addresses that do not exist make no rows of their own."""
    with here.calling(Scope.ITEMS_WRITE) as http:
        http.post("/v1/items", json=[{"text": "zorblings"}, {"text": "x", "score.unkind": 1}])
    for number in range(3):
        here.http.get(f"/v1/nothing/{number}")
        here.http.request("PROPFIND", "/health")
    with here.calling(Scope.METRICS_READ) as http:
        page = http.get("/metrics").text
    assert 'tierwise_requests_total{method="POST",route="/v1/items",status="200"} 1.0' in page
    assert 'tierwise_requests_total{method="GET",route="(none)",status="404"} 3.0' in page
    assert 'tierwise_requests_total{method="OTHER",route="/health",status="405"} 3.0' in page
    assert 'tierwise_request_seconds_bucket{le="+Inf",route="/v1/items"} 1.0' in page
    assert 'tierwise_verdicts_total{tier="single"} 1.0' in page
    assert 'tierwise_verdicts_total{tier="auto"} 1.0' in page
    assert 'tierwise_cases{queue="general",state="waiting",tier="single"} 1.0' in page
    assert 'tierwise_outbox_unsent{lane="auto"} 1.0' in page
    assert "tierwise_unenforced 1.0" in page


def test_the_page_asks_nobody_else_for_anything(here: Platform) -> None:
    """Everything it loads is here, and its policy would allow nothing else."""
    with here.anonymous() as http:
        page = http.get("/docs")
        assert not _REMOTE.search(page.text)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        for part in re.findall(r'(?:href|src)="([^"]+)"', page.text):
            asset = http.get(f"/{part}")
            assert asset.status_code == 200, part
        assert "openapi.json" in http.get("/docs/start.js").text


def test_documents_can_be_kept_from_strangers(servers: Servers, template: str) -> None:
    """Where the settings say so, the page and the document need a key."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url, api={"public_docs": False})
        with platform(services) as here, here.anonymous() as http:
            assert http.get("/openapi.json").status_code == 401
            assert http.get("/docs").status_code == 401
            assert here.http.get("/openapi.json").status_code == 200


def test_every_operation_is_documented(here: Platform) -> None:
    """Summary, tag, examples, what it asks of whoever calls, and problems for what can go wrong."""
    document = here.http.get("/openapi.json").json()
    known = {tag["name"] for tag in document["tags"]}
    open_to_all = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = f"{method} {path}"
            assert operation["summary"], name
            assert operation["description"], name
            assert set(operation["tags"]) <= known, name
            assert ("404" in operation["responses"]) >= ("{" in path), name
            if "security" not in operation:
                open_to_all.add(path)
            body = operation.get("requestBody")
            if body is not None:
                _assert_example(body["content"], name)
                assert {"413", "415", "422"} <= operation["responses"].keys(), name
            for status, response in operation["responses"].items():
                if status.startswith("2"):
                    _assert_example(response.get("content", {}), f"{name} {status}")
                elif not status.startswith("3"):
                    assert response["$ref"] == f"#/components/responses/Problem{status}", name
    assert open_to_all == {
        "/health",
        "/ready",
        "/v1/sessions",
        "/v1/sessions/oidc",
        "/v1/sessions/oidc/callback",
        "/v1/people/invitations:accept",
    }


def test_every_problem_is_explained(here: Platform) -> None:
    """The kinds in the document are those that the README lists."""
    responses = here.http.get("/openapi.json").json()["components"]["responses"]
    kinds = {
        example
        for response in responses.values()
        for example in response["content"]["application/problem+json"]["examples"]
    }
    page = (ROOT / "queues" / "api" / "README.md").read_text(encoding="utf-8")
    assert {kind for kind in kinds if f"| `{kind}` |" not in page} == set()


def _assert_example(content: dict[str, dict[str, object]], name: str) -> None:
    for media_type, described in content.items():
        if media_type == "application/json":
            schema = described["schema"]
            assert described.keys() & {"example", "examples"}, name
            assert schema, name
