"""Appeals: taken once, looked at by others, and what they say holds."""

from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.casework.appeals import Appeal
from queues.errors import Conflict, NotFound, Refused
from queues.store.session import Store
from tests.integration.desks import Desk


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation where one item was removed by the machine."""
    desk = Desk(store, tmp_path)
    desk.send("vile")
    desk.work()
    return desk


def test_the_rules_say_who_looks(desk: Desk) -> None:
    """A first appeal against the machine goes to one reviewer, by the deadline of the rule."""
    before = desk.item("i0")
    taken = desk.appeal("i0")
    assert (taken.number, taken.decision_id) == (1, before["decision_id"])
    assert (taken.tier, taken.queue) == (Tier.SINGLE, "general")
    (case,) = desk.rows("SELECT *, due_at - enqueued_at AS sla FROM cases")
    assert (case["id"], case["purpose"], case["state"]) == (taken.case_id, "appeal", "open")
    assert (case["rule"], case["policy"], case["reason"]) == (
        "appeal-of-machine",
        "appeal",
        "appeal",
    )
    assert (case["sla"].total_seconds(), case["due_at"]) == (48 * 3_600, taken.due)
    assert case["appeal_id"] == taken.id
    assert desk.item("i0") == before


def test_an_appeal_that_wins_restores(desk: Desk) -> None:
    """The item is back, strikes are taken back, and everybody is told."""
    assert desk.strikes() == {"ann": {"hate": 2}}
    taken = desk.appeal("i0")
    voted = desk.says("r", "keep")
    desk.work()
    now = desk.item("i0")
    assert (now["state"], now["action"]) == ("decided", "publish")
    assert now["decision_id"] == voted.decision_id
    assert desk.strikes() == {}
    (strike,) = desk.rows("SELECT * FROM strikes")
    assert strike["taken_back_at"] is not None
    (kept,) = desk.rows("SELECT * FROM appeals")
    assert (kept["state"], kept["statement"]) == ("overturned", "Please.")
    assert kept["closed_at"] is not None
    (closed,) = desk.events("appeal.closed")
    assert (closed["appeal_id"], closed["outcome"]) == (str(taken.id), "overturned")
    assert (closed["appealed_action"], closed["action"]) == ("remove", "publish")
    restored = desk.events("action.applied")[-1]
    assert (restored["action"], restored["before"], restored["restores"]) == (
        "publish",
        "remove",
        True,
    )
    assert len(desk.events("statement.issued")) == 1


def test_an_appeal_that_loses_changes_nothing(desk: Desk) -> None:
    """The decision stands; it is neither stated nor punished nor told again."""
    given = desk.rows("SELECT * FROM strikes")
    desk.appeal("i0")
    desk.says("r", "remove")
    desk.work()
    assert desk.item("i0")["action"] == "remove"
    assert [row["state"] for row in desk.rows("SELECT state FROM appeals")] == ["upheld"]
    assert desk.rows("SELECT * FROM strikes") == given
    assert len(desk.events("statement.issued")) == 1
    assert len(desk.events("author.notified")) == 1
    (decision,) = desk.rows("SELECT reasons FROM decisions WHERE made_by = 'person'")
    assert decision["reasons"] == ["hate.attack"]


def test_the_second_appeal_goes_to_the_panel(desk: Desk) -> None:
    """Whoever decided the first is not on it, and what it overturns gives all strikes back."""
    desk.appeal("i0")
    desk.says("r", "remove")
    desk.work()
    second = desk.appeal("i0")
    assert (second.number, second.tier, second.queue) == (2, Tier.SENIOR, "children")
    assert desk.review.claim("r", Tier.SENIOR) == []
    desk.panel_says({"a": "label", "b": "label"}, "hate.attack")
    assert desk.item("i0")["action"] == "label"
    assert desk.strikes() == {"ann": {"hate": 2}}
    (given,) = desk.rows("SELECT * FROM strikes WHERE taken_back_at IS NULL")
    assert given["decision_id"] == desk.item("i0")["decision_id"]
    assert [event["outcome"] for event in desk.events("appeal.closed")] == ["upheld", "overturned"]
    assert len(desk.events("author.notified")) == 1


def test_what_a_machine_holds_back_was_decided_by_a_machine(desk: Desk) -> None:
    """Its tier names the people it was held back for, and they never looked."""
    desk.send("a slur")
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET state = 'withdrawn'"))
        connection.execute(text("UPDATE items SET state = 'decided'"))
    assert desk.appeal("i1").tier is Tier.SINGLE


def test_what_cannot_be_appealed(desk: Desk) -> None:
    """Nothing decided, people about to decide, an appeal open, too late, unknown, too long."""
    desk.send("fine", "odd")
    desk.work()
    ours = str(desk.item("i0")["id"])
    assert desk.appeal(ours).number == 1
    for item, why in (
        ("i1", "nothing was decided"),
        ("i2", "people are about to decide"),
    ):
        with pytest.raises(Conflict, match=why):
            desk.appeal(item)
    with pytest.raises(Conflict, match="open already"):
        desk.appeal("i0", by="bob")
    with pytest.raises(NotFound):
        desk.appeal("i99")
    with pytest.raises(Refused, match="statement"):
        desk.appeals.appeal(Appeal(item="i0", by="ann", statement="x" * 10_001), actor="key:k")
    desk.says("r", "keep")
    assert len(desk.rows("SELECT id FROM appeals")) == 1


def test_an_appeal_that_comes_too_late(desk: Desk) -> None:
    """The window counts from the decision."""
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE decisions SET at = at - interval '181 days'"))
    with pytest.raises(Conflict, match="too long ago"):
        desk.appeal("i0")


def test_an_appeal_no_rule_foresees_is_not_lost(desk: Desk) -> None:
    """Without rules for appeals one reviewer takes it, or the panel where a person decided."""
    rules = desk.policy.rules
    without = {name: rule for name, rule in rules.items() if not name.startswith("appeal")}
    from dataclasses import replace  # noqa: PLC0415

    from engine.rules.release import Release  # noqa: PLC0415
    from queues.casework.appeals import Appeals  # noqa: PLC0415

    release = Release.of(replace(desk.policy, rules=without))
    appeals = Appeals(store=desk.store, release=lambda: release, window=3_600)
    assert appeals.appeal(Appeal(item="i0", by="ann"), actor="key:k").tier is Tier.SINGLE
    desk.work()
    desk.says("r", "hide", "hate.attack")
    assert appeals.appeal(Appeal(item="i0", by="ann"), actor="key:k").tier is Tier.SENIOR


def test_somebody_else_may_appeal_what_was_kept(desk: Desk) -> None:
    """An appeal against `publish` is overturned by doing something."""
    desk.send("odd")
    desk.work()
    desk.says("r", "keep")
    desk.work()
    desk.appeal("i1", by="bob")
    desk.panel_says({"a": "hide", "b": "hide", "c": "hide"}, "hate.attack")
    assert desk.events("appeal.closed")[-1]["outcome"] == "overturned"
    (row,) = desk.rows("SELECT by FROM appeals")
    assert row["by"] == "bob"
