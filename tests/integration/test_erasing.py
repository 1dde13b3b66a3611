"""What people wrote and who they are can be erased; what was decided, and the chain, stay."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from queues.auditing import seal, verify
from queues.errors import NotFound
from queues.intake import Intake
from queues.records.erasing import Erased, erase_author, erase_item, scrubbed
from queues.records.replaying import replay
from queues.store.events import NewEvent, emit
from queues.store.session import Store
from queues.store.tables import metadata
from tests.integration.desks import Desk
from tests.integration.intakes import accepted, intake_over, judge_of, rows
from tests.integration.reported import ANSWERING, says

AUTHOR = "author-zwq"
TEXT = "my zorbling secret, xqv"
#: Words that only the author, or whoever wrote about the item, can have written.
PERSONAL = (AUTHOR, "my zorbling", "xqv", "0.6125")

#: What people and other programs said about an item.
SAID = """
INSERT INTO reports (id, item_id, reporter, comment) VALUES (uuidv7(), :item, 'eve', 'xqv is bad');
INSERT INTO appeals (id, item_id, decision_id, by, number, statement, state)
VALUES (uuidv7(), :item, uuidv7(), 'them', 1, 'I only wrote xqv', 'open');
INSERT INTO votes (id, case_id, reviewer, round, action, comment)
SELECT uuidv7(), id, 'ann', 1, 'remove', 'xqv is a name' FROM cases WHERE item_id = :item;
INSERT INTO decisions (id, item_id, verdict_id, made_by, tier, action, inclusion_probability,
    comment)
