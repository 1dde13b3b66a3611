"""What was decided is carried out once, with all that follows from it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from queues.cli.statements import statements
from queues.ids import id_floor, new_id
from queues.standing import REMOVALS, STRIKES, facts_for
from queues.statements import Statement
from queues.statements.exporting import issued
from queues.store.outbox import Task, send
from queues.store.session import Store
from tests.integration.desks import Desk


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items."""
    return Desk(store, tmp_path)


def test_a_machine_removal_and_what_follows(desk: Desk) -> None:
    """Strikes, the message in the author's language, the statement, and an event of each."""
    (item,) = desk.send("What a VILE thing", language="en-GB")
    desk.work()
    decision = desk.item("i0")["decision_id"]
    (action,) = desk.rows("SELECT * FROM actions")
    assert (action["id"], action["state"]) == (decision, "enforced")
    assert action["enforced_at"] is not None
    (applied,) = desk.events("action.applied")
    assert (applied["sender_id"], applied["action"], applied["before"]) == ("i0", "remove", None)
    assert (applied["automated"], applied["host"]) == (True, False)
    (told,) = desk.events("author.notified", item.item_id)
    assert (told["author_id"], told["message"], told["language"]) == ("ann", "removed", "en")
    assert told["text"] == (
        f'We removed your post (Attack on a group): "VILE". https://example.org/appeals/{decision}'
    )
    (kept,) = desk.rows("SELECT * FROM statements")
    statement = Statement.model_validate(kept["fields"])
    assert kept["id"] == decision
    assert (statement.puid, statement.content_language) == (str(decision), "EN")
    assert "Remove attacks" in statement.decision_facts
    (issue,) = desk.events("statement.issued")
    assert issue["statement"] == kept["fields"]
    assert issue["redress"]["appeal"]["link"].endswith(str(decision))
    assert desk.strikes() == {"ann": {"hate": 2}}
    (audit,) = desk.rows("SELECT details FROM audit_events WHERE kind = 'action.enforced'")
    assert audit["details"]["statement"] is True


def test_statements_hold_no_word_of_people(desk: Desk) -> None:
    """Neither texts nor names reach what is published."""
    desk.send("vile Maja Muster", created_at="2026-01-31T10:00:00Z")
    desk.work()
    (row,) = desk.rows("SELECT fields::text AS written, fields FROM statements")
    assert not [word for word in ("vile", "Maja", "ann", "i0") if f"{word}" in row["written"]]
    assert row["fields"]["content_date"] == "2026-01-31"


def test_nothing_is_done_twice(desk: Desk) -> None:
    """The message comes twice and again later, and many workers have it at once."""
    desk.send(*["vile"] * 20)
    with desk.store.transaction() as connection:
        connection.execute(
            text(
                "INSERT INTO outbox (task, queue, priority, subject)"
                " SELECT task, queue, priority, subject FROM outbox WHERE task = 'auto.enforce'"
            )
        )
    messages = desk.messages(Task.ENFORCE)
    assert len(messages) == 40
    start = threading.Barrier(4)

    def work(number: int) -> int:
        start.wait()
        shuffled = messages[number * 10 :] + messages[: number * 10]
        return len(desk.enforcement.enforce(shuffled))

    with ThreadPoolExecutor(4) as pool:
        carried_out = sum(pool.map(work, range(4)))
    assert carried_out == 20
    decisions = [row["id"] for row in desk.rows("SELECT id FROM decisions")]
    with desk.store.transaction() as connection:
        send(connection, Task.ENFORCE, [(decision, 6) for decision in decisions])
    desk.work()
    for kind in ("action.applied", "author.notified", "statement.issued"):
        assert len(desk.events(kind)) == 20
    assert desk.strikes() == {"ann": {"hate": 40}}
    assert desk.rows("SELECT DISTINCT state FROM actions") == [{"state": "enforced"}]


def test_what_was_replaced_is_not_carried_out(desk: Desk) -> None:
    """A machine's action that comes after people decided would undo what they said."""
    desk.send("a slur")
    late = desk.messages(Task.ENFORCE)
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET state = 'open'"))
    desk.says("r", "keep")
    assert desk.enforcement.enforce(late) == []
    desk.work()
    assert desk.item("i0")["action"] == "publish"
    states = desk.rows("SELECT action, state FROM actions ORDER BY id")
    assert [(row["action"], row["state"]) for row in states] == [
        ("hide", "superseded"),
        ("publish", "enforced"),
    ]
    assert [event["action"] for event in desk.events("action.applied")] == ["publish"]
    assert desk.events("author.notified") == []


def test_holding_back_is_stated_and_confirming_is_not_stated_again(desk: Desk) -> None:
    """The author is told once; what people confirm gets the strikes the machine could not give."""
    desk.send("a slur")
    desk.work()
    (held,) = desk.rows("SELECT fields FROM statements")
    assert held["fields"]["automated_decision"] == "AUTOMATED_DECISION_FULLY"
    assert len(desk.events("author.notified")) == 1
    assert desk.strikes() == {}
    desk.says("r", "hide", "hate.slur")
    desk.work()
    assert len(desk.events("action.applied")) == 2
    assert len(desk.events("author.notified")) == 1
    assert len(desk.events("statement.issued")) == 1
    assert desk.strikes() == {"ann": {"hate": 1}}


