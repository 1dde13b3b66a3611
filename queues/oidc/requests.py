"""People on their way through a provider: each is let back in once, with the same browser."""

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from queues.access import digest_of
from queues.errors import ProviderRefused

_BYTES: Final = 32
_UNKNOWN: Final = "this browser has begun no such sign-in, or it took too long; begin anew"

_SWEEP: Final = text("DELETE FROM oidc_requests WHERE expires_at < now()")
_BEGIN: Final = text("""
INSERT INTO oidc_requests (state, browser, nonce, verifier, expires_at)
VALUES (:state, :browser, :nonce, :verifier, now() + :within * interval '1 second')
""")
_END: Final = text("""
DELETE FROM oidc_requests WHERE state = :state AND browser = :browser
RETURNING nonce, verifier, expires_at > now() AS lasts
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in that has begun."""

    state: str
    """Goes to the provider, and comes back."""
    browser: str
    """Stays with the browser, and is shown when it comes back."""
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was kept here meanwhile."""

    nonce: str
    verifier: str


def begin(connection: Connection, *, within: float) -> Begun:
    """Remember that somebody is on their way.

    Args:
        connection: Of a transaction.
        within: Seconds that they have.
    """
    begun = Begun(state=_new(), browser=_new(), nonce=_new(), verifier=_new())
    connection.execute(_SWEEP)
    given = {
        "state": digest_of(begun.state),
        "browser": digest_of(begun.browser),
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "within": within,
    }
    connection.execute(_BEGIN, given)
    return begun


def end(connection: Connection, *, state: str, browser: str) -> Kept:
    """Somebody is back, once.

    Args:
        connection: Of a transaction of its own: committed before anything is made of it.
        state: As it came with them.
        browser: As their browser shows it.

    Raises:
        ProviderRefused: nobody is on their way with this state in this browser.
    """
    given = {"state": digest_of(state), "browser": digest_of(browser)}
    row = connection.execute(_END, given).one_or_none()
    if row is None or not row.lasts:
        raise ProviderRefused(_UNKNOWN)
    return Kept(nonce=row.nonce, verifier=row.verifier)


def _new() -> str:
    return secrets.token_urlsafe(_BYTES)
