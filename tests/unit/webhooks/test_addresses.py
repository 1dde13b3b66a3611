"""Deliveries go to public addresses, and to networks that are allowed."""

from ipaddress import ip_network

import pytest

from queues.webhooks.addresses import address_of, is_public, lies_in, permits

PUBLIC = """
    8.8.8.8 1.1.1.1 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.167.255.255
    192.169.0.0 169.253.255.255 223.255.255.255 2606:4700::1111 2a00:1450:4001::1
    ::ffff:8.8.8.8
"""
NOT_PUBLIC = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.9.9.9
    169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.9 192.0.2.1 192.88.99.1
    192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe
    ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1
    2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1
    fe80::1%1 fec0::1 ff02::1 ff0e::1
"""


@pytest.mark.parametrize("name", PUBLIC.split())
def test_public_addresses(name: str) -> None:
    """What the internet routes may be connected to, up to the edge of what it does not."""
    address = address_of(name)
    assert address is not None
    assert is_public(address)


@pytest.mark.parametrize("name", NOT_PUBLIC.split())
def test_all_other_addresses(name: str) -> None:
    """Private, local, shared, embedded, reserved: none of them is public in any spelling."""
    address = address_of(name)
    assert address is not None
    assert not is_public(address)


@pytest.mark.parametrize("name", ["localhost", "127.1", "0x7f000001", "2130706433", "010.0.0.1"])
def test_other_spellings_are_names(name: str) -> None:
    """What some systems read as an address is resolved first, and the answer is looked at."""
    assert address_of(name) is None


def test_allowed_networks() -> None:
    """A network covers its addresses, however they are written, and those of its kind alone."""
    networks = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]
    found = {
        name: lies_in(address, networks)
        for name in ("10.1.2.3", "::ffff:10.1.2.3", "10.2.0.1", "fd00::1", "::1")
        if (address := address_of(name)) is not None
    }
    assert found == {
        "10.1.2.3": True,
        "::ffff:10.1.2.3": True,
        "10.2.0.1": False,
        "fd00::1": True,
        "::1": False,
    }


@pytest.mark.parametrize(
    ("name", "encrypted", "permitted"),
    [
        ("8.8.8.8", True, True),
        ("10.0.0.1", True, False),
        ("10.1.0.1", True, True),
        ("8.8.8.8", False, False),
        ("10.1.0.1", False, True),
        ("10.0.0.1", False, False),
    ],
)
def test_where_a_delivery_may_go(name: str, *, encrypted: bool, permitted: bool) -> None:
    """Encrypted to the public, or at all into networks that are allowed."""
    address = address_of(name)
    assert address is not None
    allowed = [ip_network("10.1.0.0/16")]
    assert permits(address, encrypted=encrypted, allowed=allowed) is permitted
