"""Keys of a provider: read from it, and read again when it signs with one that is new."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from queues.errors import ProviderRefused
from queues.oidc.fetching import Fetching, failed

#: Signatures that are taken, and what kind of key makes each: none that anybody could make who
#: knows what is public, or the secret of the client.
ALGORITHMS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    **dict.fromkeys(("EdDSA", "Ed25519"), "OKP"),
}
UNTAKEN: Final = "the ID token is not signed by an algorithm that is taken here"
_UNLISTED: Final = "the ID token is signed with a key that the provider does not list"
#: Seconds after which keys are read again in any case: one that was taken back is gone then.
_LASTS: Final = 3_600.0
#: Bits of an RSA key.
_SHORTEST: Final = 2_048
#: Characters of base64url that its modulus takes.
_CHARACTERS: Final = 342

PublicKey = RSAKey | ECKey | OKPKey


class Keys:
    """The keys of a provider, for any thread."""

    def __init__(
        self, http: Fetching, *, after: float, timer: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing is read yet.

        Args:
            http: Reads them.
            after: Least seconds between two looks for new ones.
            timer: Seconds of a clock that never goes back.
        """
        self._http = http
        self._after = after
        self._timer = timer
        self._lock = threading.Lock()
        self._keys: Sequence[PublicKey] = ()
        self._read_at: float | None = None

    def find(self, place: str, algorithm: object, name: object) -> PublicKey:
        """The key of a signature.

        Args:
            place: Where the keys are.
            algorithm: As the header of the token names it.
            name: As well; None: it names none.

        Raises:
            ProviderRefused: no such key, or no algorithm that is taken.
            Unavailable: the keys cannot be read.
        """
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            raise ProviderRefused(UNTAKEN)
        found = self._match(self._current(place), algorithm, name)
        if found is None:
            found = self._match(self._renewed(place), algorithm, name)
        if found is None:
            raise ProviderRefused(_UNLISTED)
        return found

    def _current(self, place: str) -> Sequence[PublicKey]:
        with self._lock:
            if self._read_at is None or self._timer() - self._read_at >= _LASTS:
                self._read(place)
            return self._keys

    def _renewed(self, place: str) -> Sequence[PublicKey]:
        """What is there now, unless it was read a moment ago: names of keys can be made up."""
        with self._lock:
            if self._read_at is None or self._timer() - self._read_at >= self._after:
                self._read(place)
            return self._keys

    def _read(self, place: str) -> None:
        listed = self._http.get(place).get("keys")
        if not isinstance(listed, list):
            raise failed(place, "lists no keys")
        self._keys = [key for each in listed if (key := _usable(each)) is not None]
        self._read_at = self._timer()

    def _match(self, keys: Sequence[PublicKey], algorithm: str, name: object) -> PublicKey | None:
        kind = ALGORITHMS[algorithm]
        fits = [key for key in keys if key.key_type == kind and key.alg in {None, algorithm}]
        if name is None:
            # Only where there is no choice may a token leave its key unnamed.
            return fits[0] if len(fits) == 1 else None
        return next((key for key in fits if key.kid == name), None)


def _usable(listed: Any) -> PublicKey | None:  # noqa: ANN401 - whatever a provider lists
    """A key that signatures are looked at with; None: it is for something else, or none."""
    if not isinstance(listed, dict) or listed.get("use", "sig") != "sig" or _unfit(listed):
        return None
    try:
        key = import_key(listed)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if not isinstance(key, RSAKey | ECKey | OKPKey):
        return None
    if isinstance(key, RSAKey) and key.public_key.key_size < _SHORTEST:
        return None
    return key


def _unfit(listed: Mapping[str, Any]) -> bool:
    """Whether it is of another kind, or so short that the library would warn of it."""
    kind = listed.get("kty")
    short = kind == "RSA" and len(str(listed.get("n"))) < _CHARACTERS
    return short or kind not in ALGORITHMS.values()
