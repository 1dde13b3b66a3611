"""Keys open doors until they are revoked or expire, and never longer."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from queues.access import Access, Permission, Scope, read_roles
from queues.access.credentials import Shown
from queues.errors import KeyExpired, KeyRevoked, KeyUnknown, NotFound, Refused
from queues.ids import new_id
from queues.keys import create, listed, revoke
from queues.listening import Listener
from queues.store.notices import Topic
from queues.store.session import Store

ROLES = read_roles(Path("config", "roles.toml"))


def test_a_key_opens_what_it_is_for(store: Store) -> None:
    """A caller is known by name and scopes; the key itself is nowhere in the database."""
    key, secret = create(store, name="shop", scopes=[Scope.ITEMS_WRITE], by="cli:me", rate=7)
    caller = Access(store, ROLES).authenticate(secret)
    assert (caller.id, caller.actor, caller.rate) == (key.id, "key:shop", 7)
    assert caller.may(Permission.ITEMS_SEND)
    assert not caller.may(Permission.ITEMS_READ)
    assert secret.startswith(key.prefix)
    with store.read() as connection:
        stored = connection.execute(text("SELECT api_keys::text FROM api_keys")).scalar_one()
        audit = connection.execute(text("SELECT audit_events::text FROM audit_events")).scalar_one()
    assert secret not in stored
    assert secret[len(key.prefix) :] not in audit
    assert "key.created" in audit


def test_an_administrator_may_do_everything(store: Store) -> None:
    """The scope `admin` holds all others."""
    _, secret = create(store, name="root", scopes=[Scope.ADMIN], by="cli:me")
    caller = Access(store, ROLES).authenticate(secret)
    assert all(caller.may(permission) for permission in Permission)


def test_what_is_no_key_is_refused(store: Store) -> None:
    """Neither anything at all nor the right form opens a door."""
    access = Access(store, ROLES)
    for wrong in ("", "tw_", "tw_" + "a" * 43, "é" * 46):
        with pytest.raises(KeyUnknown):
            access.authenticate(wrong)


def test_a_key_ends_when_it_was_said_to(store: Store) -> None:
    """Also while it is remembered."""
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    _, secret = create(store, name="guest", scopes=[Scope.ITEMS_READ], by="cli:me", expires=soon)
    access = Access(store, ROLES, remember=60)
    assert access.authenticate(secret).name == "guest"
    _until(lambda: access.known(secret) is None)
    with pytest.raises(KeyExpired):
        access.authenticate(secret)


def test_a_key_is_revoked_everywhere_at_once(store: Store, listener: Listener) -> None:
    """A process that remembers a key for an hour forgets it with the notice."""
    key, secret = create(store, name="shop", scopes=[Scope.ITEMS_WRITE], by="cli:me")
    access = Access(store, ROLES, remember=3_600)
    listener.subscribe(Topic.KEY, lambda _: access.forget(), missed=access.forget)
    listener.start()
    access.authenticate(secret)
    _until(lambda: access.known(secret) is not None or access.authenticate(secret) is None)
    revoked = revoke(store, key.id, by="cli:me")
    assert revoked.revoked_at is not None
    _until(lambda: access.known(secret) is None)
    with pytest.raises(KeyRevoked):
        access.authenticate(secret)
    assert revoke(store, key.id, by="cli:you") == revoked


def test_what_was_true_before_is_not_remembered(store: Store) -> None:
    """A key that is revoked between question and answer does not stay known."""
    _, secret = create(store, name="shop", scopes=[Scope.ITEMS_WRITE], by="cli:me")
    access = Access(store, ROLES)
    ask = access._ask

    def slowly(secret: str) -> Shown:
        answer = ask(secret)
        access.forget()
        return answer

    access._ask = slowly  # type: ignore[method-assign] # the notice comes just then
    access.authenticate(secret)
    assert access.known(secret) is None


def test_the_listener_survives_the_loss_of_its_connection(store: Store, listener: Listener) -> None:
    """It connects again, says that something may have been missed, and goes on."""
    gaps: list[float] = []
    heard: list[str] = []
    listener.subscribe(Topic.KEY, heard.append, missed=lambda: gaps.append(time.monotonic()))
    listener.start()
    _until(lambda: len(gaps) == 1)
    with store.transaction() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        )
    _until(lambda: len(gaps) == 2)
    key, _ = create(store, name="shop", scopes=[Scope.ITEMS_WRITE], by="cli:me")
    revoke(store, key.id, by="cli:me")
    _until(lambda: heard == [str(key.id)])


def test_keys_that_make_no_sense_are_not_made(store: Store) -> None:
    """Each refusal names the field."""
    scopes = [Scope.ITEMS_READ]
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(Refused, match="`name`"):
        create(store, name="a\nb", scopes=scopes, by="cli:me")
    with pytest.raises(Refused, match="`scopes`"):
        create(store, name="shop", scopes=[], by="cli:me")
    with pytest.raises(Refused, match="`rate`"):
        create(store, name="shop", scopes=scopes, by="cli:me", rate=0)
    with pytest.raises(Refused, match="`expires`"):
        create(store, name="shop", scopes=scopes, by="cli:me", expires=past)
    with pytest.raises(NotFound):
        revoke(store, new_id(), by="cli:me")
    assert listed(store) == []


@pytest.fixture
def listener(store: Store) -> Iterator[Listener]:
    """A listener that is not yet started, and closed afterwards."""
    listener = Listener(store)
    yield listener
    listener.close()


def _until(true: Callable[[], bool], *, within: float = 10.0) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + within
    pause = threading.Event()
    while not true():
        assert time.monotonic() < deadline
        pause.wait(0.01)
