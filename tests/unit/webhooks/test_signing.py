"""Signatures are those of Standard Webhooks, and nothing else passes for one."""

import base64

import pytest

from queues.webhooks.signing import Flaw, InvalidSignature, new_secret, sign, verify

# The vector in the reference libraries of the specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - published
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = 1_614_265_330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HEADERS = {
    "webhook-id": ID,
    "webhook-timestamp": str(TIMESTAMP),
    "webhook-signature": SIGNATURE,
}


def test_the_reference_vector() -> None:
    """The signature is the one that the reference libraries make, with or without prefix."""
    for secret in (SECRET, SECRET.removeprefix("whsec_")):
        assert sign([secret], identity=ID, timestamp=TIMESTAMP, body=BODY) == SIGNATURE
        verify([secret], HEADERS, BODY, now=TIMESTAMP)


def test_each_valid_secret_signs() -> None:
    """While secrets change, receivers verify with the old one or with the new one."""
    old, new = new_secret(), new_secret()
    both = sign([old, new], identity=ID, timestamp=TIMESTAMP, body=BODY)
    headers = HEADERS | {"webhook-signature": f"v1a,c29tZQ== {both}"}
    for held in ([old], [new], [new_secret(), new]):
        verify(held, headers, BODY, now=TIMESTAMP)
    assert _flaw([new_secret()], headers) is Flaw.NO_MATCH


def test_new_secrets_are_long_and_differ() -> None:
    """A secret holds 256 bits, in the form that libraries of the standard read."""
    one, other = new_secret(), new_secret()
    assert one != other
    assert one.startswith("whsec_")
    assert len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32


@pytest.mark.parametrize(
    ("change", "body", "flaw"),
    [
        ({}, BODY + b" ", Flaw.NO_MATCH),
        ({"webhook-id": "msg_other"}, BODY, Flaw.NO_MATCH),
        ({"webhook-timestamp": str(TIMESTAMP + 1)}, BODY, Flaw.NO_MATCH),
        ({"webhook-signature": SIGNATURE[:-8]}, BODY, Flaw.NO_MATCH),
        ({"webhook-signature": SIGNATURE.replace("v1,", "v2,")}, BODY, Flaw.NO_MATCH),
        ({"webhook-signature": "v1,"}, BODY, Flaw.NO_MATCH),
        ({"webhook-signature": "v1,é"}, BODY, Flaw.NO_MATCH),
        ({"webhook-signature": ""}, BODY, Flaw.NO_HEADER),
        ({"webhook-id": ""}, BODY, Flaw.NO_HEADER),
        ({"webhook-timestamp": "²"}, BODY, Flaw.NO_TIMESTAMP),
        ({"webhook-timestamp": "-1"}, BODY, Flaw.NO_TIMESTAMP),
    ],
)
def test_what_was_changed_does_not_verify(change: dict[str, str], body: bytes, flaw: Flaw) -> None:
    """Body, id, timestamp and signature hang together."""
    assert _flaw([SECRET], HEADERS | change, body) is flaw


@pytest.mark.parametrize(("away", "passes"), [(300, True), (301, False)])
@pytest.mark.parametrize("sign_of_time", [1, -1])
def test_a_delivery_that_is_sent_again_by_others_grows_old(
    away: int, sign_of_time: int, *, passes: bool
) -> None:
    """Beyond the tolerance, before or after, a good signature is worth nothing."""
    now = TIMESTAMP + away * sign_of_time
    if passes:
        verify([SECRET], HEADERS, BODY, now=now)
    else:
        assert _flaw([SECRET], HEADERS, now=now) is Flaw.NOT_NOW


def test_a_damaged_secret_is_named() -> None:
    """The receiver's own mistake is not taken for an attack."""
    assert _flaw(["whsec_!"], HEADERS) is Flaw.UNREADABLE_KEY


def _flaw(
    secrets: list[str], headers: dict[str, str], body: bytes = BODY, *, now: float = TIMESTAMP
) -> Flaw:
    with pytest.raises(InvalidSignature) as refused:
        verify(secrets, headers, body, now=now)
    return refused.value.flaw
