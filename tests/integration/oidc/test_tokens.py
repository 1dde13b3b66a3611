"""ID tokens that are not what they have to be let nobody in."""

from collections.abc import Callable
from typing import Any

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, RSAKey

from queues.errors import (
    ProviderRefused,
)
from tests.integration.gates import NAME, Gate
from tests.integration.providers import (
    CLIENT,
    KEY,
    SECRET,
    Liar,
    signed_with_what_is_public,
    unsigned,
)
from tests.integration.staff import Staff


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"nonce": "another"}, "answers another request"),
        ({"nonce": None}, "`nonce` is missing"),
        ({"iss": "https://login.example.org"}, "its `iss`"),
        ({"iss": None}, "`iss` is missing"),
        ({"aud": "another"}, "its `aud`"),
        ({"aud": [CLIENT, "another"]}, "its `azp`"),
        ({"azp": "another"}, "its `azp`"),
        ({"at_hash": "aGFsZg"}, "another access token"),
        ({"sub": None}, "`sub` is missing"),
        ({"sub": "s" * 256}, "its `sub`"),
        ({"sub": 7}, "its `sub`"),
        ({"exp": None}, "`exp` is missing"),
        ({"iat": None}, "`iat` is missing"),
    ],
)
def test_a_token_that_says_something_else_is_refused(
    staff: Staff, it: Liar, gate: Gate, claims: dict[str, Any], told: str
) -> None:
    """However well it is signed; nobody is linked, and the audit knows that somebody tried."""
    staff.add(NAME)
    it.claims = claims
    with pytest.raises(ProviderRefused, match=f"ID token is refused: .*{told}"):
        gate.enter(it.consent)
    assert staff.audited()[1:] == [("anonymous", "session.refused", {"provider": it.issuer})]
    it.claims = {}
    assert gate.enter(it.consent).account.name == NAME


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "another"], "azp": CLIENT},
        {"azp": CLIENT},
        {"at_hash": None},
    ],
)
def test_what_may_be_otherwise_is_taken(
    staff: Staff, it: Liar, gate: Gate, claims: dict[str, Any]
) -> None:
    """As the specification has it."""
    staff.add(NAME)
    it.claims = claims
    assert gate.enter(it.consent).account.name == NAME


@pytest.mark.parametrize(
    ("claim", "late", "told"),
    [("exp", -61, "has expired"), ("iat", 62, "its `iat`"), ("nbf", 62, "its `nbf`")],
)
def test_clocks_may_differ_a_little(
    staff: Staff, it: Liar, gates: Callable[..., Gate], claim: str, late: int, told: str
) -> None:
    """As much as the settings say, by the clock of the database."""
    staff.add(NAME)
    it.claims = {claim: it.at() + late}
    with pytest.raises(ProviderRefused, match=told):
        gates(tolerance=60).enter(it.consent)
    it.claims = {claim: it.at() + late}
    assert gates(tolerance=90).enter(it.consent).account.name == NAME


def test_nobody_signs_with_what_is_public(staff: Staff, it: Liar, gate: Gate) -> None:
    """Neither with nothing, nor with the public key or the secret of the client as a secret."""
    staff.add(NAME)
    secret = OctKey.import_key(SECRET.ljust(32, "x"), {"kid": "secret"})
    it.listed = [*it.keys()["keys"], dict(secret.as_dict())]
    for forge in (unsigned, signed_with_what_is_public(KEY)):
        it.forge = forge
        with pytest.raises(ProviderRefused, match="not signed by an algorithm that is taken"):
            gate.enter(it.consent)
    it.forge = lambda header, claims: it.sign(header, claims)[:-8] + "AAAAAAAA"
    with pytest.raises(ProviderRefused, match="signature does not fit"):
        gate.enter(it.consent)
    it.forge = lambda _header, _claims: "no.token"
    with pytest.raises(ProviderRefused, match="cannot be read"):
        gate.enter(it.consent)
    it.forge = None
    assert gate.enter(it.consent).account.name == NAME


def test_a_key_is_for_what_it_is_listed_for(
    staff: Staff, it: Liar, gates: Callable[..., Gate]
) -> None:
    """None that is too short, for something else, of another kind, or one of several unnamed."""
    staff.add(NAME)
    (right,) = it.keys()["keys"]
    other = dict(RSAKey.generate_key(2_048, {"kid": "two"}).as_dict(private=False))
    for listed in (
        [right | {"use": "enc"}],
        [right | {"alg": "PS256"}],
        [right | {"kid": "two"}],
        [right | {"kty": "EC"}],
        ["nonsense", {"kty": "RSA"}, {}],
        [],
    ):
        it.listed = listed
        with pytest.raises(ProviderRefused, match="a key that the provider does not list"):
            gates().enter(it.consent)
    it.header = {"kid": None}
    it.listed = [right, other]
    with pytest.raises(ProviderRefused, match="a key that the provider does not list"):
        gates().enter(it.consent)
    it.listed = [right]
    assert gates().enter(it.consent).account.name == NAME
    with pytest.warns(SecurityWarning):
        it.key = RSAKey.generate_key(1_024, {"kid": "one"})
    it.header, it.listed = {}, None
    with pytest.raises(ProviderRefused, match="a key that the provider does not list"):
        gates().enter(it.consent)


def test_elliptic_keys_are_taken(staff: Staff, it: Liar, gate: Gate) -> None:
    """ES256, as many providers sign."""
    staff.add(NAME)
    it.key, it.algorithm = ECKey.generate_key("P-256", {"kid": "e"}), "ES256"
    assert gate.enter(it.consent).account.name == NAME


def test_keys_are_read_again_when_one_is_new(
    staff: Staff, it: Liar, gates: Callable[..., Gate]
) -> None:
    """But not each time somebody names one that there is not; and after an hour in any case."""
    staff.add(NAME)
    gate = gates(keys_after=60)
    for _ in range(2):
        gate.enter(it.consent)
    assert it.asked["/keys"] == 1
    it.key = RSAKey.generate_key(2_048, {"kid": "two"})
    with pytest.raises(ProviderRefused, match="does not list"):
        gate.enter(it.consent)
    assert it.asked["/keys"] == 1
    gate.now = 60
    gate.enter(it.consent)
    assert it.asked["/keys"] == 2
    it.header = {"kid": "made-up"}
    for _ in range(3):
        with pytest.raises(ProviderRefused, match="does not list"):
            gate.enter(it.consent)
    assert it.asked["/keys"] == 2
    it.header, it.key = {}, KEY
    gate.now = 60 + 3_600
    gate.enter(it.consent)
    assert it.asked["/keys"] == 3
    assert it.asked["/.well-known/openid-configuration"] == 2
