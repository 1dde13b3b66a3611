"""What was kept long enough goes; what somebody still has to decide, and the chain, stay."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from queues.auditing import seal, verify
from queues.ids import id_floor, new_id
from queues.records.retention import apply
from queues.settings import Retention
from queues.store import partitions
from queues.store.granting import grant
from queues.store.ledger import AuditEvent, record
from queues.store.session import Store
from tests.integration.intakes import rows

SETTINGS = Retention(items_days=3, events_days=2, audit_days=5)
ABOUT_ITEMS = ("verdicts", "decisions", "actions", "statements")


@pytest.fixture
def today(store: Store) -> date:
    """The day by the clock of the database, with partitions for the week before."""
    with store.transaction() as connection:
        today = connection.execute(text("SELECT (now() AT TIME ZONE 'UTC')::date")).scalar_one()
        partitions.prepare_days(connection, today - timedelta(days=8), ahead=8)
    assert isinstance(today, date)
    return today


def start(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def id_of(day: date) -> UUID:
    """A new id that seems to be of a day."""
    return UUID(int=id_floor(start(day)).int | new_id().int & (1 << 76) - 1)


#: An item with a verdict, a decision and all that follows.
ITEM = """
INSERT INTO items (id, sender_id, digest, kind, author_id, received_at, state, tier, action,
    verdict_id, decision_id)
VALUES (:id, :name, '', 'post', 'ana', :at, :state, 'auto', 'hide', :verdict, :decision);
INSERT INTO verdicts
VALUES (:verdict, :id, :at, 'received', 'r', '{}', 'auto', 'hide', 1, '{}', '{}');
INSERT INTO decisions (id, item_id, verdict_id, made_by, tier, action, inclusion_probability)
VALUES (:decision, :id, :verdict, 'machine', 'auto', 'hide', 1);
INSERT INTO actions (id, item_id, action, automated, state)
VALUES (:decision, :id, 'hide', true, 'enforced');
INSERT INTO statements (id, item_id, fields) VALUES (:decision, :id, '{}');
INSERT INTO reports (id, item_id, reporter) VALUES (uuidv7(), :id, 'eve');
INSERT INTO signal_orders (item_id, name, deadline_at) VALUES (:id, 'image', :at);
INSERT INTO events (id, kind, item_id, payload) VALUES (:event, 'item.decided', :id, '{}');
INSERT INTO webhooks (id, url, created_by)
SELECT uuidv7(), 'https://x.example', 'x' WHERE NOT EXISTS (SELECT FROM webhooks);
INSERT INTO deliveries (id, event_id, webhook_id, state)
SELECT uuidv7(), :event, id, 'delivered' FROM webhooks;
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    severity, state, due_at, closed_at)
VALUES (uuidv7(), :id, :verdict, 'review', 'single', 'q', 'p', 'r', 'r', 6, 'low',
    CASE :state WHEN 'decided' THEN 'decided' ELSE 'open' END, :at, :at)
"""


def item(store: Store, day: date, *, later: date | None = None, state: str = "decided") -> UUID:
    """An item of a day; what follows from it may be of a later one."""
    identity = id_of(day)
    given = {
        "id": identity,
        "verdict": id_of(later or day),
        "decision": id_of(later or day),
        "event": id_of(later or day),
        "name": str(identity),
        "state": state,
        "at": start(day),
    }
    with store.transaction() as connection:
        for statement in ITEM.split(";"):
            connection.execute(text(statement), given)
    return identity


def kept(store: Store, table: str) -> set[UUID]:
    """The items that a table knows of."""
    column = "id" if table == "items" else "item_id"
    return {row["item"] for row in rows(store, f"SELECT {column} AS item FROM {table}")}  # noqa: S608


def test_items_go_with_all_that_hangs_on_them(store: Store, today: date) -> None:
    """Old items leave nothing; younger ones and those under decision keep everything."""
    old = item(store, today - timedelta(days=5))
    touched = item(store, today - timedelta(days=5), later=today)
    edge = item(store, today - timedelta(days=3))
    under_decision = item(store, today - timedelta(days=6), state="in_review")
    young = item(store, today)
    released = apply(store, SETTINGS)
    assert released.items == 2
    staying = {edge, under_decision, young}
    for table in ("items", "reports", "signal_orders", "cases", *ABOUT_ITEMS):
        assert kept(store, table) == staying, table
    assert not {old, touched} & kept(store, "events")
    day = f"{today - timedelta(days=5):%Y%m%d}"
    needed = f"{today - timedelta(days=6):%Y%m%d}"
    for table in ABOUT_ITEMS:
        assert f"{table}_{day}" in released.days
        assert f"{table}_{needed}" in released.kept
    again = apply(store, SETTINGS)
    assert (again.items, again.days) == (0, [])
    (told,) = rows(store, "SELECT details FROM audit_events WHERE kind = 'retention.applied'")
    assert told["details"]["items"] == 2


def test_what_people_did_later_goes_with_its_item(store: Store, today: date) -> None:
    """A sample that was decided long after its item leaves nothing either."""
    old = item(store, today - timedelta(days=5))
    with store.transaction() as connection:
        connection.execute(text("UPDATE cases SET closed_at = now()"))
        connection.execute(
            text(
                "INSERT INTO decisions (id, item_id, verdict_id, made_by, tier, action,"
                " inclusion_probability) VALUES (:id, :item, :id, 'person', 'single', 'keep', 1)"
            ),
            {"id": id_of(today), "item": old},
        )
    assert apply(store, SETTINGS).items == 1
    assert kept(store, "decisions") == set()


def test_what_was_counted_of_reporters_goes_with_the_reports(store: Store, today: date) -> None:
    """Whoever was not right or wrong for so long has no report left that says so."""
    old, new = start(today - timedelta(days=4)), start(today)
    with store.transaction() as connection:
        connection.execute(
            text("INSERT INTO reporters VALUES ('eve', 3, 1, :old), ('joe', 1, 1, :new)"),
            {"old": old, "new": new},
        )
    released = apply(store, SETTINGS)
    assert (released.reporters, released.anything) == (1, True)
    assert rows(store, "SELECT reporter FROM reporters") == [{"reporter": "joe"}]
    assert apply(store, SETTINGS).reporters == 0


def test_rows_without_a_day_of_their_own_go_too(store: Store, today: date) -> None:
    """What fell into the default partition is deleted row by row."""
    old = item(store, today - timedelta(days=12))
    under_decision = item(store, today - timedelta(days=12), state="in_review")
    apply(store, SETTINGS)
    for table in ("items", *ABOUT_ITEMS):
        assert kept(store, table) == {under_decision}, table
    assert old not in kept(store, "events")


def test_events_go_earlier_than_items(store: Store, today: date) -> None:
    """Events and their deliveries have a time of their own, but none beyond their item's."""
    days = {age: item(store, today - timedelta(days=age)) for age in (2, 3, 4)}
    released = apply(store, SETTINGS)
    assert kept(store, "events") == {days[2]}
    assert released.deliveries == 2
    assert len(rows(store, "SELECT FROM deliveries")) == 1
    assert kept(store, "items") == {days[2], days[3]}
    apply(store, Retention(items_days=1, events_days=9, audit_days=9))
    assert kept(store, "events") == set()


