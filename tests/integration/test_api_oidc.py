"""Browsers go to a provider and come back with a session, over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx
import pytest

from queues.access import Role
from queues.oidc import seconds_of
from queues.people import Profile
from tests.integration import policies
from tests.integration.apis import PASSWORD, Platform, platform, services_for
from tests.integration.providers import CLIENT, SECRET, Liar, liar
from tests.services import Servers

NAME: Final = "ana@example.org"
#: Where the provider believes that we are; a test goes where we really are.
PUBLIC: Final = "https://moderation.example.org/v1/sessions/oidc/callback"


@contextmanager
def linked(servers: Servers, template: str, **settings: Any) -> Iterator[tuple[Platform, Liar]]:  # noqa: ANN401 - as the fields
    """An API with a provider."""
    with (
        servers.database(template=template) as url,
        liar(lambda: seconds_of(services.store)) as it,
    ):
        given = {"issuer": it.issuer, "client_id": CLIENT, "client_secret": SECRET} | settings
        services = services_for(url, servers.valkey.url, oidc=given)
        policies.activated(services.store)
        with platform(services) as here:
            yield here, it


@pytest.fixture
def both(servers: Servers, template: str) -> Iterator[tuple[Platform, Liar]]:
    """The same, with nothing but what has to be set."""
    with linked(servers, template) as made:
        yield made


def come_back(http: httpx.Client, it: Liar) -> httpx.Response:
    """Go to the provider and come back, as a browser does."""
    sent = http.get("/v1/sessions/oidc")
    assert sent.status_code == 302, sent.text
    location = httpx.URL(it.consent(sent.headers["location"]))
    return http.get(location.path, params=location.params)


def test_a_browser_comes_back_with_a_session(both: tuple[Platform, Liar]) -> None:
    """Good for what its person may; and the way back is gone once."""
    here, it = both
    with here.signed_in(NAME, Role.MODERATOR), here.anonymous() as browser:
        sent = browser.get("/v1/sessions/oidc")
        cookie = sent.headers["set-cookie"]
        assert cookie.startswith("tierwise-sign-in=")
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert parts == {"HttpOnly", "Max-Age=600", "Path=/", "SameSite=Lax"}
        assert sent.headers["cache-control"] == "no-store"
        location = httpx.URL(it.consent(sent.headers["location"]))
        assert str(location).startswith("http://127.0.0.1:8080/v1/sessions/oidc/callback?")
        kept = cookie.partition(";")[0]
        back = browser.get(location.path, params=location.params)
        assert back.status_code == 200, back.text
        assert "Max-Age=0" in back.headers["set-cookie"]
        assert not browser.cookies
        again = browser.get(location.path, params=location.params, headers={"cookie": kept})
        assert "begun no such sign-in" in _problem(again, 401, "provider-refused")["detail"]
        assert again.headers["www-authenticate"].startswith("Bearer")
    with here.showing(back.json()["token"]) as ana:
        assert ana.get("/v1/me").json()["person"]["name"] == NAME


def test_where_it_is_public_a_cookie_needs_tls(servers: Servers, template: str) -> None:
    """And comes from this host alone, whatever others beside it set."""
    with linked(servers, template, callback=PUBLIC) as (here, it), here.anonymous() as browser:
        sent = browser.get("/v1/sessions/oidc")
        name, _, rest = sent.headers["set-cookie"].partition("=")
        assert name == "__Host-tierwise-sign-in"
        assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in rest.split(";")}
        location = httpx.URL(it.consent(sent.headers["location"]))
        assert str(location).startswith(PUBLIC)
        profile = Profile(display_name="Ana", roles=(Role.MODERATOR,))
        here.services.accounts.add(NAME, profile, by="cli:test")
        value = rest.partition(";")[0]
        for given, status in ((f"tierwise-sign-in={value}", 401), (f"{name}={value}", 200)):
            headers = {"cookie": given}
            back = browser.get(location.path, params=location.params, headers=headers)
            assert back.status_code == status, back.text


def test_a_session_that_comes_along_is_replaced(both: tuple[Platform, Liar]) -> None:
    """As with a password."""
    here, it = both
    with here.signed_in(NAME, Role.AUDITOR) as ana:
        assert come_back(ana, it).status_code == 200
        _problem(ana.get("/v1/me"), 401, "unauthenticated")


def test_what_goes_wrong_is_told(both: tuple[Platform, Liar]) -> None:
    """As a problem, with what to do; a way back that nobody went asks nobody."""
    here, it = both
    with here.anonymous() as browser:
        refused = _problem(come_back(browser, it), 401, "provider-refused")
        assert refused["detail"] == "no open account here is yours"
        nothing = _problem(browser.get("/v1/sessions/oidc/callback"), 401, "provider-refused")
        assert "begin anew" in nothing["detail"]
        it.answers = {"/token": (503, {}, b"{}")}
        away = come_back(browser, it)
        assert _problem(away, 503, "unavailable")["part"] == "sign-in provider"
        assert int(away.headers["retry-after"]) > 0


def test_without_a_provider_there_is_no_such_place(servers: Servers, template: str) -> None:
    """Passwords work all the same."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        policies.activated(services.store)
        with platform(services) as here, here.anonymous() as http:
            for path in ("/v1/sessions/oidc", "/v1/sessions/oidc/callback?state=x&code=x"):
                _problem(http.get(path), 404, "not-found")


def test_passwords_can_be_off(servers: Servers, template: str) -> None:
    """For those who came through the provider once."""
    with linked(servers, template, passwords=False) as (here, it):
        sent = {"name": NAME, "password": PASSWORD}
        with here.signed_in(NAME, Role.ADMIN), here.anonymous() as http:
            assert http.post("/v1/sessions", json=sent).status_code == 201
            entered = come_back(http, it).json()
            _problem(http.post("/v1/sessions", json=sent), 401, "sign-in-refused")
        with here.showing(entered["token"]) as ana:
            new = {"old": PASSWORD, "new": "another horse, another battery"}
            _problem(ana.put("/v1/me/password", json=new), 409, "conflict")
            _problem(ana.post(f"/v1/people/{NAME}:invite", json={}), 409, "conflict")


def _problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem of an answer, of this kind."""
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"urn:tierwise:problem:{kind}"
    return problem
