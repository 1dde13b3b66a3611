"""Whose account it is that a provider proves, and what they may there."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from queues.access import Role
from queues.errors import (
    Conflict,
    KeyUnknown,
    ProviderRefused,
    SignInRefused,
)
from queues.people import Identity
from tests.integration.gates import NAME, Gate
from tests.integration.providers import (
    Liar,
)
from tests.integration.staff import BETTER, BY, GOOD, Staff


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": ["ana@example.org"]},
        {"email": "bea@example.org"},
        {"email": "\u212aay@example.org"},
    ],
)
def test_nobody_is_somebody_by_an_address_that_is_not_theirs(
    staff: Staff, it: Liar, gate: Gate, claims: dict[str, Any]
) -> None:
    """It has to be verified, and the name of an account."""
    staff.add(NAME)
    staff.add("kay@example.org")
    it.claims, it.userinfo = claims, {"sub": "s-1"}
    with pytest.raises(ProviderRefused, match="no open account here is yours"):
        gate.enter(it.consent)
    assert "person.linked" not in {kind for _, kind, _ in staff.audited()}


def test_another_claim_may_be_the_name(staff: Staff, it: Liar, gates: Callable[..., Gate]) -> None:
    """Where it stands: in the token, or where the provider tells of the same person."""
    staff.add("ana")
    gate = gates(name_claim="employee")
    it.userinfo = {"sub": "another", "employee": "ana"}
    with pytest.raises(ProviderRefused, match="somebody else than the ID token"):
        gate.enter(it.consent)
    it.userinfo = {"sub": "s-1", "employee": " Ana "}
    assert gate.enter(it.consent).account.name == "ana"
    assert it.asked["/userinfo"] == 2
    staff.add("bea")
    it.person = {"sub": "s-2", "employee": "bea"}
    it.userinfo = {"sub": "s-2", "employee": "ana"}
    assert gate.enter(it.consent).account.name == "bea"
    assert it.asked["/userinfo"] == 2


def test_an_account_is_of_whoever_came_first(staff: Staff, it: Liar, gate: Gate) -> None:
    """Whoever comes later with the same name is somebody else, until they are unlinked."""
    staff.add(NAME)
    gate.enter(it.consent)
    it.person |= {"sub": "s-2"}
    with pytest.raises(ProviderRefused, match="no open account here is yours"):
        gate.enter(it.consent)
    assert gate.door.identities.unlink(NAME, by=BY) == [it.issuer]
    assert gate.door.identities.unlink(NAME, by=BY) == []
    gate.enter(it.consent)
    it.person |= {"sub": "s-1"}
    with pytest.raises(ProviderRefused, match="no open account here is yours"):
        gate.enter(it.consent)
    assert (BY, "person.unlinked", {"providers": [it.issuer]}) in staff.audited()


def test_a_disabled_account_opens_to_nobody(staff: Staff, it: Liar, gate: Gate) -> None:
    """Neither before its person was ever here, nor after."""
    staff.add(NAME)
    staff.accounts.disable(NAME, by=BY)
    with pytest.raises(ProviderRefused, match="no open account here is yours"):
        gate.enter(it.consent)
    assert "person.linked" not in {kind for _, kind, _ in staff.audited()}
    staff.accounts.enable(NAME, by=BY)
    gate.enter(it.consent)
    staff.accounts.disable(NAME, by=BY)
    with pytest.raises(ProviderRefused, match="no open account here is yours"):
        gate.enter(it.consent)


def test_nobody_gets_an_account_by_coming(staff: Staff, it: Liar, gate: Gate) -> None:
    """Unless the settings say so."""
    with pytest.raises(ProviderRefused, match="no open account here is yours"):
        gate.enter(it.consent)
    assert staff.accounts.listed() == []


def test_groups_are_roles(staff: Staff, it: Liar, gates: Callable[..., Gate]) -> None:
    """From each sign-in on, which ends what was open before; without one nobody comes in."""
    roles = {"mods": "moderator", "leads": "senior"}
    gate = gates(roles_claim="groups", roles=roles, add_people=True)
    it.person |= {"name": "Ana\u202e  L.", "groups": ["staff", "mods"]}
    first = gate.enter(it.consent)
    assert first.account.roles == (Role.MODERATOR,)
    assert (first.account.display_name, first.account.name) == ("Ana L.", NAME)
    assert first.account.created_by == f"provider:{it.issuer}"
    it.person |= {"groups": ["leads", "mods"]}
    second = gate.enter(it.consent)
    assert second.account.roles == (Role.MODERATOR, Role.SENIOR)
    staff.access.forget()
    with pytest.raises(KeyUnknown):
        staff.person(first)
    assert staff.person(second).roles == (Role.MODERATOR, Role.SENIOR)
    it.userinfo = {"sub": "s-1"}
    for groups in ([], ["staff"], None, 7, {"mods": True}):
        it.person |= {"groups": groups}
        with pytest.raises(ProviderRefused, match="none of your groups"):
            gate.enter(it.consent)
    it.person |= {"groups": "leads"}
    assert gate.enter(it.consent).account.roles == (Role.SENIOR,)


def test_the_last_who_manages_people_stays(
    staff: Staff, it: Liar, gates: Callable[..., Gate]
) -> None:
    """Whatever the provider says of their groups."""
    staff.add(NAME, Role.ADMIN)
    it.person |= {"groups": ["mods"]}
    gate = gates(roles_claim="groups", roles={"mods": "moderator"})
    with pytest.raises(Conflict, match="nobody would be left"):
        gate.enter(it.consent)
    assert staff.accounts.find(NAME).roles == (Role.ADMIN,)


def test_a_name_that_can_be_none_here_is_told(
    staff: Staff, it: Liar, gates: Callable[..., Gate]
) -> None:
    """And adds nobody."""
    gate = gates(roles_claim="groups", roles={"mods": "moderator"}, add_people=True)
    it.person |= {"groups": ["mods"], "email": "ana/x@example.org"}
    with pytest.raises(ProviderRefused, match="can be none here"):
        gate.enter(it.consent)
    assert staff.accounts.listed() == []


def test_passwords_can_be_off_for_those_who_came_through_the_provider(
    staff: Staff, it: Liar, gate: Gate
) -> None:
    """For nobody else; and with another provider they are on again."""
    staff.enter(NAME)
    staff.enter("bea")
    token = staff.token(NAME)
    staff.door.sign_in(NAME, GOOD)
    signed = gate.enter(it.consent)
    staff.door.sign_in(NAME, GOOD)
    staff.passwords_off(it.issuer)
    with pytest.raises(SignInRefused):
        staff.door.sign_in(NAME, GOOD)
    with pytest.raises(Conflict, match="have no password here"):
        staff.door.change_password(staff.person(signed), GOOD, BETTER)
    with pytest.raises(Conflict, match="have no password here"):
        staff.invitations.accept(token, BETTER)
    with pytest.raises(Conflict, match="have no password here"):
        staff.token(NAME)
    staff.door.sign_in("bea", GOOD)
    staff.token("bea")
    staff.passwords_off("https://other.example.org")
    staff.door.sign_in(NAME, GOOD)


def test_whoever_comes_twice_at_once_is_linked_once(
    staff: Staff, gates: Callable[..., Gate]
) -> None:
    """Both are in; of two people with one name only one is."""
    identities = gates(
        roles_claim="groups", roles={"m": "moderator"}, add_people=True
    ).door.identities
    start = threading.Barrier(4)

    def enter(subject: str, name: str) -> bool:
        identity = Identity(
            issuer="i", subject=subject, name=name, display_name=None, roles=("moderator",)
        )
        start.wait()
        try:
            identities.enter(identity)
        except ProviderRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        same = [pool.submit(enter, "s", "ana") for _ in range(4)]
        assert [each.result() for each in same] == [True] * 4
        others = [pool.submit(enter, f"s-{number}", "bea") for number in range(4)]
        assert sorted(each.result() for each in others) == [False, False, False, True]
    kinds = [kind for _, kind, _ in staff.audited()]
    assert kinds.count("person.linked") == kinds.count("person.added") == 2
