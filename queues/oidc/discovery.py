"""What a provider says of itself (OpenID Connect Discovery 1.0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from queues.oidc.fetching import Fetching, failed

_PLACE: Final = "/.well-known/openid-configuration"
_BASIC: Final = "client_secret_basic"
_POST: Final = "client_secret_post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Where a provider does what."""

    authorization: str
    """People are sent there."""
    token: str
    """Codes are redeemed there."""
    keys: str
    userinfo: str | None
    """More claims; None: all of them are in ID tokens."""
    secret_in_form: bool
    """Whether our secret belongs into the form, as it takes it in no header."""
    names_itself: bool
    """Whether it says who it is when it sends people back (RFC 9207)."""


def discover(http: Fetching, issuer: str) -> Metadata:
    """Read the document of a provider.

    Raises:
        Unavailable: it cannot be read, is of somebody else, or leads to where others read along.
    """
    place = issuer.rstrip("/") + _PLACE
    said = http.get(place)
    if said.get("issuer") != issuer:
        raise failed(place, "calls itself by another name than the one in the settings")
    ways = said.get("token_endpoint_auth_methods_supported", [_BASIC])
    return Metadata(
        authorization=_address(said, "authorization_endpoint", issuer),
        token=_address(said, "token_endpoint", issuer),
        keys=_address(said, "jwks_uri", issuer),
        userinfo=(
            _address(said, "userinfo_endpoint", issuer) if "userinfo_endpoint" in said else None
        ),
        secret_in_form=isinstance(ways, list) and _BASIC not in ways and _POST in ways,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(said: Mapping[str, Any], name: str, issuer: str) -> str:
    """An address in the document, as safe as that of the provider."""
    found = said.get(name)
    if not isinstance(found, str):
        raise failed(issuer, f"does not say its `{name}`")
    try:
        parts = urlsplit(found)
    except ValueError as error:
        raise failed(found, f"says no address as its `{name}`") from error
    allowed = {"https", urlsplit(issuer).scheme}
    if parts.scheme not in allowed or not parts.hostname or parts.fragment:
        raise failed(found, f"says an unsafe address as its `{name}`")
    return found
