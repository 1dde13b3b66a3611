"""Audit events are sealed as they come, and nothing is done to them unseen."""

import threading
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from queues.auditing import Anchor, seal, verify
from queues.auditing.findings import Trouble
from queues.errors import Conflict, NotFound
from queues.ids import new_id
from queues.store.granting import grant
from queues.store.ledger import AuditEvent, record
from queues.store.renumbering import continue_transactions
from queues.store.session import Store
from tests.integration.intakes import rows

AT = datetime(2026, 3, 1, 12, 30, 59, 123_457, tzinfo=UTC)
#: The same id but for its last digit.
OTHER_ID = (
    "(left({0}::text, 35)"
    " || translate(right({0}::text, 1), '0123456789abcdef', '123456789abcdef0'))::uuid"
)
#: One byte of each column of an event, and what is found.
EDITS = {
    "id": (OTHER_ID.format("id"), Trouble.ID),
    "at": ("at + interval '1 microsecond'", Trouble.CONTENT),
    "actor": ("actor || 's'", Trouble.CONTENT),
    "kind": ("'case.openet'", Trouble.CONTENT),
    "item_id": (OTHER_ID.format("item_id"), Trouble.CONTENT),
    "subject": ("'subjecu'", Trouble.CONTENT),
    "details": ("replace(details::text, 'word', 'work')::json", Trouble.CONTENT),
    "digest": ("set_byte(digest, 5, get_byte(digest, 5) # 1)", Trouble.DIGEST),
    "transaction": ("transaction - 1", Trouble.TRANSACTION),
}
#: What no program of ours could have written.
ABSURD = {
    "at": "'infinity'",
    "details": "'[]'",
    "subject": "NULL",
    "transaction": "9223372036854775807",
    "digest": "''",
}
BLOCK_EDITS = {
    "until": "until + 1",
    "events": "set_byte(events, 17, get_byte(events, 17) # 1)",
    "digests": "set_byte(digests, 40, get_byte(digests, 40) # 1)",
    "count": "count - 1",
    "previous": "set_byte(previous, 0, get_byte(previous, 0) # 128)",
    "digest": "set_byte(digest, 31, get_byte(digest, 31) # 1)",
    "sealed_at": "'-infinity'",
}


def event(number: int = 1) -> AuditEvent:
    """An event with something in each column."""
    return AuditEvent(
        at=AT,
        actor="key:sender",
        kind="case.opened",
        item_id=new_id(),
        subject="subject",
        details={"number": number, "word": "naïve\n"},
    )


def write(store: Store, *sizes: int) -> list[AuditEvent]:
    """Events of one transaction after the other, so many each."""
    written: list[AuditEvent] = []
    for size in sizes:
        events = [event(number) for number in range(size)]
        with store.transaction() as connection:
            record(connection, events)
        written += events
    return written


def tamper(store: Store, statement: str, **values: object) -> None:
    """Change the chain as only the owner of the database can, past the triggers."""
    with store.transaction() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        assert connection.execute(text(statement), values).rowcount == 1


def test_what_was_written_is_sealed_in_blocks(store: Store) -> None:
    """Events are sealed once, in blocks of about a thousand that never part a transaction."""
    assert verify(store).intact
    write(store, 1, 600, 600, 1_500, 3)
    sealed = seal(store)
    assert (sealed.blocks, sealed.events) == (3, 2_704)
    assert seal(store).events == 0
    counts = rows(store, "SELECT count FROM audit_blocks ORDER BY number")
    assert [row["count"] for row in counts] == [1_201, 1_500, 3]
    write(store, 2)
    told: list[int] = []
    found = verify(store, anchor=sealed.head, progress=told.append)
    assert found.intact
    assert (found.blocks, found.events, found.unsealed) == (3, 2_706, 2)
    assert found.unsealed_since == AT
    assert found.head == sealed.head
    assert told[-1] == 2_706