SELECT uuidv7(), id, verdict_id, 'person', 'single', 'hide', 1, 'he wrote xqv' FROM items
WHERE id = :item;
INSERT INTO signal_orders (item_id, name, deadline_at, found)
VALUES (:item, 'ocr', now(), '{"score.image": 0.6125}');
INSERT INTO strikes (decision_id, policy, author_id, item_id, strikes, expires_at)
SELECT uuidv7(), 'hate', author_id, id, 2, now() + interval '1 day' FROM items WHERE id = :item
"""


@pytest.fixture
def intake(store: Store, tmp_path: Path) -> Intake:
    """An intake over an empty store."""
    return intake_over(store, judge_of(tmp_path))


def item(store: Store, intake: Intake, name: str, **fields: object) -> UUID:
    """An item before a panel, about which much was said."""
    raw = {"id": name, "kind": "post", "text": TEXT, "author.id": AUTHOR, **fields}
    (kept,) = accepted(intake, raw)
    told = {"sender_id": name, "author_id": AUTHOR, "text": "you wrote xqv", "action": "hide"}
    with store.transaction() as connection:
        for statement in SAID.split(";"):
            connection.execute(text(statement), {"item": kept.item_id})
        emit(
            connection,
            [
                NewEvent(kind="author.notified", item_id=kept.item_id, payload=told),
                NewEvent(kind="item.decided", item_id=kept.item_id, payload={"action": "hide"}),
            ],
        )
    return kept.item_id


def found(store: Store, *words: str) -> set[tuple[str, str]]:
    """Where these words stand: the table, and the word."""
    tables = [table.name for table in metadata.sorted_tables]
    return {
        (table, word)
        for table in tables
        for row in rows(store, f"SELECT t::text AS row FROM {table} AS t")  # noqa: S608
        for word in words
        if word in row["row"]
    }


def test_an_erased_item_leaves_no_word_and_no_name(store: Store, intake: Intake) -> None:
    """No table holds what was written, by whom, or what others wrote about it."""
    gone = item(store, intake, "a")
    before = found(store, *PERSONAL)
    assert {table for table, _ in before} >= {
        "items",
        "verdicts",
        "reports",
        "appeals",
        "votes",
        "decisions",
        "events",
        "signal_orders",
        "strikes",
    }
    assert erase_item(store, "a", by="key:platform") == Erased(items=1, cases=1)
    # Strikes are about the author, who is not erased, and say nothing of the item.
    assert found(store, *PERSONAL) == {("strikes", AUTHOR)}
    (row,) = rows(store, "SELECT state, author_id, action, tier FROM items")
    assert row == {"state": "erased", "author_id": None, "action": "publish", "tier": "senior"}
    (payload, other) = rows(store, "SELECT payload FROM events ORDER BY kind")
    assert payload["payload"] == {
        "sender_id": "a",
        "author_id": None,
        "text": None,
        "action": "hide",
    }
    assert other["payload"] == {"action": "hide"}
    (replayed,) = replay(store, str(gone), by="cli:test")
    assert "erased" in str(replayed.obstacle)


def test_nothing_stays_open(store: Store, intake: Intake) -> None:
    """Cases are withdrawn, appeals are closed, and it is noted once."""
    gone = item(store, intake, "a")
    with store.transaction() as connection:
        connection.execute(text("UPDATE cases SET state = 'open'"))
    assert erase_item(store, str(gone), by="key:platform").cases == 1
    assert erase_item(store, "a", by="key:platform") == Erased(items=0, cases=0)
    assert rows(store, "SELECT state, content, closed_at IS NULL AS open FROM cases") == [
        {"state": "withdrawn", "content": None, "open": False}
    ]
    assert rows(store, "SELECT state FROM appeals") == [{"state": "withdrawn"}]
    noted = "SELECT actor, item_id FROM audit_events WHERE kind = 'item.erased'"
    assert rows(store, noted) == [{"actor": "key:platform", "item_id": gone}]
    with pytest.raises(NotFound):
        erase_item(store, "b", by="key:platform")


def test_the_record_and_the_chain_stay(store: Store, intake: Intake) -> None:
    """Which rules matched is still known, and the audit chain is as it was."""
    item(store, intake, "a", **{"score.hate": 0.61})
    seal(store)
    erase_item(store, "a", by="key:platform")
    seal(store)
    assert verify(store).intact
    (verdict,) = rows(store, "SELECT tier, input, trace FROM verdicts")
    assert verdict["input"] == {"erased": True}
    assert [rule["name"] for rule in verdict["trace"]["rules"]] == ["look", "panel"]
    assert "value" not in verdict["trace"]["rules"][0]["evidence"][0]
    assert verdict["trace"]["rules"][1]["evidence"][0]["spans"] == [[3, 11]]


def test_an_author_goes_with_all_items(store: Store, intake: Intake) -> None:
    """All items in several steps, and the strikes; others keep theirs, and no name is noted."""
    item(store, intake, "a")
    other = {"id": "other", "kind": "post", "text": "hello", "author.id": "somebody"}
    more = [{**other, "id": f"m{number}", "author.id": AUTHOR} for number in range(450)]
    accepted(intake, other, *more)
    erased = erase_author(store, AUTHOR, by="cli:ana")
    assert erased == Erased(items=451, cases=1, strikes=1)
    assert found(store, *PERSONAL) == set()
    assert rows(store, "SELECT sender_id FROM items WHERE state <> 'erased'") == [
        {"sender_id": "other"}
    ]
    (noted,) = rows(store, "SELECT actor, details FROM audit_events WHERE kind = 'author.erased'")
    assert noted == {"actor": "cli:ana", "details": {"items": 451, "strikes": 1, "reports": 0}}
    assert erase_author(store, AUTHOR, by="cli:ana").items == 0
    seal(store)
    assert verify(store).intact


def test_whoever_reported_and_appealed_is_forgotten(store: Store, tmp_path: Path) -> None:
    """Their name is nowhere; what others wrote stays, and what became of it still counts."""
    desk = Desk(store, tmp_path, ANSWERING)
    desk.send("hello", "vile")
    says(desk, "i0", "eve-zwq", "joe", reasons=("hate",))
    desk.says("r", "keep")
    desk.work()
    desk.appeal("i0", by="eve-zwq")
    desk.panel_says({"a": "hide", "b": "hide", "c": "hide"}, "hate.attack")
    assert {table for table, _ in found(store, "eve-zwq")} == {
        "reports",
        "reporters",
        "appeals",
        "events",
    }
    erased = erase_author(store, "eve-zwq", by="cli:ana")
    assert erased == Erased(items=0, cases=0, reports=1)
    assert found(store, "eve-zwq") == set()
    assert len(rows(store, "SELECT id FROM reports WHERE reasons = '{hate}'")) == 2
    assert desk.item("i0")["author_id"] == "ann"
    assert rows(store, "SELECT reporter, upheld FROM reporters") == [
        {"reporter": "joe", "upheld": 1}
    ]
    closed = desk.events("report.closed")
    assert [event["reporter"] for event in closed] == [None, "joe"]
    assert erase_author(store, "eve-zwq", by="cli:ana").reports == 0


def test_an_erased_item_forgets_who_appealed_for_it(store: Store, tmp_path: Path) -> None:
    """The author's name goes from the appeal and from what was told; a reporter's stays."""
    desk = Desk(store, tmp_path, ANSWERING)
    desk.send("vile", author={"id": "ann-zwq"})
    desk.work()
    desk.appeal("i0", by="ann-zwq")
    desk.says("r", "keep")
    desk.work()
    desk.appeal("i0", by="eve")
    assert {"appeals", "events"} <= {table for table, _ in found(store, "ann-zwq")}
    erase_item(store, "i0", by="key:platform")
    # Strikes are about the author, who is not erased.
    assert found(store, "ann-zwq") == {("strikes", "ann-zwq")}
    assert [row["by"] for row in rows(store, "SELECT by FROM appeals ORDER BY number")][1] == "eve"


def test_what_rules_saw_is_scrubbed() -> None:
    """Values and pieces of text go; names, leaves and places stay."""
    evidence = {"leaf": "l", "field": "f", "value": "x", "spans": [[0, 1]], "matched": ["x"]}
    trace = {"tier": "auto", "rules": [{"name": "r", "status": "won", "evidence": [evidence]}]}
    assert scrubbed(trace) == {
        "tier": "auto",
        "rules": [
            {
                "name": "r",
                "status": "won",
                "evidence": [{"leaf": "l", "field": "f", "spans": [[0, 1]]}],
            }
        ],
    }
    assert scrubbed({}) == {"rules": []}
