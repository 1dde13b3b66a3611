"""Signs what is sent to receivers, by the Standard Webhooks specification 1.0.0.

Receivers can verify with any library of that standard, or with the lines in `courier/README.md`.
"""

import base64
import binascii
import hmac
import secrets as randomness
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from engine.errors import TierwiseError

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"

_PREFIX: Final = "whsec_"
_VERSION: Final = "v1"
_HASH: Final = "sha256"
#: The specification asks for 24 to 64.
_SECRET_BYTES: Final = 32


class Flaw(StrEnum):
    """What is wrong with a signature."""

    #: One of the three headers is missing or empty.
    NO_HEADER = "a header is missing"
    #: The timestamp is not written in digits.
    NO_TIMESTAMP = "the timestamp is no number"
    #: Too old, perhaps sent again by somebody else, or from the future.
    NOT_NOW = "the timestamp is too far from now"
    #: Body, id or timestamp were changed, or the secret is another.
    NO_MATCH = "no signature fits"
    #: What the receiver holds is damaged.
    UNREADABLE_KEY = "the secret is not base64"


class InvalidSignature(TierwiseError):
    """A delivery was not signed with a secret that is known, or not just now."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw

    def __str__(self) -> str:
        return self.flaw.value


def new_secret() -> str:
    """A secret of 256 random bits: `whsec_` and base64."""
    return _PREFIX + base64.b64encode(randomness.token_bytes(_SECRET_BYTES)).decode()


def sign(secrets: Iterable[str], *, identity: str, timestamp: int, body: bytes) -> str:
    """The signature header: one signature for each secret, so that any of them verifies.

    Args:
        secrets: All that are valid, each `whsec_…` or plain base64.
        identity: Of the event, the same for every attempt; no dots.
        timestamp: Of the attempt, in seconds since 1970 UTC.
        body: The very bytes that are sent.
    """
    content = b"%s.%d.%s" % (identity.encode(), timestamp, body)
    return " ".join(f"{_VERSION},{_signature(secret, content)}" for secret in secrets)


def verify(
    secrets: Iterable[str],
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float,
    tolerance: float = 300.0,
) -> None:
    """Check a delivery as a receiver does.

    Args:
        secrets: Those the receiver holds; one that fits is enough.
        headers: Of the request, names in small letters or looked up in any case.
        body: The very bytes that came.
        now: Seconds since 1970 UTC.
        tolerance: Seconds the timestamp may be away from now, either way.

    Raises:
        InvalidSignature: for one of the reasons in `Flaw`.
    """
    identity, timestamp, given = (_header(headers, name) for name in (ID, TIMESTAMP, SIGNATURE))
    if not timestamp.isascii() or not timestamp.isdigit():
        raise InvalidSignature(Flaw.NO_TIMESTAMP)
    if abs(now - int(timestamp)) > tolerance:
        raise InvalidSignature(Flaw.NOT_NOW)
    expected = sign(secrets, identity=identity, timestamp=int(timestamp), body=body).split()
    # Every pair is compared, so that the time taken tells nothing.
    fits = [
        hmac.compare_digest(one.encode(), other.encode())
        for one in expected
        for other in given.split()
    ]
    if not any(fits):
        raise InvalidSignature(Flaw.NO_MATCH)


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise InvalidSignature(Flaw.NO_HEADER)
    return value


def _signature(secret: str, content: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise InvalidSignature(Flaw.UNREADABLE_KEY) from error
    return base64.b64encode(hmac.digest(key, content, _HASH)).decode()