def test_people_who_go_further_than_the_machine_are_stated(desk: Desk) -> None:
    """A removal after hiding is a new restriction, partly automated."""
    desk.send("a slur")
    desk.work()
    desk.says("r", "remove", "hate.attack")
    desk.work()
    stated = [row["fields"] for row in desk.rows("SELECT fields FROM statements ORDER BY id")]
    assert [fields["automated_decision"] for fields in stated] == [
        "AUTOMATED_DECISION_FULLY",
        "AUTOMATED_DECISION_PARTIALLY",
    ]
    # The rule gives its strike for the reason it names, and that is not the one people found.
    assert desk.strikes() == {}


def test_people_alone(desk: Desk) -> None:
    """Nothing was held back: not automated. Keeping restricts nobody and is not stated."""
    desk.send("odd", "odd")
    desk.work()
    desk.says("r", "hide", "hate.slur")
    desk.says("r", "keep")
    desk.work()
    (row,) = desk.rows("SELECT fields FROM statements")
    assert row["fields"]["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"
    assert desk.strikes() == {"ann": {"hate": 1}}


def test_help_comes_with_the_reason_even_where_an_item_stays(desk: Desk) -> None:
    """A panel that names the reason of a message sends it, also with `keep`."""
    desk.send("lonely", "lonely")
    desk.work()
    desk.panel_says({"a": "keep", "b": "keep"}, "self_harm.risk")
    (told,) = desk.events("author.notified")
    assert (told["message"], told["text"]) == ("help", "You are not alone.")
    desk.panel_says({"a": "keep", "b": "keep"})
    assert len(desk.events("author.notified")) == 1


def test_warnings_restrict_nobody_and_host_actions_go_out(desk: Desk) -> None:
    """A warning has no statement; an action of the platform's own is told to it, and stated."""
    desk.send("rude", "brawl")
    desk.work()
    warned, locked = desk.events("action.applied")
    assert (warned["action"], warned["host"]) == ("warn", False)
    assert (locked["action"], locked["host"]) == ("lock_thread", True)
    assert locked["about"] == "Nobody can answer any more."
    (row,) = desk.rows("SELECT fields FROM statements")
    assert row["fields"]["decision_visibility"] == ["DECISION_VISIBILITY_OTHER"]
    assert desk.item("i1")["action"] == "lock_thread"


def test_reports_are_told_as_the_source(desk: Desk) -> None:
    """What users brought to notice was not detected by a machine."""
    desk.send("fine")
    desk.work()
    desk.report("i0")
    desk.work()
    (row,) = desk.rows("SELECT fields FROM statements")
    assert row["fields"]["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert row["fields"]["automated_detection"] == "No"
    assert desk.item("i0")["action"] == "hide"


def test_strikes_expire(desk: Desk) -> None:
    """After so many days as the settings say, they count no more."""
    desk.send("vile")
    desk.work()
    (strike,) = desk.rows("SELECT expires_at - at AS lasts FROM strikes")
    assert strike["lasts"] == timedelta(days=desk.settings.standing.strike_days)
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE strikes SET expires_at = now()"))
    assert desk.strikes() == {}


def test_what_is_known_of_authors(desk: Desk) -> None:
    """Removals in force within 90 days and strikes; of everybody who is asked about."""
    desk.send("vile", "vile", "rude", "vile")
    desk.work()
    desk.appeal("i0")
    desk.says("r", "keep")
    desk.work()
    with desk.store.transaction() as connection:
        connection.execute(
            text("UPDATE items SET decided_at = now() - interval '91 days' WHERE sender_id = 'i1'")
        )
        facts = facts_for(connection, ["ann", "nobody"])
        assert facts_for(connection, []) == {}
    assert facts == {
        "ann": {REMOVALS: 1, STRIKES: 4},
        "nobody": {REMOVALS: 0, STRIKES: 0},
    }


def test_statements_are_exported_by_time(desk: Desk) -> None:
    """Those that were issued within the time, in order."""
    desk.send(*["vile"] * 3)
    desk.work()
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    with desk.store.read() as connection:
        found = [each["puid"] for each in issued(connection, now - hour, now + hour)]
        assert list(issued(connection, now - 2 * hour, now - hour)) == []
    assert found == [str(row["id"]) for row in desk.rows("SELECT id FROM statements ORDER BY id")]
    assert len(found) == 3


def test_a_statement_of_a_fast_machine_is_exported(desk: Desk) -> None:
    """It has its place in the time it was issued at, though its id is of a later one."""
    desk.send("vile")
    desk.work()
    later = id_floor(datetime.now(UTC) + timedelta(minutes=10))
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE statements SET id = :later"), {"later": later})
    with desk.store.read() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
        assert len(list(issued(connection, now - timedelta(hours=1), now))) == 1


def test_the_command_writes_what_the_database_takes(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`tierwise statements`: a line is the body of a request."""
    desk.send("vile")
    desk.work()
    monkeypatch.setenv("TIERWISE_DATABASE__URL", desk.store.url)
    file = tmp_path / "statements.jsonl"
    statements(out=file)
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert Statement.model_validate_json(line).puid == str(desk.item("i0")["decision_id"])
    statements(since=datetime(2020, 1, 1), until=datetime(2020, 1, 2), out=file)  # noqa: DTZ001 - as typer reads days
    assert file.read_text(encoding="utf-8") == ""


def test_a_message_about_nothing_does_no_harm(desk: Desk) -> None:
    """Rows that are gone, and decisions that never were."""
    assert desk.enforcement.enforce([1, 2, 3]) == []
    with desk.store.transaction() as connection:
        send(connection, Task.ENFORCE, [(new_id(), 6)])
    assert desk.enforcement.enforce(desk.messages(Task.ENFORCE)) == []
    assert desk.messages(Task.ENFORCE) == []
