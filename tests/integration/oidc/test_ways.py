"""The way to a provider and back: gone once, by whoever began it."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from queues.errors import (
    KeyUnknown,
    ProviderRefused,
    TooManyAttempts,
)
from queues.oidc import Back
from queues.people import AccountState, Throttle
from tests.integration.gates import HERE, NAME, Gate, back_from
from tests.integration.providers import (
    Liar,
    consent,
    person_at,
    provider_of_others,
)
from tests.integration.staff import Staff


def test_a_provider_that_others_wrote_lets_people_in(staff: Staff) -> None:
    """By their verified address the first time, then by what it calls them."""
    staff.add(NAME)
    with provider_of_others() as issuer:
        gate = Gate(staff, issuer, client_id="tierwise", client_secret="any")  # noqa: S106 - a test
        person_at(issuer, "s-7", email=NAME.title(), email_verified=True, name="Ana")
        signed = gate.enter(lambda address: consent(address, "s-7"))
        assert (signed.account.name, signed.account.state) == (NAME, AccountState.ACTIVE)
        assert staff.person(signed).name == NAME
        person_at(issuer, "s-7", email="other@example.org", email_verified=False)
        assert gate.enter(lambda address: consent(address, "s-7")).account.name == NAME
        gate.door.close()
    assert [each[:2] for each in staff.audited()[1:]] == [
        (f"person:{NAME}", "person.linked"),
        (f"person:{NAME}", "session.opened"),
        (f"person:{NAME}", "session.opened"),
    ]


def test_a_session_is_as_with_a_password(staff: Staff, it: Liar, gate: Gate) -> None:
    """The one that came along ends; that of somebody else stays."""
    ana, bea = staff.enter(NAME), staff.enter("bea")
    for along, ends in ((bea, False), (ana, True)):
        sent = gate.door.begin()
        back = back_from(it.consent(sent.address), sent.browser)
        signed = gate.door.finish(back, address="192.0.2.7", instead_of=staff.person(along))
        assert signed.opened.session.address == "192.0.2.7"
        staff.access.forget()
        if ends:
            with pytest.raises(KeyUnknown):
                staff.person(along)
        else:
            staff.person(along)


def test_each_way_is_gone_once_by_the_browser_that_began_it(
    staff: Staff, it: Liar, gate: Gate
) -> None:
    """With its own state; a code is redeemed once, and what is unknown asks nobody."""
    staff.add(NAME)
    sent, other = gate.door.begin(), gate.door.begin()
    location = it.consent(sent.address)
    good = back_from(location, sent.browser)
    assert good.state is not None
    asked = it.asked["/token"]
    for bad in (
        back_from(location, None),
        back_from(location, other.browser),
        back_from(location.replace(good.state, "made-up"), sent.browser),
        back_from(location.replace("state=", "no="), sent.browser),
    ):
        with pytest.raises(ProviderRefused, match="begun no"):
            gate.door.finish(bad)
    assert it.asked["/token"] == asked
    assert len(staff.audited()) == 1
    gate.door.finish(good)
    with pytest.raises(ProviderRefused, match="begun no such sign-in"):
        gate.door.finish(good)
    assert it.asked["/token"] == asked + 1


def test_a_code_is_good_for_one_sign_in(staff: Staff, it: Liar, gate: Gate) -> None:
    """Neither twice, nor in the sign-in of somebody else: that has another verifier (PKCE)."""
    staff.add(NAME)
    sent = gate.door.begin()
    first = back_from(it.consent(sent.address), sent.browser)
    victim = gate.door.begin()
    stolen = back_from(it.consent(victim.address), victim.browser)
    mixed = Back(
        state=stolen.state, code=first.code, error=None, issuer=None, browser=victim.browser
    )
    with pytest.raises(ProviderRefused, match="does not take the code"):
        gate.door.finish(mixed)
    again = gate.door.begin()
    it.consent(again.address)
    replayed = back_from(it.consent(again.address), again.browser)
    gate.door.finish(replayed)
    third = gate.door.begin()
    used = back_from(it.consent(third.address), third.browser)
    with pytest.raises(ProviderRefused, match="does not take the code"):
        gate.door.finish(
            Back(
                state=used.state,
                code=replayed.code,
                error=None,
                issuer=None,
                browser=third.browser,
            )
        )


def test_whoever_takes_too_long_begins_anew(staff: Staff, it: Liar, gate: Gate) -> None:
    """And what is over is swept away."""
    staff.add(NAME)
    sent = gate.door.begin()
    staff.age("oidc_requests", "expires_at", 601)
    with pytest.raises(ProviderRefused, match="took too long"):
        gate.door.finish(back_from(it.consent(sent.address), sent.browser))
    gate.door.begin()
    staff.age("oidc_requests", "expires_at", 601)
    gate.door.begin()
    with staff.store.read() as connection:
        left = connection.execute(text("SELECT count(*) FROM oidc_requests")).scalar_one()
    assert left == 1


def test_a_provider_may_say_no(staff: Staff, gate: Gate) -> None:
    """What it says is told; what it does not say leads nowhere either."""
    staff.add(NAME)
    for rest, told in (("error=access_denied", "`access_denied`"), ("", "without a code")):
        sent = gate.door.begin()
        state = parse_qs(urlsplit(sent.address).query)["state"][0]
        with pytest.raises(ProviderRefused, match=told):
            gate.door.finish(back_from(f"{HERE}?state={state}&{rest}", sent.browser))


def test_people_come_from_the_provider_they_were_sent_to(
    staff: Staff, it: Liar, gates: Callable[..., Gate]
) -> None:
    """Where another one says who it is, and where it says nothing but has promised to."""
    staff.add(NAME)

    def named(issuer: str) -> Callable[[str], str]:
        return lambda address: f"{it.consent(address)}&iss={issuer}"

    with pytest.raises(ProviderRefused, match="another provider"):
        gates().enter(named("https://other.example.org"))
    assert gates().enter(named(it.issuer)).account.name == NAME
    it.discovery = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(ProviderRefused, match="another provider"):
        gates().enter(it.consent)
    assert gates().enter(named(it.issuer)).account.name == NAME


def test_whoever_tries_too_often_waits(staff: Staff, it: Liar, gate: Gate) -> None:
    """Attempts of an address count, whoever it is; one that succeeds is given back."""
    staff.add(NAME)
    throttle = Throttle(attempts=10, attempts_of_address=3, refill=30)
    gate.door = replace(gate.door, throttle=throttle)
    for _ in range(5):
        sent = gate.door.begin(address="192.0.2.7")
        gate.door.finish(back_from(it.consent(sent.address), sent.browser), address="192.0.2.7")
    for _ in range(3):
        gate.door.begin(address="192.0.2.7")
    with pytest.raises(TooManyAttempts):
        gate.door.begin(address="192.0.2.7")
    gate.door.begin(address="192.0.2.8")


def test_what_is_on_its_way_is_stored_as_hashes(staff: Staff, gate: Gate) -> None:
    """Neither state nor cookie can be read from the database."""
    sent = gate.door.begin()
    state = parse_qs(urlsplit(sent.address).query)["state"][0]
    with staff.store.read() as connection:
        question = text("SELECT oidc_requests::text FROM oidc_requests")
        (row,) = connection.execute(question).scalars()
    assert state not in row
    assert sent.browser not in row
