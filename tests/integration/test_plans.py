"""No statement of people's work reads a table whole that grows, however its plan is made."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from queues.store.session import Store
from tests.benchmarks.people.filling import fill
from tests.integration.desks import Desk
from tests.integration.plans import LARGE, Statements, plans_of, read_whole
from tests.integration.staff import Staff
from tests.integration.workday import TIRED, Workday

CASES: Final = 20_000
GROWING: Final = {
    *("items", "cases", "votes", "holds", "handouts", "skips", "decisions", "verdicts", "actions"),
    *("outbox", "events", "audit_events", "comments", "ratings", "appeals", "reports"),
}
#: What is read whole, by the beginning of the statement, and why.
WHOLE: Final = {
    "UPDATE cases SET rank": "upkeep: every open case gets the rank it should have",
    "SELECT cases.tier, cases.queue, CAST(floor": "all that waits is counted, once in ten seconds",
    "SELECT anon_1.tier, anon_1.queue, anon_1.priority": "as above: all that came within a day",
    "SELECT tier, queue, count(DISTINCT cases.id) AS claimed": "every seat, once in ten seconds",
    "SELECT DISTINCT reviewer FROM holds": "upkeep: everybody who has a case; as many as people",
    "DELETE FROM holds WHERE (case_id, reviewer) IN": "upkeep: every seat; as many as people",
    "SELECT id FROM items WHERE id IN ( SELECT item_id FROM cases WHERE state": "seats, once",
    "UPDATE cases SET state = 'escalated', closed_at = now() WHERE id = ANY": "as above",
}
#: Rows of the past in tables that the benchmark leaves empty.
PAST: Final = """
INSERT INTO decisions (id, item_id, verdict_id, case_id, made_by, tier, action,
    inclusion_probability)
SELECT uuidv7(), item_id, verdict_id, id, 'person', tier, 'publish', 1
FROM cases WHERE state = 'decided';
INSERT INTO actions (id, item_id, action, automated, state)
SELECT id, item_id, action, false, 'enforced' FROM decisions;
INSERT INTO events (id, kind, item_id, payload)
SELECT uuidv7(), 'item.decided', item_id, '{}' FROM decisions;
INSERT INTO audit_events (id, at, actor, kind, item_id, details, digest)
SELECT uuidv7(), now(), 'past', 'past', item_id, '{}', '' FROM decisions;
INSERT INTO outbox (task, queue, priority, subject, sent_at)
SELECT 'past', 'auto', 6, id, now() FROM decisions;
INSERT INTO comments (id, case_id, round, author, text)
SELECT uuidv7(), case_id, 1, 'past', 'Past.' FROM decisions;
INSERT INTO ratings (case_id, reviewer, verdict_id, rating)
SELECT case_id, 'past', verdict_id, 'good' FROM decisions;
INSERT INTO appeals (id, item_id, decision_id, by, number, state)
SELECT uuidv7(), item_id, id, 'past', 1, 'upheld' FROM decisions;
INSERT INTO reports (id, item_id, reporter) SELECT uuidv7(), item_id, 'past' FROM decisions;
INSERT INTO skips (case_id, reviewer, reason, at)
SELECT case_id, 'past', 'other', now() - interval '30 days' FROM decisions;
INSERT INTO holds (case_id, reviewer, lease_until)
SELECT id, 'past' || number % 300, now() + interval '1 hour'
FROM (SELECT id, row_number() OVER () AS number FROM cases
    WHERE state = 'open' AND tier = 'single' AND purpose = 'sample') AS samples
WHERE number > 5;
ANALYZE
"""


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with many cases, and a past."""
    desk = Desk(store, tmp_path)
    desk.send("odd")
    desk.work()
    fill(store, CASES, 6)
    Staff(store).add(TIRED, policies=("nothing",), exposure=2)
    with store.transaction() as connection:
        for statement in PAST.split(";"):
            connection.execute(text(statement))
    return desk


@pytest.fixture
def aside(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The same, on connections of its own."""
    store = Store(desk.store.url)
    yield Desk(store, tmp_path)
    store.close()


def test_no_table_that_grows_is_read_whole(desk: Desk, aside: Desk) -> None:
    """Whoever claims, decides, looks or cleans up: every statement goes by an index."""
    said = Statements()
    with said.heard(desk.store):
        Workday(desk, aside).work()
    large = large_tables(desk)
    filled = {re.sub(r"_\d{8}$", "", name) for name in large}
    assert filled >= GROWING, GROWING - filled
    found: dict[str, set[str]] = {}
    for statement, values in said.said.items():
        for plan in plans_of(desk.store, statement, values):
            if whole := {each for each in read_whole(plan) if each.partition(" ")[0] in large}:
                found.setdefault(" ".join(statement.split()), set()).update(whole)
    assert not {each: whole for each, whole in found.items() if not each.startswith(tuple(WHOLE))}
    # What is not read whole any more is not named any more.
    assert not [each for each in WHOLE if not any(one.startswith(each) for one in found)]


def large_tables(desk: Desk) -> set[str]:
    """Tables, and days of tables, that have many rows."""
    rows = desk.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= :rows", rows=LARGE
    )
    return {row["relname"] for row in rows}
