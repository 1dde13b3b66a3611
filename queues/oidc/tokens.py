"""ID tokens: who signed one, for whom, how long it is good, and what it answers."""

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256, sha384, sha512
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import (
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jws import JWSRegistry

from queues.errors import ProviderRefused
from queues.oidc.keys import ALGORITHMS, UNTAKEN, PublicKey

#: What it is hashed with, by how the token is signed.
_HASHES: Final = {"256": sha256, "384": sha384, "512": sha512}
#: Headers that nobody knows are passed over, as RFC 7515 has it; `crit` is obeyed all the same.
_REGISTRY: Final = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
_LONGEST_SUBJECT: Final = 255
_SUBJECT: Final = "sub"
_PARTY: Final = "azp"
_UNSIGNED: Final = "its signature does not fit, or it cannot be read"
_OTHER_REQUEST: Final = "it answers another request (`nonce`)"
_OTHER_ACCESS: Final = "it belongs to another access token (`at_hash`)"
_EXPIRED: Final = "it has expired"

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token has to say."""

    issuer: str
    audience: str
    nonce: str
    """The one that was sent along with the browser it is an answer to."""
    at: int
    """Now, in seconds since 1970."""
    tolerance: int
    """Seconds that its clock may differ."""


def verified(
    token: str,
    find: Callable[[object, object], PublicKey],
    expected: Expected,
    *,
    access_token: str | None,
) -> Claims:
    """What an ID token says, once it is proven (OpenID Connect Core 1.0, 3.1.3.7).

    Args:
        token: In the compact form of RFC 7515.
        find: The key for an algorithm and a name of a key, as the header has them.
        expected: What it has to say.
        access_token: The one that came along; if the ID token tells its hash, it has to fit.

    Raises:
        ProviderRefused: any of it is otherwise.
        Unavailable: keys could not be read.
    """
    try:
        read = jwt.decode(
            token,
            lambda signed: find(signed.headers().get("alg"), signed.headers().get("kid")),
            registry=_REGISTRY,
        )
    except UnsupportedAlgorithmError as error:
        raise ProviderRefused(UNTAKEN) from error
    except (JoseError, ValueError, TypeError) as error:
        raise _refused(_UNSIGNED) from error
    claims: dict[str, Any] = read.claims
    _check(claims, expected)
    _check_audience(claims, expected.audience)
    if not hmac.compare_digest(str(claims["nonce"]).encode(), expected.nonce.encode()):
        raise _refused(_OTHER_REQUEST)
    if "at_hash" in claims and access_token is not None:
        wanted = _half_hash(str(read.header["alg"]), access_token)
        if not hmac.compare_digest(str(claims["at_hash"]).encode(), wanted):
            raise _refused(_OTHER_ACCESS)
    return claims


def _check(claims: dict[str, Any], expected: Expected) -> None:
    registry = jwt.JWTClaimsRegistry(
        now=expected.at,
        leeway=expected.tolerance,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.audience},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True},
    )
    try:
        registry.validate(claims)
    except ExpiredTokenError as error:
        raise _refused(_EXPIRED) from error
    except MissingClaimError as error:
        raise _wrong(error.claim, "is missing") from error
    except InvalidClaimError as error:
        raise _wrong(error.claim) from error
    if len(claims["sub"]) > _LONGEST_SUBJECT:
        raise _wrong(_SUBJECT)


def _check_audience(claims: Claims, audience: str) -> None:
    """Whoever else it is for, it was asked for by us."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else audience) != audience:
        raise _wrong(_PARTY)


def _half_hash(algorithm: str, access_token: str) -> bytes:
    # Ed25519 hashes with SHA-512 itself.
    digest = _HASHES.get(algorithm[-3:], sha512)(access_token.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")


def _refused(why: str) -> ProviderRefused:
    return ProviderRefused(f"the ID token is refused: {why}")


def _wrong(claim: str, how: str = "is not as it has to be") -> ProviderRefused:
    return _refused(f"its `{claim}` {how}")
