"""Addresses of receivers are taken apart in one way only."""

from ipaddress import ip_network

import pytest

from queues.addresses import address_of
from queues.destinations import LONGEST, parse, resolve
from queues.errors import Refused


def test_the_parts_of_an_address() -> None:
    """Host, port and path are what will be connected to and asked for."""
    destination = parse("HTTPS://Hooks.Exämple.org/in/../take?key=ü")
    assert destination.url == "https://hooks.xn--exmple-cua.org/take?key=%C3%BC"
    assert destination.host == "hooks.xn--exmple-cua.org"
    assert (destination.port, destination.path) == (443, "/take?key=%C3%BC")
    assert destination.encrypted
    plain = parse("http://[fd00::1]:8080")
    assert (plain.host, plain.port, plain.path) == ("fd00::1", 8080, "/")
    assert not plain.encrypted


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "neither"),
        ("//example.org/", "neither"),
        ("file:///etc/passwd", "neither"),
        ("https://user:word@example.org/", "signed instead"),
        ("https://example.org\\@10.0.0.1/", "signed instead"),
        ("https://example.org/#part", "signed instead"),
        ("https:///path", "names no host"),
        ("https://a..b/", "names no host"),
        ("https://exa mple.org/", "names no host"),
        (f"https://{'a' * 64}.org/", "names no host"),
        ("https://[fe80::1%25eth0]/", "names no host"),
        ("https://example.org:0/", "port"),
        ("https://example.org:65536/", "port"),
        ("https://①②⑦.0.0.1/", "is no address"),
        ("https://example.org/\n", "is no address"),
        (f"https://example.org/{'a' * LONGEST}", "longer"),
    ],
)
def test_what_is_no_address_of_a_receiver(url: str, reason: str) -> None:
    """Each is refused, with the reason."""
    with pytest.raises(Refused, match=reason):
        parse(url)


@pytest.mark.parametrize(
    ("url", "address", "permitted"),
    [
        ("https://example.org", "8.8.8.8", True),
        ("https://example.org", "10.0.0.1", False),
        ("https://example.org", "10.1.0.1", True),
        ("http://example.org", "8.8.8.8", False),
        ("http://example.org", "10.1.0.1", True),
        ("http://example.org", "10.0.0.1", False),
    ],
)
def test_where_a_delivery_may_go(url: str, address: str, *, permitted: bool) -> None:
    """Encrypted to the public, or at all into networks that are allowed."""
    found = address_of(address)
    assert found is not None
    assert parse(url).permits(found, (ip_network("10.1.0.0/16"),)) is permitted


def test_written_addresses_need_no_resolver() -> None:
    """An address is itself, also within one of version 6."""
    assert [str(found) for found in resolve("::ffff:10.0.0.1", 443)] == ["10.0.0.1"]
