"""Rows of several tables, added by one statement: every value arrives as it was."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import text

from queues.ids import new_id
from queues.intake.rows import Rows
from queues.store.adding import AlreadyThere, Table, add
from queues.store.ledger import EVENTS, AuditEvent, row_of
from queues.store.outbox import CHANNEL, Task, send
from queues.store.session import Store
from tests.integration.intakes import rows

_NOW: Final = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
_AWKWARD: Final = 'quote " backslash \\ brace { } comma , line \n tab \t null NULL 𝄞 é'
_STATEMENTS: Final = Table("statements", id="uuid", item_id="uuid", fields="jsonb")


def _verdict(**changes: object) -> dict[str, object]:
    return {
        "id": new_id(),
        "item_id": new_id(),
        "at": _NOW,
        "cause": _AWKWARD,
        "release": "",
        "models": ["a", _AWKWARD, ""],
        "tier": "auto",
        "action": "remove",
        "inclusion_probability": 0.1 + 0.2,
        "input": '{"raw": {"text": "zero \\u0000, pair \\ud834\\udd1e"},  "twice": 1, "twice": 2}',
        "trace": "{}",
        **changes,
    }


def test_values_arrive_as_they_were(store: Store) -> None:
    """Texts with whatever stands in them, lists of any length, JSON to the byte, microseconds."""
    one, other = _verdict(), _verdict(models=[], at=_NOW + timedelta(microseconds=1))
    writing = Rows()
    for verdict in (one, other):
        writing.add("verdicts", *verdict.values())
    with store.transaction() as connection:
        writing.write(connection)
    found = rows(
        store,
        "SELECT id, item_id, at, cause, release, models, tier, action, inclusion_probability,"
        " CAST(input AS text) AS input, CAST(trace AS text) AS trace FROM verdicts ORDER BY id",
    )
    assert [dict(row) for row in found] == [one, other]


def test_none_and_bytes(store: Store) -> None:
    """What is missing is missing, and a digest is its bytes."""
    event = AuditEvent(at=_NOW, actor="test", kind="test", details={"empty": None})
    with store.transaction() as connection:
        add(connection, {EVENTS: [row_of(event)]})
    (found,) = rows(store, "SELECT item_id, subject, digest FROM audit_events")
    assert (found["item_id"], found["subject"]) == (None, None)
    assert bytes(found["digest"]) == row_of(event)[-1]


def test_nothing_is_added_where_there_is_nothing(store: Store) -> None:
    """Tables without rows are left out, and all of them need none."""
    with store.transaction() as connection:
        add(connection, {})
        add(connection, {EVENTS: [], _STATEMENTS: [(new_id(), new_id(), '{"a": 1}')]})
    assert rows(store, "SELECT fields FROM statements")[0]["fields"] == {"a": 1}
    assert rows(store, "SELECT 1 FROM audit_events") == []


def test_a_row_that_is_there_is_named(store: Store) -> None:
    """The table and the constraint, and nothing of the same transaction stays."""
    verdict = _verdict()
    writing = Rows()
    writing.add("verdicts", *verdict.values())
    with store.transaction() as connection:
        writing.write(connection)
    event = AuditEvent(at=_NOW, actor="test", kind="test")
    writing.audit.append(event)
    with pytest.raises(AlreadyThere, match="pk") as raised, store.transaction() as connection:
        writing.write(connection)
    assert raised.value.table.startswith("verdicts")
    assert rows(store, "SELECT 1 FROM audit_events") == []


def test_a_row_of_another_length_is_refused(store: Store) -> None:
    """A value too few is a mistake of ours, found before anything is sent."""
    with pytest.raises(ValueError, match="shorter"), store.transaction() as connection:
        add(connection, {_STATEMENTS: [(new_id(), new_id())]})


def test_new_messages_wake_the_relay(store: Store) -> None:
    """With the commit, and once however many there are."""
    with store.listener() as ears:
        ears.execute(f"LISTEN {CHANNEL}".encode("ascii"))
        with store.transaction() as connection:
            send(connection, Task.OPEN, [(new_id(), 6), (new_id(), 0)])
            send(connection, Task.ENFORCE, [(new_id(), 6)])
            assert list(ears.notifies(timeout=0)) == []
        (heard,) = ears.notifies(timeout=10, stop_after=1)
        with store.transaction() as connection:
            connection.execute(text("DELETE FROM outbox"))
        assert heard.channel == CHANNEL
        assert list(ears.notifies(timeout=0)) == []
