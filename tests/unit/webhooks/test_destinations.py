"""Addresses of receivers are taken apart in one way only."""

import pytest

from queues.errors import Refused
from queues.webhooks.destinations import LONGEST, parse, resolve


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
        ("https://example.org./", "names no host"),
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


def test_hosts_are_named_as_http_asks() -> None:
    """The usual port is left out, and addresses of version 6 stand in brackets."""
    named = {
        "https://example.org:443/": "example.org",
        "https://example.org:80/": "example.org:80",
        "http://[fd00::1]:8080/": "[fd00::1]:8080",
        "http://[fd00::1]/": "[fd00::1]",
    }
    assert {url: parse(url).authority for url in named} == named


def test_written_addresses_need_no_resolver() -> None:
    """An address is itself, also within one of version 6."""
    assert [str(found) for found in resolve("::ffff:10.0.0.1", 443)] == ["10.0.0.1"]
