"""Settings of a sign-in provider are whole, and lead nowhere where others read along."""

from typing import Any

import pytest

from queues.access import Role
from queues.errors import InvalidSettings
from queues.sections import Rates
from queues.settings import load_settings

ISSUER = "https://login.example.org/realms/us"
GIVEN = {"issuer": ISSUER, "client_id": "tierwise"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        GIVEN,
        GIVEN | {"issuer": "http://127.0.0.1:8000"},
        GIVEN | {"issuer": "http://localhost:8000", "callback": "http://[::1]/x"},
        GIVEN | {"roles_claim": "groups", "roles": {"a b": "senior"}, "add_people": True},
    ],
)
def test_what_fits_together_is_taken(given: dict[str, Any]) -> None:
    """A provider on this machine needs no TLS."""
    assert load_settings(oidc=given).oidc.issuer == given.get("issuer")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"issuer": ISSUER}, "`issuer` needs a `client_id`"),
        (GIVEN | {"issuer": "http://login.example.org"}, "oidc.issuer: .* begins with https://"),
        (GIVEN | {"issuer": "login.example.org"}, "begins with https://"),
        (GIVEN | {"issuer": "https://"}, "begins with https://"),
        (GIVEN | {"issuer": f"{ISSUER}?x=1"}, "begins with https://"),
        (GIVEN | {"issuer": "http://127.0.0.1.example.org"}, "begins with https://"),
        (GIVEN | {"callback": "http://moderation.example.org/"}, "oidc.callback"),
        (GIVEN | {"scopes": ["email"]}, "`scopes` needs `openid`"),
        (GIVEN | {"roles_claim": "groups"}, "need each other"),
        (GIVEN | {"roles": {"a": "senior"}}, "need each other"),
        (GIVEN | {"roles_claim": "groups", "roles": {"a": "boss"}}, "oidc.roles.a"),
        (GIVEN | {"add_people": True}, "`add_people` needs `roles_claim`"),
        (GIVEN | {"tolerance": 601}, "oidc.tolerance"),
        (GIVEN | {"clock": 1}, "no such setting"),
    ],
)
def test_what_does_not_is_told(given: dict[str, Any], told: str) -> None:
    """With the name of the setting, before anything starts."""
    with pytest.raises(InvalidSettings, match=told):
        load_settings(oidc=given)


def test_roles_in_settings_are_those_there_are() -> None:
    """Each can be that of a group, and each has a rate."""
    roles = {role.value: role.value for role in Role}
    given = GIVEN | {"roles_claim": "groups", "roles": roles}
    assert load_settings(oidc=given).oidc.roles == roles
    assert set(Rates.model_fields) - {"occupancy", "platform_per_day"} == set(roles)
