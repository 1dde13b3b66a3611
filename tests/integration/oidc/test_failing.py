"""Providers that are away, slow or make no sense are named, and nobody is let in."""

from collections.abc import Callable
from typing import Any

import pytest

from queues.errors import (
    NotFound,
    Unavailable,
)
from queues.oidc import Back, ProviderSignIn
from queues.sections import Oidc
from tests.integration.gates import NAME, Gate
from tests.integration.providers import (
    Liar,
    silent,
)
from tests.integration.staff import Staff


@pytest.mark.parametrize(
    ("place", "answer", "told"),
    [
        ("/.well-known/openid-configuration", (500, {}, b""), "answers 500"),
        ("/.well-known/openid-configuration", (200, {}, b"<html>"), "without JSON"),
        ("/.well-known/openid-configuration", (200, {}, b"[]"), "without an object"),
        ("/.well-known/openid-configuration", (200, {}, b"{}"), "by another name"),
        ("/token", (500, {}, b"{}"), "refuses this service"),
        ("/token", (200, {}, b"{}"), "without an ID token"),
        ("/token", (400, {}, b'{"error": "invalid_client"}'), "`invalid_client`"),
        ("/token", (200, {}, b"x" * 1_048_577), "more than 1,048,576 bytes"),
        ("/keys", (404, {}, b"{}"), "answers 404"),
        ("/keys", (200, {}, b"{}"), "lists no keys"),
        *(
            (place, (status, {"location": "/elsewhere"}, b"{}"), "sends our request on")
            for place in ("/.well-known/openid-configuration", "/token", "/keys")
            for status in (302, 307)
        ),
    ],
)
def test_a_provider_that_fails_is_named(
    staff: Staff,
    it: Liar,
    gate: Gate,
    place: str,
    answer: tuple[int, dict[str, str], bytes],
    told: str,
) -> None:
    """Without its addresses; nobody is asked in its place, and once it works people come in."""
    staff.add(NAME)
    it.answers = {place: answer}
    with pytest.raises(Unavailable, match=told) as failed:
        gate.enter(it.consent)
    assert failed.value.part == "sign-in provider"
    assert it.issuer not in failed.value.told
    assert it.asked["/elsewhere"] == 0
    it.answers = {}
    assert gate.enter(it.consent).account.name == NAME


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"issuer": "https://login.example.org"}, "by another name"),
        ({"token_endpoint": None}, "does not say its `token_endpoint`"),
        ({"jwks_uri": "file:///etc/passwd"}, "unsafe address as its `jwks_uri`"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "unsafe address"),
        ({"userinfo_endpoint": "https://[x/"}, "no address as its `userinfo_endpoint`"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused(
    it: Liar, gate: Gate, said: dict[str, Any], told: str
) -> None:
    """Before anybody is sent there."""
    it.discovery = said
    with pytest.raises(Unavailable, match=told):
        gate.door.begin()


def test_a_provider_that_is_silent_is_not_waited_for(staff: Staff) -> None:
    """Longer than the settings say; one that is not there neither."""
    with silent() as issuer:
        gate = Gate(staff, issuer, timeout=0.2)
        with pytest.raises(Unavailable, match="away or too slow"):
            gate.door.begin()
        gate.door.close()


def test_a_secret_goes_where_the_provider_takes_it(
    staff: Staff, it: Liar, gates: Callable[..., Gate]
) -> None:
    """In a header, or in the form; and none at all where there is none."""
    staff.add(NAME)
    assert gates().enter(it.consent).account.name == NAME
    it.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert gates().enter(it.consent).account.name == NAME
    with pytest.raises(Unavailable, match="`invalid_client`"):
        gates(client_secret="wrong").enter(it.consent)  # noqa: S106 - a test
    with pytest.raises(Unavailable, match="`invalid_client`"):
        gates(client_secret=None).enter(it.consent)


def test_without_a_provider_there_is_no_such_way(staff: Staff) -> None:
    """Neither there nor back."""
    gate = Gate(staff, "https://login.example.org")
    door = ProviderSignIn(
        store=staff.store,
        given=Oidc(),
        provider=gate.provider,
        identities=gate.door.identities,
        throttle=staff.throttle,
    )
    back = Back(state="x", code="x", error=None, issuer=None, browser="x")
    with pytest.raises(NotFound):
        door.begin()
    with pytest.raises(NotFound):
        door.finish(back)
    gate.door.close()
