"""Says which addresses outside may be connected to: public ones, and networks that are allowed.

Whoever registers a receiver chooses where this machine connects to. It must not be its own
network: databases, metadata services, other people's machines (server-side request forgery).
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: What the internet routes in version 6; all else is local, embeds version 4, or is not given out.
_ROUTED: Final = IPv6Network("2000::/3")
#: Refused whatever the installed Python calls global (registries of IANA for special addresses).
_SPECIAL: Final = (
    IPv4Network("0.0.0.0/8"),  # this network
    IPv4Network("10.0.0.0/8"),  # private
    IPv4Network("100.64.0.0/10"),  # between carriers and customers
    IPv4Network("127.0.0.0/8"),  # loopback
    IPv4Network("169.254.0.0/16"),  # link-local, metadata of clouds
    IPv4Network("172.16.0.0/12"),  # private
    IPv4Network("192.0.0.0/24"),  # protocols
    IPv4Network("192.0.2.0/24"),  # documentation
    IPv4Network("192.88.99.0/24"),  # relays from version 6, given up
    IPv4Network("192.168.0.0/16"),  # private
    IPv4Network("198.18.0.0/15"),  # benchmarks
    IPv4Network("198.51.100.0/24"),  # documentation
    IPv4Network("203.0.113.0/24"),  # documentation
    IPv4Network("224.0.0.0/4"),  # multicast
    IPv4Network("240.0.0.0/4"),  # reserved, and broadcast
    IPv6Network("2001::/23"),  # protocols, Teredo
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # version 4 embedded (6to4)
    IPv6Network("3fff::/20"),  # documentation
)


def address_of(name: str) -> Address | None:
    """The address that is written so, or None for the name of a host.

    An address of version 4 within one of version 6 (`::ffff:192.0.2.1`) is one of version 4.
    """
    try:
        address = ip_address(name)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_public(address: Address) -> bool:
    """Whether the internet routes it to one machine."""
    if isinstance(address, IPv6Address) and address not in _ROUTED:
        return False
    return not lies_in(address, _SPECIAL) and not address.is_multicast and not address.is_private


def permits(address: Address, *, encrypted: bool, allowed: Iterable[Network]) -> bool:
    """Whether deliveries may go there: public over TLS, or in a network that is allowed.

    Without encryption nothing goes further than the networks that are allowed.
    """
    return lies_in(address, allowed) or (encrypted and is_public(address))


def lies_in(address: Address, networks: Iterable[Network]) -> bool:
    """Whether it lies in one of these networks."""
    return any(address in network for network in networks)
