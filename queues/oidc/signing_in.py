"""Signing in through a provider: there, and back with a session."""

from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import text

from engine.rules.suggestions import shown
from queues.access import Person
from queues.errors import NotFound, ProviderRefused, Unavailable
from queues.oidc import requests
from queues.oidc.naming import identity_of
from queues.oidc.provider import Provider
from queues.oidc.requests import Kept
from queues.people import Deed, Identities, SignedIn, Throttle, note
from queues.sections import Oidc
from queues.store.session import Store

_ANYBODY: Final = "anonymous"
_KIND: Final = "sign-in provider"
_NONE: Final = "oidc.issuer"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Somebody who is sent to the provider."""

    address: str
    browser: str
    """For their browser to keep, and to show when it is back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What somebody comes back with, as far as it is there."""

    state: str | None
    code: str | None
    error: str | None
    issuer: str | None
    browser: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSignIn:
    """The door for those who have an account at the provider."""

    store: Store
    given: Oidc
    provider: Provider
    identities: Identities
    throttle: Throttle

    def begin(self, *, address: str | None = None) -> Sent:
        """Send somebody to the provider.

        Args:
            address: Where they come from.

        Raises:
            NotFound: there is no provider in the settings.
            TooManyAttempts: somebody tries too often from there.
            Unavailable: the provider cannot be asked.
        """
        self._need_provider()
        with self.store.transaction() as connection:
            self.throttle.charge_address(connection, address)
            begun = requests.begin(connection, within=self.given.within)
        place = self.provider.address(state=begun.state, nonce=begun.nonce, verifier=begun.verifier)
        return Sent(address=place, browser=begun.browser)

    def finish(
        self, back: Back, *, address: str | None = None, instead_of: Person | None = None
    ) -> SignedIn:
        """Open a session for whoever comes back with a proof.

        Args:
            back: What they bring.
            address: Where they come from.
            instead_of: Whose session came along: if it is theirs, it ends.

        Raises:
            NotFound: there is no provider in the settings.
            ProviderRefused: it is no proof, or no open account is theirs.
            Conflict: by their groups nobody could manage people any more.
            Unavailable: the provider is away, or its answers make no sense.
        """
        self._need_provider()
        kept = self._kept(back)
        try:
            signed = self._entered(back, kept, address, instead_of)
        except ProviderRefused as refusal:
            _log.info("sign-in refused", provider=self.given.issuer, reason=str(refusal))
            with self.store.transaction() as connection:
                details = {"provider": self.given.issuer}
                note(connection, Deed.SESSION_REFUSED, None, by=_ANYBODY, details=details)
            raise
        except Unavailable as problem:
            _log.warning("sign-in failed", provider=self.given.issuer, reason=str(problem))
            raise
        with self.store.transaction() as connection:
            self.throttle.forgive_address(connection, address)
        return signed

    def close(self) -> None:
        """Let go of the connections."""
        self.provider.close()

    def _kept(self, back: Back) -> Kept:
        """What was kept of whoever is back, once; others leave nothing behind, not in the audit."""
        if back.state is None or back.browser is None:
            why = "this browser has begun no sign-in here; begin anew"
            raise ProviderRefused(why)
        with self.store.transaction() as connection:
            return requests.end(connection, state=back.state, browser=back.browser)

    def _entered(
        self, back: Back, kept: Kept, address: str | None, instead_of: Person | None
    ) -> SignedIn:
        self.provider.check_sender(back.issuer)
        if back.error is not None:
            why = f"the provider did not let you in (`{shown(back.error)}`)"
            raise ProviderRefused(why)
        if back.code is None:
            why = "the provider sent you back without a code"
            raise ProviderRefused(why)
        claims = self.provider.claims(back.code, verifier=kept.verifier, nonce=kept.nonce)
        identity = identity_of(claims, self.given)
        return self.identities.enter(identity, address=address, instead_of=instead_of)

    def _need_provider(self) -> None:
        if self.given.issuer is None:
            raise NotFound(_KIND, _NONE)


def seconds_of(store: Store) -> int:
    """Now, in seconds since 1970, by the clock of the database."""
    with store.read() as connection:
        question = text("SELECT floor(extract(epoch FROM now()))::bigint")
        seconds: int = connection.execute(question).scalar_one()
    return seconds