def test_a_transaction_that_lasts_is_waited_for(store: Store) -> None:
    """Nothing after a transaction that may still write is sealed before it ends."""
    first = write(store, 1)
    slow = store.engine.connect()
    slow.execute(text("SELECT pg_current_xact_id()"))
    write(store, 1)
    assert seal(store).events == len(first)
    record(slow, [event()])
    slow.commit()
    slow.close()
    assert seal(store).events == 2
    assert verify(store).intact


def test_sealing_while_others_write_loses_nothing(store: Store) -> None:
    """Several sealers and writers at once: each event in one block, in the end."""
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            seal(store)

    sealers = [threading.Thread(target=work) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(store, *[3] * 60)) for _ in range(2)]
    for thread in [*sealers, *writers]:
        thread.start()
    for writer in writers:
        writer.join()
    done.set()
    for sealer in sealers:
        sealer.join()
    seal(store)
    found = verify(store)
    assert found.intact
    assert (found.events, found.unsealed) == (360, 0)


def test_one_byte_of_an_event(store: Store) -> None:
    """An edit of any column, past the triggers, is named: the event, its item, what was changed."""
    victims = {column: write(store, 1, 2, 3)[3] for column in EDITS}
    seal(store)
    expected = {}
    for column, (value, trouble) in EDITS.items():
        change = f"UPDATE audit_events SET {column} = {value} WHERE id = :id"  # noqa: S608
        tamper(store, change, id=victims[column].id)
        expected[column] = trouble
    write(store, 1)
    found = verify(store)
    told = {victim.item_id: column for column, victim in victims.items()}
    named = {told.get(UUID(wrong.item), "item_id"): wrong for wrong in found.wrong if wrong.item}
    assert {column: wrong.trouble for column, wrong in named.items()} == expected
    assert len(found.wrong) == len(EDITS)
    for column, victim in victims.items():
        assert str(victim.id) in str(named[column])
        assert column == "item_id" or str(victim.item_id) in str(named[column])


def test_absurd_values_are_named_too(store: Store) -> None:
    """Values that no event has, and that readers stumble over, do not end the look."""
    victims = {column: write(store, 2, 2)[1] for column in ABSURD}
    seal(store)
    for column, value in ABSURD.items():
        change = f"UPDATE audit_events SET {column} = {value} WHERE id = :id"  # noqa: S608
        tamper(store, change, id=victims[column].id)
    named = [wrong.event for wrong in verify(store).wrong]
    assert sorted(map(str, named)) == sorted(str(victim.id) for victim in victims.values())


def test_deleted_and_inserted_events(store: Store) -> None:
    """What is gone, and what came later under an earlier number, each by its id."""
    events = write(store, 1, 2, 3)
    seal(store)
    tamper(store, "DELETE FROM audit_events WHERE id = :id", id=events[1].id)
    late = event()
    with store.transaction() as connection:
        record(connection, [late])
    tamper(
        store,
        "UPDATE audit_events SET transaction ="
        " (SELECT max(transaction) FROM audit_events WHERE id <> :id) WHERE id = :id",
        id=late.id,
    )
    assert {(wrong.event, wrong.trouble) for wrong in verify(store).wrong} == {
        (events[1].id, Trouble.DELETED),
        (late.id, Trouble.INSERTED),
    }


def test_one_byte_of_a_block(store: Store) -> None:
    """An edit of any column of any block names the block, and none of its events."""
    for _ in range(2 * len(BLOCK_EDITS) + 1):
        write(store, 1, 1)
        seal(store)
    numbers = range(2, 2 * len(BLOCK_EDITS) + 1, 2)
    for number, (column, value) in zip(numbers, BLOCK_EDITS.items(), strict=True):
        change = f"UPDATE audit_blocks SET {column} = {value} WHERE number = {number}"  # noqa: S608
        tamper(store, change)
    found = verify(store)
    assert [str(wrong).split(";")[0] for wrong in found.wrong] == [
        f"block {number} was changed" for number in numbers
    ]
    assert not found.intact


