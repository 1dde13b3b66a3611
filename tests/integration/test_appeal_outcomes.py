"""What comes of appeals: what holds, what the author gets back, and who is told what, once."""

from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.casework.escalation import Escalation
from queues.store.casework import Asks
from queues.store.outbox import Task, send
from queues.store.session import Store
from tests.integration.desks import Desk
from tests.integration.reported import ANSWERING, says


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation that answers everybody."""
    return Desk(store, tmp_path, ANSWERING)


@pytest.mark.parametrize(
    ("sent", "answer", "outcome", "action", "strikes", "stated"),
    [
        # What was sent was decided by the machine: `vile` removed, `rude` warned, `brawl` locked.
        ("vile", "keep", "overturned", "publish", {}, 1),
        ("vile", "warn", "overturned", "warn", {"hate": 2}, 1),
        ("vile", "hide", "overturned", "hide", {"hate": 2}, 2),
        ("vile", "remove", "upheld", "remove", {"hate": 2}, 1),
        ("rude", "keep", "overturned", "publish", {}, 0),
        ("rude", "warn", "upheld", "warn", {}, 0),
        ("rude", "remove", "upheld", "remove", {}, 1),
        ("brawl", "label", "overturned", "label", {}, 2),
        ("brawl", "lock_thread", "upheld", "lock_thread", {}, 1),
        ("brawl", "hide", "upheld", "hide", {}, 2),
    ],
)
def test_what_an_author_gets_back(  # noqa: PLR0913, PLR0917 - a row of the table
    desk: Desk,
    sent: str,
    answer: str,
    outcome: str,
    action: str,
    strikes: dict[str, int],
    stated: int,
) -> None:
    """Milder is overturned and gives strikes back; what restricts anew is stated; all once."""
    desk.send(sent)
    desk.work()
    before = desk.item("i0")
    taken = desk.appeal("i0")
    assert (taken.asks, taken.tier) == (Asks.MILDER, Tier.SINGLE)
    desk.says("r", answer, *([] if answer == "keep" else ["hate.attack"]))
    desk.work()
    _again(desk)
    now = desk.item("i0")
    assert (now["action"], now["state"]) == (action, "decided")
    assert desk.strikes() == ({"ann": strikes} if strikes else {})
    assert len(desk.events("statement.issued")) == stated
    (closed,) = desk.events("appeal.closed")
    assert (closed["outcome"], closed["by"], closed["asks"]) == (outcome, "ann", "milder")
    assert (closed["appealed_decision_id"], closed["decision_id"]) == (
        str(before["decision_id"]),
        str(now["decision_id"]),
    )
    assert [row["state"] for row in desk.rows("SELECT state FROM appeals")] == [outcome]
    wanted = "appeal-won" if outcome == "overturned" else "appeal-lost"
    answers = [each for each in desk.events("author.notified") if "appeal" in each["message"]]
    assert [(each["message"], each["author_id"]) for each in answers] == [(wanted, "ann")]


@pytest.mark.parametrize(
    ("first", "answer", "outcome", "strikes"),
    [
        ("keep", "keep", "upheld", {}),
        ("keep", "warn", "overturned", {"hate": 2}),
        ("keep", "remove", "overturned", {"hate": 2}),
        ("warn", "warn", "upheld", {"hate": 2}),
        ("warn", "keep", "upheld", {}),
        ("warn", "remove", "overturned", {"hate": 2}),
    ],
)
def test_what_a_reporter_gets(
    desk: Desk, first: str, answer: str, outcome: str, strikes: dict[str, int]
) -> None:
    """Whoever reported wants more than was done, and is told whether that came."""
    desk.send("vile", language="de")
    desk.work()
    says(desk, "i0", "eve")
    desk.says("r", first, *([] if first == "keep" else ["hate.attack"]))
    desk.work()
    taken = desk.appeal("i0", by="eve")
    assert (taken.asks, taken.tier) == (Asks.STRICTER, Tier.SENIOR)
    reasons = () if answer == "keep" else ("hate.attack",)
    desk.panel_says({"a": answer, "b": answer, "c": answer}, *reasons)
    _again(desk)
    (closed,) = desk.events("appeal.closed")
    assert (closed["outcome"], closed["by"], closed["asks"]) == (outcome, "eve", "stricter")
    assert desk.item("i0")["action"] == ("publish" if answer == "keep" else answer)
    assert desk.strikes() == ({"ann": strikes} if strikes else {})
    told = desk.events("reporter.notified")[-1]
    assert (told["reporter"], told["message"]) == (
        "eve",
        "taken-down" if outcome == "overturned" else "left-up",
    )
    if outcome == "overturned":
        assert told["text"] == "You were right about the post: Attack on a group."
    assert not [each for each in desk.events("author.notified") if "appeal" in each["message"]]


def test_an_author_is_answered_in_the_language_of_the_item(desk: Desk) -> None:
    """And somebody who appeals for the author is no reporter."""
    desk.send("vile", language="de-AT")
    desk.work()
    assert desk.appeal("i0", by="a lawyer").asks is Asks.MILDER
    desk.says("r", "remove")
    desk.work()
    told = desk.events("author.notified")[-1]
    assert (told["text"], told["language"], told["author_id"]) == ("Es bleibt dabei.", "de", "ann")


def test_whoever_dies_before_the_commit_has_told_nobody(desk: Desk) -> None:
    """The answer is part of the decision: both are there, or neither is."""
    desk.send("vile")
    desk.work()
    desk.appeal("i0")
    with desk.store.transaction() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE 'dies'; END $$;"
                "CREATE CONSTRAINT TRIGGER die AFTER UPDATE ON appeals"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"
            )
        )
    with pytest.raises(Exception, match="dies"):
        desk.says("r", "keep")
    assert desk.item("i0")["action"] == "remove"
    assert desk.events("appeal.closed") == []
    with desk.store.transaction() as connection:
        connection.execute(text("DROP TRIGGER die ON appeals"))
    (held,) = desk.review.held("r")
    desk.review.release("r", [held.id])
    desk.says("r", "keep")
    desk.work()
    assert [event["outcome"] for event in desk.events("appeal.closed")] == ["overturned"]
    assert [each["message"] for each in desk.events("author.notified")] == ["removed", "appeal-won"]


def test_an_appeal_nobody_decides_goes_to_the_panel(desk: Desk) -> None:
    """Overdue like any case, and the panel's decision closes it, with strikes taken back."""
    escalation = Escalation(store=desk.store, policy=lambda: desk.policy)
    desk.send("vile")
    desk.work()
    taken = desk.appeal("i0")
    assert escalation.escalate() == 0
    _overdue(desk)
    assert escalation.escalate() == 1
    desk.work()
    again = desk.appeal("i0")
    assert (again.duplicate, again.id, again.tier) == (True, taken.id, Tier.SENIOR)
    assert again.case_id != taken.case_id
    _overdue(desk)
    assert escalation.report_late() == 1
    escalated = [event["overdue"] for event in desk.events("case.escalated")]
    assert escalated == [True, True]
    desk.panel_says({"a": "keep", "b": "keep", "c": "keep"})
    assert [event["outcome"] for event in desk.events("appeal.closed")] == ["overturned"]
    assert desk.item("i0")["action"] == "publish"
    assert desk.strikes() == {}


def _overdue(desk: Desk) -> None:
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = now() - interval '1 min'"))


def _again(desk: Desk) -> None:
    """All messages that were sent come a second time."""
    decisions = desk.rows("SELECT id FROM decisions")
    cases = desk.rows("SELECT id FROM cases")
    with desk.store.transaction() as connection:
        send(connection, Task.ENFORCE, [(row["id"], 6) for row in decisions])
        send(connection, Task.TALLY, [(row["id"], 6) for row in cases])
    desk.work()
