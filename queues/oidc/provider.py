"""A provider of OpenID Connect: people are sent there, and what they bring back is redeemed."""

import hashlib
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from engine.rules.suggestions import shown
from queues.errors import ProviderRefused
from queues.oidc.discovery import Metadata, discover
from queues.oidc.fetching import Fetching, failed
from queues.oidc.keys import Keys
from queues.oidc.tokens import Claims, Expected, verified
from queues.sections import Oidc

#: Seconds after which a provider is asked again where it does what.
_LASTS: Final = 3_600.0
#: Requests to it at once: whoever comes then has to come again, as threads are for others too.
_AT_ONCE: Final = 8


class Provider:
    """The provider of the settings, for any thread; nobody is asked before somebody signs in."""

    def __init__(
        self,
        given: Oidc,
        callback: str,
        *,
        now: Callable[[], int],
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            given: The settings; they name an issuer.
            callback: Where it sends people back.
            now: Seconds since 1970, by the clock of the database.
            timer: Seconds of a clock that never goes back.
        """
        self._given = given
        self._callback = callback
        self._now = now
        self._timer = timer
        self._http = Fetching(given.timeout)
        self._keys = Keys(self._http, after=given.keys_after, timer=timer)
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._known: tuple[float, Metadata] | None = None

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        return str(self._given.issuer)

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where somebody signs in: to be sent there with all that has to come back.

        Args:
            state: Comes back with them.
            nonce: Comes back in the ID token.
            verifier: Shown when the code is redeemed; only its hash is sent along (PKCE).

        Raises:
            Unavailable: the provider cannot be asked where that is.
        """
        with self._turn():
            place = self._metadata().authorization
        hashed = hashlib.sha256(verifier.encode("ascii")).digest()
        asked = {
            "response_type": "code",
            "client_id": str(self._given.client_id),
            "redirect_uri": self._callback,
            "scope": " ".join(self._given.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": urlsafe_b64encode(hashed).rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
        }
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    def check_sender(self, named: str | None) -> None:
        """Refuse somebody whom another provider sent (RFC 9207); raises ProviderRefused."""
        with self._turn():
            allowed = {self.issuer} if self._metadata().names_itself else {self.issuer, None}
        if named not in allowed:
            why = "another provider sent you here (`iss`)"
            raise ProviderRefused(why)

    def claims(self, code: str, *, verifier: str, nonce: str) -> Claims:
        """What is proven of whoever brought a code.

        Raises:
            ProviderRefused: the code is not good (any more), or its ID token is not what it has to
                be.
            Unavailable: the provider is away, or its answers make no sense.
        """
        with self._turn():
            metadata = self._metadata()
            said = self._redeemed(metadata, code, verifier)
            token, access_token = said.get("id_token"), said.get("access_token")
            if not isinstance(token, str):
                raise failed(metadata.token, "answers a code without an ID token")
            expected = Expected(
                issuer=self.issuer,
                audience=str(self._given.client_id),
                nonce=nonce,
                at=self._now(),
                tolerance=round(self._given.tolerance),
            )
            claims = verified(
                token,
                lambda algorithm, name: self._keys.find(metadata.keys, algorithm, name),
                expected,
                access_token=access_token if isinstance(access_token, str) else None,
            )
            return self._completed(metadata, claims, access_token)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _metadata(self) -> Metadata:
        known, now = self._known, self._timer()
        if known is None or now - known[0] >= _LASTS:
            known = self._known = (now, discover(self._http, self.issuer))
        return known[1]

    def _redeemed(self, metadata: Metadata, code: str, verifier: str) -> Mapping[str, Any]:
        """What the provider gives for a code."""
        client, secret = str(self._given.client_id), self._given.client_secret
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._callback,
            "code_verifier": verifier,
        }
        basic = None
        if secret is not None and not metadata.secret_in_form:
            # As a form would have them, says RFC 6749.
            basic = quote_plus(client), quote_plus(secret.get_secret_value())
        else:
            form["client_id"] = client
            if secret is not None:
                form["client_secret"] = secret.get_secret_value()
        answer = self._http.post(metadata.token, form, basic=basic)
        if answer.status == HTTPStatus.OK:
            return answer.said
        error = shown(str(answer.said.get("error", answer.status)))
        if error == "invalid_grant":
            why = "the provider does not take the code any more; sign in again"
            raise ProviderRefused(why)
        raise failed(metadata.token, f"refuses this service (`{error}`)")

    def _completed(
        self, metadata: Metadata, claims: Claims, access_token: object
    ) -> Mapping[str, Any]:
        """Claims with those that the provider tells at an address of their own."""
        wanted = {self._given.name_claim, self._given.roles_claim} - {None}
        place = metadata.userinfo
        if wanted <= claims.keys() or place is None or not isinstance(access_token, str):
            return claims
        told = self._http.get(place, token=access_token)
        if told.get("sub") != claims["sub"]:
            why = "the provider tells of somebody else than the ID token (`sub`)"
            raise ProviderRefused(why)
        # What is signed beats what is told.
        return {**told, **claims}

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise failed(None, "too many people sign in at once")
        try:
            yield
        finally:
            self._room.release()
