"""Accounts: who works here is known, and every change of it is told to the audit."""

from datetime import date

import pytest
from sqlalchemy import text

from queues.access import Role
from queues.errors import Conflict, KeyUnknown, NotFound, Refused, SignInRefused
from queues.people import AccountState, Profile, Shift, TimeOff, Weekday
from queues.store.session import Store
from tests.integration.staff import BY, GOOD, Staff


@pytest.fixture
def staff(store: Store) -> Staff:
    """Nobody yet."""
    return Staff(store)


def test_what_is_known_of_a_person_is_kept(staff: Staff) -> None:
    """Each field, as it was given."""
    profile = Profile(
        display_name="Ana Lovelace",
        roles=(Role.MODERATOR, Role.SENIOR),
        languages=("de", "pt-BR"),
        policies=("hate", "spam"),
        opted_out=("graphic",),
        time_zone="Europe/Berlin",
        shifts=(Shift(day=Weekday.MONDAY, start="22:00", end="06:00"),),
        time_off=(TimeOff(first=date(2026, 12, 24), last=date(2026, 12, 31)),),
        hourly_rate=31.5,
        exposure=0,
        severe_in_a_row=3,
        blur=False,
    )
    added = staff.accounts.add("ana", profile, by=BY)
    assert added.state is AccountState.INVITED
    assert all(getattr(added, name) == getattr(profile, name) for name in Profile.__slots__)
    assert staff.accounts.find("ana") == added
    staff.add("bea")
    assert [account.name for account in staff.accounts.listed()] == ["ana", "bea"]


def test_names_are_given_once(staff: Staff) -> None:
    """Also after their account was disabled: votes name people."""
    staff.add("ana")
    staff.accounts.disable("ana", by=BY)
    with pytest.raises(Conflict, match="`ana`"):
        staff.add("ana")
    for odd in ("", "Ana", "a b", "a:b", "-a", "a" * 101, "é"):
        with pytest.raises(Refused, match="`name`"):
            staff.add(odd)
    with pytest.raises(NotFound):
        staff.accounts.find("bea")


def test_changes_are_told_to_the_audit(staff: Staff) -> None:
    """Who did what to whom; roles as they were and are, of the rest only which field it is."""
    staff.add("ana")
    off = (TimeOff(first=date(2026, 7, 1), last=date(2026, 7, 9)),)
    before = staff.accounts.find("ana")
    changed = staff.accounts.change("ana", {"time_off": off, "hourly_rate": 77.25}, by="person:bo")
    assert (changed.time_off, changed.hourly_rate) == (off, 77.25)
    assert changed.changed_at > before.changed_at
    staff.accounts.change("ana", {"roles": (Role.SENIOR,)}, by="person:bo")
    assert staff.accounts.change("ana", {"roles": (Role.SENIOR,)}, by=BY).roles == (Role.SENIOR,)
    staff.accounts.disable("ana", by=BY)
    staff.accounts.disable("ana", by=BY)
    staff.accounts.enable("ana", by=BY)
    staff.accounts.enable("ana", by=BY)
    assert staff.audited() == [
        (BY, "person.added", {"name": "ana", "roles": ["moderator"]}),
        ("person:bo", "person.changed", {"changed": ["time_off", "hourly_rate"]}),
        (
            "person:bo",
            "person.changed",
            {"changed": ["roles"], "roles": {"before": ["moderator"], "after": ["senior"]}},
        ),
        (BY, "person.disabled", {}),
        (BY, "person.enabled", {}),
    ]


def test_people_change_little_of_their_own(staff: Staff) -> None:
    """Nothing that lets them be handed more, whoever lets the request through."""
    before = staff.add("ana", opted_out=("graphic",))
    for changes in ({"roles": (Role.ADMIN,)}, {"languages": ("de",)}, {"exposure": 9_000}):
        with pytest.raises(Refused, match="set by whoever plans your work"):
            staff.accounts.change("ana", {"blur": True} | changes, by="person:ana", own=True)
    with pytest.raises(Refused, match="leaves out `graphic`"):
        staff.accounts.change("ana", {"opted_out": ("hate",)}, by="person:ana", own=True)
    assert staff.accounts.find("ana") == before


def test_a_change_that_cannot_be_changes_nothing(staff: Staff) -> None:
    """Neither the account nor the audit."""
    before = staff.add("ana")
    with pytest.raises(Refused, match="`time_zone`"):
        staff.accounts.change("ana", {"exposure": 3, "time_zone": "Nowhere"}, by=BY)
    assert staff.accounts.find("ana") == before
    assert len(staff.audited()) == 1


def test_somebody_who_manages_people_is_left(staff: Staff) -> None:
    """The last one can neither be disabled nor lose the role, nor does the attempt end anything."""
    signed = staff.enter("ana", Role.ADMIN)
    staff.add("bea", Role.MANAGER)
    with pytest.raises(Conflict, match="nobody would be left"):
        staff.accounts.disable("ana", by=BY)
    with pytest.raises(Conflict, match="nobody would be left"):
        staff.accounts.change("ana", {"roles": (Role.SENIOR,)}, by=BY)
    assert staff.person(signed).roles == (Role.ADMIN,)
    staff.accounts.disable("bea", by=BY)
    staff.add("cem", Role.ADMIN, Role.SENIOR)
    staff.accounts.disable("ana", by=BY)
    with pytest.raises(Conflict):
        staff.accounts.change("cem", {"roles": (Role.SENIOR,)}, by=BY)


def test_disabled_is_out_at_once(staff: Staff) -> None:
    """Of sessions, of the door, and of invitations; enabled again, the password still fits."""
    staff.add("root", Role.ADMIN)
    signed = staff.enter("ana")
    invitation = staff.token("ana")
    staff.accounts.disable("ana", by=BY)
    with pytest.raises(KeyUnknown):
        staff.access.authenticate(signed.opened.token)
    with pytest.raises(SignInRefused):
        staff.door.sign_in("ana", GOOD)
    with pytest.raises(Conflict, match="disabled"):
        staff.token("ana")
    staff.accounts.enable("ana", by=BY)
    with pytest.raises(KeyUnknown):
        staff.invitations.accept(invitation, GOOD)
    assert staff.door.sign_in("ana", GOOD).account.state is AccountState.ACTIVE


def test_no_session_opens_a_disabled_account(staff: Staff) -> None:
    """Not even one that was left behind."""
    signed = staff.enter("ana")
    with staff.store.transaction() as connection:
        connection.execute(text("UPDATE accounts SET disabled_at = now()"))
    with pytest.raises(KeyUnknown):
        staff.person(signed)


def test_other_roles_end_sessions(staff: Staff) -> None:
    """Other hours do not."""
    signed = staff.enter("ana")
    staff.accounts.change("ana", {"time_zone": "Asia/Tokyo"}, by=BY)
    assert staff.person(signed).roles == (Role.MODERATOR,)
    staff.access.forget()
    assert staff.person(signed).roles == (Role.MODERATOR,)
    staff.accounts.change("ana", {"roles": (Role.SENIOR,)}, by=BY)
    staff.access.forget()
    with pytest.raises(KeyUnknown):
        staff.person(signed)
    assert staff.person(staff.door.sign_in("ana", GOOD)).roles == (Role.SENIOR,)
