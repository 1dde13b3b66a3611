"""Where a delivery goes, and which addresses it may be sent to."""

import re
import socket
from dataclasses import dataclass
from typing import Final

import httpx

from queues.addresses import Address, Network, address_of, is_public, lies_in
from queues.errors import Refused

#: Longest address of a receiver, in characters.
LONGEST: Final = 2_000

_FIELD: Final = "url"
_NAME: Final = re.compile(
    r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?"
)
_PORTS: Final = {"https": 443, "http": 80}
_LAST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A receiver's address, taken apart."""

    url: str
    """In its normal form: small letters in the host, international names encoded."""
    encrypted: bool
    host: str
    port: int
    path: str
    """With the query."""

    def permits(self, address: Address, allowed: tuple[Network, ...]) -> bool:
        """Whether it may be connected to there: public over TLS, or in a network that is allowed.

        Without encryption nothing goes further than the networks that are allowed.
        """
        return lies_in(address, allowed) or (self.encrypted and is_public(address))


def parse(url: str) -> Destination:
    """Take an address apart.

    Raises:
        Refused: it is no `https://` or `http://` address of a host, or says more than that.
    """
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Refused(_FIELD, f"is no address: {error}") from error
    host = parts.raw_host.decode("ascii").lower()
    port = _PORTS.get(parts.scheme) if parts.port is None else parts.port
    if len(url) > LONGEST:
        reason = f"is longer than {LONGEST} characters"
    elif port is None or parts.scheme not in _PORTS:
        reason = "begins with neither https:// nor http://"
    elif parts.userinfo or parts.fragment:
        reason = "holds a user, a password or a fragment; deliveries are signed instead"
    elif not _NAME.fullmatch(host) and (address_of(host) is None or "%" in host):
        reason = "names no host"
    elif not 0 < port <= _LAST_PORT:
        reason = "has an impossible port"
    else:
        return Destination(
            url=str(parts),
            encrypted=parts.scheme == "https",
            host=host,
            port=port,
            path=parts.raw_path.decode("ascii"),
        )
    raise Refused(_FIELD, reason)


def resolve(host: str, port: int) -> list[Address]:
    """The addresses of a host, in the order in which the system prefers them.

    Raises:
        OSError: its name is not known, or nobody could be asked.
    """
    literal = address_of(host)
    if literal is not None:
        return [literal]
    # As bytes: for text the library would encode names by an older standard.
    found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    known = (address_of(str(address[0])) for *_, address in found)
    return list(dict.fromkeys(address for address in known if address is not None))