def test_missing_blocks(store: Store) -> None:
    """A gap is named; a chain that was cut or made anew is not the one that was noted."""
    anchors = []
    for size in (2, 3, 1):
        write(store, size)
        anchors.append(seal(store).head)
    tamper(store, "DELETE FROM audit_blocks WHERE number = 2")
    assert [str(wrong) for wrong in verify(store).wrong] == ["block 2 is missing"]
    with store.transaction() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM audit_blocks"))
    assert seal(store).events == 6
    assert verify(store).intact
    for anchor in anchors:
        (wrong,) = verify(store, anchor=anchor).wrong
        assert wrong.trouble is Trouble.ANCHOR_LOST
    assert verify(store, anchor=Anchor(number=9, digest=bytes(32))).wrong


def test_the_chain_goes_on_in_another_server(store: Store) -> None:
    """After a restore into a server that counts from below, sealing waits for a migration."""
    with store.transaction() as connection:
        connection.execute(text(_offset(5_000_000)))
    write(store, 2)
    seal(store)
    write(store, 1)
    with store.transaction() as connection:
        connection.execute(text(_offset(0)))
    with pytest.raises(Conflict, match="migrate"):
        seal(store)
    with store.transaction() as connection:
        assert continue_transactions(connection)
    with store.transaction() as connection:
        assert not continue_transactions(connection)
    write(store, 4)
    assert seal(store).events == 5
    assert verify(store).intact


def test_nobody_changes_audit_rows_by_the_way(store: Store) -> None:
    """Triggers refuse updates, deletions and emptying, whoever asks."""
    write(store, 1)
    seal(store)
    for table in ("audit_events", "audit_blocks"):
        for statement in (
            f"UPDATE {table} SET digest = ''",  # noqa: S608
            f"DELETE FROM {table}",  # noqa: S608
            f"TRUNCATE {table}",
        ):
            with pytest.raises(DBAPIError, match="never changed"), store.transaction() as changing:
                changing.execute(text(statement))


def test_an_application_role_can_only_add(store: Store) -> None:
    """With its grants a role does the work of the service, and cannot touch what was recorded."""
    with store.transaction() as connection:
        connection.execute(text("DROP ROLE IF EXISTS tierwise_app"))
        connection.execute(text("CREATE ROLE tierwise_app"))
        grant(connection, "tierwise_app")
        grant(connection, "tierwise_app")
        with pytest.raises(NotFound):
            grant(connection, "nobody_at_all")
    as_role = Store(store.url)
    with as_role.engine.connect() as connection:
        connection.execute(text("SET ROLE tierwise_app"))
        record(connection, [event()])
        connection.execute(text("INSERT INTO activations (kind, by) VALUES ('release', 'x')"))
        connection.execute(text("UPDATE activations SET by = 'y'"))
        connection.execute(text("DELETE FROM activations"))
        connection.commit()
        day = rows(store, "SELECT tableoid::regclass::text AS day FROM audit_events")[0]["day"]
        for table in ("audit_events", "audit_blocks", day):
            for statement in (
                f"UPDATE {table} SET digest = ''",  # noqa: S608
                f"DELETE FROM {table}",  # noqa: S608
                f"TRUNCATE {table}",
                f"ALTER TABLE {table} DISABLE TRIGGER USER",
                f"DROP TABLE {table}",
            ):
                assert _refused(connection, statement)
        assert _refused(connection, "SET session_replication_role = replica")
        assert _refused(
            connection,
            "CREATE OR REPLACE FUNCTION audit_offset() RETURNS bigint"
            " LANGUAGE sql AS 'SELECT 1::bigint'",
        )
    as_role.close()
    with store.transaction() as connection:
        connection.execute(text("DROP OWNED BY tierwise_app"))
        connection.execute(text("DROP ROLE tierwise_app"))


def _refused(connection: Connection, statement: str) -> bool:
    """Whether the role may not do this."""
    try:
        with connection.begin():
            connection.execute(text("SET LOCAL ROLE tierwise_app"))
            connection.execute(text(statement))
    except DBAPIError as error:
        return isinstance(error.orig, psycopg.errors.InsufficientPrivilege)
    return False


def _offset(number: int) -> str:
    return (
        "CREATE OR REPLACE FUNCTION audit_offset() RETURNS bigint LANGUAGE sql IMMUTABLE"
        f" AS 'SELECT {number}::bigint'"
    )
