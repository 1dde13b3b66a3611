"""The way in through a provider, on the database of a test."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from queues.oidc import Back, Provider, ProviderSignIn, seconds_of
from queues.people import Identities, SignedIn
from queues.sections import Oidc
from tests.integration.providers import (
    CLIENT,
    SECRET,
)
from tests.integration.staff import Staff

NAME: Final = "ana@example.org"
HERE: Final = "http://127.0.0.1:1/v1/sessions/oidc/callback"


class Gate:
    """The way in through a provider, on the database of a test."""

    def __init__(self, staff: Staff, issuer: str, **settings: Any) -> None:  # noqa: ANN401 - as the fields
        self.now = 0.0
        self.given = Oidc(
            **{"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET} | settings
        )
        self.provider = Provider(
            self.given, HERE, now=lambda: seconds_of(staff.store), timer=lambda: self.now
        )
        self.door = ProviderSignIn(
            store=staff.store,
            given=self.given,
            provider=self.provider,
            identities=Identities(
                store=staff.store,
                accounts=staff.accounts,
                lasts=3_600,
                add_people=self.given.add_people,
            ),
            throttle=staff.throttle,
        )

    def enter(self, consent: Callable[[str], str]) -> SignedIn:
        """Somebody goes to the provider, and comes back."""
        sent = self.door.begin()
        return self.door.finish(back_from(consent(sent.address), sent.browser))


def back_from(location: str, browser: str | None) -> Back:
    """What somebody comes back with."""
    assert location.startswith(HERE)
    said = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    return Back(
        state=said.get("state"),
        code=said.get("code"),
        error=said.get("error"),
        issuer=said.get("iss"),
        browser=browser,
    )
