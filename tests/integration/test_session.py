"""Connections whose server side is gone: replaced where that can be seen, else told once."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from sqlalchemy import Connection, text

from queues.errors import Unavailable
from queues.store import session
from queues.store.session import Store, ask
from tests.waiting import until

_SELF = "SELECT pg_backend_pid() AS pid"
_GONE = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"


@pytest.fixture
def store_of_one(store: Store) -> Iterator[Store]:
    """One connection, so that the next one asked for is the one that died."""
    single = Store(store.url, connections=1)
    yield single
    single.close()


def test_one_that_rested_is_replaced(store_of_one: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody notices that the server was started again meanwhile."""
    monkeypatch.setattr(session, "_REST", 0.0)
    before = _backend(store_of_one)
    _end(store_of_one, before)
    assert _backend(store_of_one) != before


def test_one_in_use_is_told_once(store_of_one: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the address of the server; the next one has another connection."""
    monkeypatch.setattr(session, "_REST", 60.0)
    before = _backend(store_of_one)
    _end(store_of_one, before)
    with pytest.raises(Unavailable) as raised:
        _backend(store_of_one)
    assert raised.value.told == "database: it cannot be used now"
    assert _backend(store_of_one) != before


def test_with_one_that_rested_all_others_are_replaced(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart of the server, also one that was in use until then is not trusted."""
    with closing(Store(store.url, connections=3)) as several:
        with ExitStack() as used:
            before = [_pid(used.enter_context(several.transaction())) for _ in range(3)]
        for backend in before:
            _end(store, backend)
        monkeypatch.setattr(session, "_REST", 0.0)
        several.ping()
        monkeypatch.setattr(session, "_REST", 60.0)
        assert not {_backend(several) for _ in range(4)} & set(before)


def _backend(store: Store) -> int:
    with store.transaction() as connection:
        return _pid(connection)


def _pid(connection: Connection) -> int:
    (row,) = ask(connection, _SELF)
    assert connection.execute(text("SELECT 1")).scalar_one() == 1
    return int(row["pid"])


def _end(store: Store, backend: int) -> None:
    with store.listener() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])
        until(lambda: other.execute(_GONE, [backend]).fetchone() is None, within=30)
