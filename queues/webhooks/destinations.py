"""Where a delivery goes: the address of a receiver, taken apart in one way only."""

import re
import socket
from dataclasses import dataclass
from typing import Final

import httpx

from queues.errors import Refused
from queues.webhooks.addresses import Address, address_of

#: Longest address of a receiver, in characters.
LONGEST: Final = 2_000

_FIELD: Final = "url"
_NAME: Final = re.compile(
    r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_PORTS: Final = {"https": 443, "http": 80}
_LAST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A receiver's address, taken apart."""

    url: str
    """In its normal form: small letters in the host, international names encoded."""
    scheme: str
    """`https` or `http`."""
    host: str
    port: int
    path: str
    """With the query."""

    @property
    def authority(self) -> str:
        """As the `Host` header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def encrypted(self) -> bool:
        """Whether it speaks TLS."""
        return self.scheme == "https"


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
            scheme=parts.scheme,
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
