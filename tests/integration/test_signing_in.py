"""People sign in with what only they know, and whoever guesses waits."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from queues.access import Access
from queues.errors import (
    KeyExpired,
    KeyUnknown,
    NotFound,
    Refused,
    SignInRefused,
    TooManyAttempts,
)
from queues.ids import new_id
from queues.listening import Listener
from queues.people import AccountState
from queues.settings import Passwords as Hashing
from queues.store.notices import Topic
from queues.store.session import Store
from tests.integration.staff import BETTER, BY, GOOD, ROLES, Staff
from tests.waiting import until


@pytest.fixture
def staff(store: Store) -> Staff:
    """Nobody yet."""
    return Staff(store)


@pytest.fixture
def listener(store: Store) -> Iterator[Listener]:
    """A listener that is not yet started, and closed afterwards."""
    listener = Listener(store)
    yield listener
    listener.close()


def test_an_invitation_is_good_once(staff: Staff) -> None:
    """Its person sets a password and is in; nobody comes in with it again."""
    assert staff.add("ana").state is AccountState.INVITED
    with pytest.raises(SignInRefused):
        staff.door.sign_in("ana", GOOD)
    token = staff.token("ana")
    with pytest.raises(Refused, match="`password`"):
        staff.invitations.accept(token, "short")
    signed = staff.invitations.accept(token, GOOD, address="192.0.2.7")
    assert signed.account.state is AccountState.ACTIVE
    assert signed.opened.session.address == "192.0.2.7"
    assert staff.person(signed).actor == "person:ana"
    with pytest.raises(KeyUnknown, match="`invitation`"):
        staff.invitations.accept(token, BETTER)
    assert staff.door.sign_in(" Ana ", GOOD).account.name == "ana"


def test_an_invitation_is_accepted_once_by_many_at_once(staff: Staff) -> None:
    """One of them is in; the others are told that it is gone."""
    staff.add("ana")
    token = staff.token("ana")
    start = threading.Barrier(4)

    def accept(number: int) -> bool:
        start.wait()
        try:
            staff.invitations.accept(token, f"{GOOD} {number}")
        except KeyUnknown:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(accept, range(4))) == 1


def test_another_invitation_voids_the_one_before(staff: Staff) -> None:
    """And lets somebody in who forgot their password: what was open ends."""
    signed = staff.enter("ana")
    first, second = staff.token("ana"), staff.token("ana")
    with pytest.raises(KeyUnknown):
        staff.invitations.accept(first, BETTER)
    staff.person(signed)
    staff.door.sign_in("ana", GOOD)
    staff.invitations.accept(second, BETTER)
    staff.access.forget()
    with pytest.raises(KeyUnknown):
        staff.person(signed)
    with pytest.raises(SignInRefused):
        staff.door.sign_in("ana", GOOD)


def test_invitations_expire(staff: Staff) -> None:
    """After the seconds of the settings."""
    staff.add("ana")
    token = staff.token("ana")
    staff.age("invitations", "expires_at", 601)
    with pytest.raises(KeyUnknown):
        staff.invitations.accept(token, GOOD)


def test_only_hashes_are_stored(staff: Staff) -> None:
    """No password, token or invitation stands in any table, nor in the audit."""
    signed = staff.enter("ana")
    token = staff.token("ana")
    person = staff.person(staff.door.sign_in("ana", GOOD, address="192.0.2.7"))
    again = staff.door.change_password(person, GOOD, BETTER)
    with pytest.raises(SignInRefused):
        staff.door.sign_in(BETTER, "mistyped into the name")
    stored = staff.everything()
    assert "$argon2id$" in stored
    for secret in (GOOD, BETTER, token, signed.opened.token, again.opened.token):
        assert secret not in stored
    assert "192.0.2.7" not in str(staff.audited())
    assert "argon2" not in str(staff.audited())


def test_what_happens_at_the_door_is_told_to_the_audit(staff: Staff) -> None:
    """Also who was refused, and that the name was not known."""
    signed = staff.enter("ana")
    with pytest.raises(SignInRefused):
        staff.door.sign_in("ana", "wrong")
    with pytest.raises(SignInRefused):
        staff.door.sign_in("nobody", "wrong")
    staff.door.sign_in("ana", GOOD)
    person = staff.person(signed)
    staff.door.change_password(person, GOOD, BETTER)
    assert [(actor, kind) for actor, kind, _ in staff.audited()] == [
        (BY, "person.added"),
        (BY, "person.invited"),
        ("person:ana", "person.accepted"),
        ("anonymous", "session.refused"),
        ("anonymous", "session.refused"),
        ("person:ana", "session.opened"),
        ("person:ana", "person.password_changed"),
    ]


def test_signing_in_ends_the_session_that_came_along(staff: Staff) -> None:
    """If it is theirs; that of somebody else stays."""
    ana, bea = staff.enter("ana"), staff.enter("bea")
    again = staff.door.sign_in("ana", GOOD, instead_of=staff.person(ana))
    staff.door.sign_in("ana", GOOD, instead_of=staff.person(bea))
    staff.access.forget()
    with pytest.raises(KeyUnknown, match="`session`"):
        staff.person(ana)
    staff.person(bea)
    assert again.opened.token != ana.opened.token
    assert len(staff.sessions.listed(staff.person(again))) == 2


def test_another_password_ends_all_sessions(staff: Staff) -> None:
    """And the answer has a new one; who does not know the old password changes nothing."""
    first, second = staff.enter("ana"), staff.door.sign_in("ana", GOOD)
    person = staff.person(first)
    with pytest.raises(Refused, match="`old`"):
        staff.door.change_password(person, "wrong", BETTER)
    with pytest.raises(Refused, match="`password`"):
        staff.door.change_password(person, GOOD, "short")
    third = staff.door.change_password(person, GOOD, BETTER)
    staff.access.forget()
    for ended in (first, second):
        with pytest.raises(KeyUnknown):
            staff.person(ended)
    assert staff.sessions.listed(staff.person(third)) == [third.opened.session]
    staff.door.sign_in("ana", BETTER)


def test_sessions_end_after_their_time(staff: Staff) -> None:
    """However much they are used."""
    signed = staff.enter("ana")
    staff.person(signed)
    staff.age("sessions", "expires_at", 3_601)
    staff.access.forget()
    with pytest.raises(KeyExpired):
        staff.person(signed)
    again = staff.door.sign_in("ana", GOOD)
    assert staff.sessions.listed(staff.person(again)) == [again.opened.session]
    with staff.store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar_one() == 1


def test_sessions_that_nobody_uses_end(staff: Staff) -> None:
    """Each request counts as use, to the quarter of the time."""
    signed = staff.enter("ana")
    person = staff.person(signed)
    for _ in range(3):
        staff.age("sessions", "last_used_at", 500)
        staff.access.forget()
        person = staff.person(signed)
    assert len(staff.sessions.listed(person)) == 1
    staff.age("sessions", "last_used_at", 601)
    assert staff.sessions.listed(person) == []
    staff.access.forget()
    with pytest.raises(KeyExpired, match="`session`"):
        staff.person(signed)


def test_a_session_ends_everywhere_at_once(staff: Staff, listener: Listener) -> None:
    """A process that remembers people for an hour forgets them with the notice."""
    signed = staff.enter("ana")
    elsewhere = Access(staff.store, ROLES, idle=7_200, remember=3_600)
    listener.subscribe(Topic.SESSION, lambda _: elsewhere.forget(), missed=elsewhere.forget)
    listener.start()
    token = signed.opened.token
    until(lambda: elsewhere.known(token) is not None or elsewhere.authenticate(token) is None)
    staff.sessions.end(staff.person(signed), signed.opened.session.id)
    until(lambda: elsewhere.known(token) is None)
    with pytest.raises(KeyUnknown):
        elsewhere.authenticate(token)


def test_nobody_ends_the_session_of_somebody_else(staff: Staff) -> None:
    """It is not there for them."""
    ana, bea = staff.enter("ana"), staff.enter("bea")
    for session in (bea.opened.session.id, new_id()):
        with pytest.raises(NotFound):
            staff.sessions.end(staff.person(ana), session)
    staff.person(bea)


def test_passwords_are_hashed_anew_with_other_parameters(store: Store) -> None:
    """When their person signs in, and only then."""
    Staff(store).enter("ana")
    dearer = Staff(store, hashing=Hashing(memory=128, passes=2, lanes=1))
    with pytest.raises(SignInRefused):
        dearer.door.sign_in("ana", BETTER)
    assert "m=64,t=1,p=1" in dearer.everything()
    dearer.door.sign_in("ana", GOOD)
    assert "m=128,t=2,p=1" in dearer.everything()
    assert "m=64,t=1,p=1" not in dearer.everything()
    dearer.door.sign_in("ana", GOOD)


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_an_account_is_tried_so_often_and_no_more(store: Store, name: str) -> None:
    """Whether or not it is there; the right password does not help then. Time does."""
    staff = Staff(store, attempts=3)
    staff.enter("ana")
    for _ in range(3):
        with pytest.raises(SignInRefused):
            staff.door.sign_in(name, "wrong")
    with pytest.raises(TooManyAttempts) as refused:
        staff.door.sign_in(name, GOOD)
    assert 25 < refused.value.retry_after <= 30
    with pytest.raises(TooManyAttempts):
        staff.door.sign_in(f" {name.upper()}", GOOD)
    staff.age("sign_in_attempts", "at", 31)
    with pytest.raises(SignInRefused):
        staff.door.sign_in(name, "wrong")
    with pytest.raises(TooManyAttempts):
        staff.door.sign_in(name, "wrong")


def test_whoever_signs_in_begins_anew(store: Store) -> None:
    """Attempts count in a row."""
    staff = Staff(store, attempts=3)
    staff.enter("ana")
    for _ in range(4):
        for _ in range(2):
            with pytest.raises(SignInRefused):
                staff.door.sign_in("ana", "wrong")
        staff.door.sign_in("ana", GOOD)


def test_an_old_password_is_no_way_to_guess(store: Store) -> None:
    """A stolen session does not try passwords at will either."""
    staff = Staff(store, attempts=3)
    person = staff.person(staff.enter("ana"))
    for _ in range(3):
        with pytest.raises(Refused):
            staff.door.change_password(person, "wrong", BETTER)
    with pytest.raises(TooManyAttempts):
        staff.door.change_password(person, GOOD, BETTER)


def test_attempts_at_once_are_counted_one_by_one(store: Store) -> None:
    """None slips through while others are looked at."""
    staff = Staff(store, attempts=5)
    staff.enter("ana")

    def attempt(_: int) -> bool:
        try:
            staff.door.sign_in("ana", "wrong")
        except TooManyAttempts:
            return False
        except SignInRefused:
            return True
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 5


@pytest.mark.parametrize(
    "addresses",
    [
        ["192.0.2.7"],
        [f"2001:db8:1:2::{number:x}" for number in range(1, 31)],
    ],
)
def test_an_address_tries_so_many_accounts_and_no_more(staff: Staff, addresses: list[str]) -> None:
    """One, or the many of a network that somebody has to themselves; others go on."""
    for number in range(30):
        address = addresses[number % len(addresses)]
        with pytest.raises(SignInRefused):
            staff.door.sign_in(f"name{number}", "wrong", address=address)
    staff.enter("ana")
    with pytest.raises(TooManyAttempts) as refused:
        staff.door.sign_in("ana", GOOD, address=addresses[0])
    assert 0 < refused.value.retry_after <= 3
    staff.door.sign_in("ana", GOOD, address="198.51.100.1")
    staff.door.sign_in("ana", GOOD, address="2001:db8:1:3::1")


def test_old_attempts_are_swept(staff: Staff) -> None:
    """Names that somebody made up do not stay."""
    for number in range(5):
        with pytest.raises(SignInRefused):
            staff.door.sign_in(f"name{number}", "wrong")
    staff.age("sign_in_attempts", "at", 901)
    with pytest.raises(SignInRefused):
        staff.door.sign_in("another", "wrong")
    with staff.store.read() as connection:
        left = connection.execute(text("SELECT count(*) FROM sign_in_attempts")).scalar_one()
    assert left == 1
