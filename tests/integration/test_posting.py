"""Messages go to the very addresses that were checked, and TLS is verified for the name."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

from queues.webhooks.addresses import Address, address_of
from queues.webhooks.courier.outcomes import Fate, Outcome
from queues.webhooks.courier.posting import Post
from queues.webhooks.destinations import parse
from tests.receivers import Receiver
from tests.waiting import until

CERTIFICATE = Path(__file__).with_name("certificates") / "receiver.pem"
HERE = (ip_network("127.0.0.1/32"),)

Resolve = Callable[[str, int], list[Address]]


def leads_to(*names: str) -> Resolve:
    """A resolver that knows the same addresses for every host."""
    addresses = [address for name in names if (address := address_of(name)) is not None]
    return lambda _, __: addresses


def post(
    *urls: str, resolve: Resolve, context: ssl.SSLContext | None = None, timeout: float = 5.0
) -> list[Outcome]:
    """Post to each address, one after the other."""

    async def send() -> list[Outcome]:
        async with Post(timeout=timeout, allowed=HERE, resolve=resolve, context=context) as post:
            return [await post.send(parse(url), {"x": "y"}, b"{}", now=0.0) for url in urls]

    return asyncio.run(send())


def test_only_checked_addresses_are_connected_to() -> None:
    """Of several addresses, those that are not permitted are passed over."""
    with Receiver() as receiver:
        url = f"http://receiver.test:{receiver.port}/"
        (mixed,) = post(url, resolve=leads_to("10.0.0.1", "127.0.0.2", "127.0.0.1"))
        (refused,) = post(url, resolve=leads_to("127.0.0.2", "10.0.0.1"))
    assert mixed.fate is Fate.DELIVERED
    assert refused.error == "`receiver.test` leads to 127.0.0.2, where deliveries may not go"
    assert len(receiver.received) == 1


def test_another_answer_of_the_resolver_gains_nothing() -> None:
    """A name is resolved once for a connection; what was checked is what is connected to."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])

    def rebinding(host: str, port: int) -> list[Address]:
        return leads_to(*next(answers))(host, port)

    with Receiver() as receiver:
        url = f"http://receiver.test:{receiver.port}/"
        (first,) = post(url, resolve=rebinding)
        (second,) = post(url, resolve=rebinding)
        assert next(answers), "asked once each time"
    assert [first.fate, second.fate] == [Fate.DELIVERED, Fate.FAILED]
    assert len(receiver.received) == 1


def test_a_connection_is_used_again() -> None:
    """Messages that follow one another need one connection, and so one look at its address."""
    asked: list[str] = []

    def counting(host: str, port: int) -> list[Address]:
        asked.append(host)
        return leads_to("127.0.0.1")(host, port)

    with Receiver() as receiver:
        outcomes = post(*[f"http://receiver.test:{receiver.port}/"] * 3, resolve=counting)
    assert [outcome.fate for outcome in outcomes] == [Fate.DELIVERED] * 3
    assert asked == ["receiver.test"]


def test_tls_is_verified_for_the_name() -> None:
    """The certificate has to be that of the host, although an address is connected to."""
    trusting = ssl.create_default_context(cafile=str(CERTIFICATE))
    with Receiver(certificate=CERTIFICATE) as receiver:
        here = leads_to("127.0.0.1")
        urls = [f"https://{host}.test:{receiver.port}/" for host in ("receiver", "other")]
        good, other = post(*urls, resolve=here, context=trusting)
        (unknown,) = post(urls[0], resolve=here)
    assert good.fate is Fate.DELIVERED
    assert "Hostname mismatch" in (other.error or "")
    assert "self-signed certificate" in (unknown.error or "")
    assert len(receiver.received) == 1


def test_a_resolver_that_hangs_is_a_failure_like_others() -> None:
    """It ends with the time of the attempt, and keeps nobody from ending."""
    released = threading.Event()
    begun = threading.Event()

    def hanging(_: str, __: int) -> list[Address]:
        begun.set()
        released.wait()
        return []

    (outcome,) = post("https://receiver.test/", resolve=hanging, timeout=0.1)
    assert outcome.error == "gave no answer within 0.1 s"
    until(begun.is_set)
    released.set()


def test_a_name_without_addresses() -> None:
    """Why it cannot be resolved is told."""

    def unknown(_: str, __: int) -> list[Address]:
        raise OSError(-2, "Name or service not known")

    (outcome,) = post("https://receiver.test/", resolve=unknown)
    assert outcome.error == "`receiver.test` cannot be resolved: Name or service not known"


def test_nobody_listens() -> None:
    """A receiver that is down is a failure with its reason, also after other addresses."""
    with Receiver() as receiver:
        url = f"http://receiver.test:{receiver.port}/"
    (outcome,) = post(url, resolve=leads_to("127.0.0.1"))
    assert (outcome.error or "").startswith("cannot be connected to")