def test_many_items_go_in_steps(store: Store, today: date) -> None:
    """More items than one transaction deletes; one that somebody holds is left for next time."""
    day = today - timedelta(days=5)
    with store.transaction() as connection:
        connection.execute(
            text(
                "INSERT INTO items (id, sender_id, digest, kind, state, tier, action, verdict_id)"
                " SELECT id, id, '', 'post', 'decided', 'none', 'publish', id"
                " FROM unnest(CAST(:ids AS uuid[])) AS id"
            ),
            {"ids": [id_of(day) for _ in range(1_203)]},
        )
    with store.transaction() as holding:
        holding.execute(text("SELECT id FROM items ORDER BY id LIMIT 1 FOR UPDATE"))
        assert apply(store, SETTINGS).items == 1_202
    assert apply(store, SETTINGS).items == 1


def test_a_table_in_use_is_left_for_the_next_time(store: Store, today: date) -> None:
    """Somebody who reads for long holds up neither us nor, through us, everybody else."""
    item(store, today - timedelta(days=5))
    with store.read() as reading, ThreadPoolExecutor(1) as other:
        reading.execute(text("SELECT count(*) FROM statements"))
        first = other.submit(apply, store, SETTINGS).result(60)
    day = f"statements_{today - timedelta(days=5):%Y%m%d}"
    assert day in first.kept
    assert day in apply(store, SETTINGS).days


def test_a_role_that_owns_nothing_leaves_days_to_the_owner(store: Store, today: date) -> None:
    """It deletes row by row, drops no day, and fails at nothing."""
    old = item(store, today - timedelta(days=5))
    with store.transaction() as connection:
        connection.execute(text("CREATE ROLE tierwise_keeper"))
        grant(connection, "tierwise_keeper")
    keeper = Store(f"{store.url}?options=-crole%3Dtierwise_keeper")
    released = apply(keeper, SETTINGS)
    keeper.close()
    assert (released.items, released.days) == (1, [])
    assert f"verdicts_{today - timedelta(days=5):%Y%m%d}" in released.kept
    for table in ("items", "events", *ABOUT_ITEMS):
        assert old not in kept(store, table)
    assert apply(store, SETTINGS).days
    with store.transaction() as connection:
        connection.execute(text("DROP OWNED BY tierwise_keeper"))
        connection.execute(text("DROP ROLE tierwise_keeper"))


def test_days_of_the_audit_go_and_the_chain_holds(store: Store, today: date) -> None:
    """Days over their time are dropped once they are sealed, and the chain says who and when."""
    with store.transaction() as connection:
        for age in (8, 7, 6, 1):
            day = today - timedelta(days=age)
            told = AuditEvent(id=id_of(day), at=start(day), actor="a", kind="k")
            record(connection, [told])
    unsealed = apply(store, SETTINGS)
    assert f"audit_events_{today - timedelta(days=8):%Y%m%d}" in unsealed.kept
    assert verify(store).no_longer_kept == 0
    seal(store)
    apply(store, SETTINGS)
    for _ in range(2):
        found = verify(store)
        assert found.intact
        assert found.no_longer_kept == 3
        assert found.dropped is not None
        assert (found.dropped.before, found.dropped.actor) == (
            today - timedelta(days=5),
            "machine",
        )
        seal(store)
    with store.transaction() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM audit_events WHERE actor = 'a'"))
    assert len(verify(store).wrong) == 1
