"""Exact duplicates are decided once."""

from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.review import Ballot
from queues.store.outbox import Task
from queues.store.session import Store
from tests.integration.desks import Desk

SAME = "a slur, word for word"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items."""
    return Desk(store, tmp_path)


def same(desk: Desk, count: int) -> None:
    """So many items of the same text, by different authors."""
    for number in range(count):
        desk.send("", text=SAME, author={"id": f"author-{number}"})
    desk.work()


def test_duplicates_are_decided_with_their_twin(desk: Desk) -> None:
    """In force, acted on and told of as any decision, and it says whose it took over."""
    same(desk, 3)
    desk.send("another slur")
    desk.work()
    voted = desk.says("ana", "remove", "hate.attack")
    assert [desk.item(f"i{number}")["state"] for number in (1, 2, 3)] == ["in_review"] * 3
    desk.work()
    for number in (1, 2):
        item = desk.item(f"i{number}")
        assert (item["state"], item["action"]) == ("decided", "remove")
        (made,) = desk.rows("SELECT * FROM decisions WHERE id = :id", id=item["decision_id"])
        assert (made["twin_of"], made["made_by"]) == (voted.decision_id, "person")
        assert (made["reasons"], made["policy"]) == (["hate.attack"], "hate")
    assert desk.item("i3")["state"] == "in_review"
    assert len(desk.rows("SELECT id FROM votes")) == 1
    assert len(desk.events("item.decided")) == 3


def test_what_somebody_works_on_is_left_to_them(desk: Desk) -> None:
    """Two looks are better than one; of the same person's, it is no second look."""
    same(desk, 4)
    first, own = desk.review.claim("ana", Tier.SINGLE, limit=2)
    other = desk.next("ben")
    desk.review.vote(Ballot(case_id=first.id, reviewer="ana", action="keep"))
    desk.work()
    states = {row["id"]: row["state"] for row in desk.rows("SELECT id, state FROM cases")}
    assert (states[own.id], states[other.id]) == ("decided", "open")
    assert sorted(states.values()) == ["decided", "decided", "decided", "open"]
    assert desk.review.vote(Ballot(case_id=other.id, reviewer="ben", action="hide")).complete


def test_a_message_that_comes_twice_changes_nothing(desk: Desk) -> None:
    """Nor one that comes late."""
    same(desk, 2)
    desk.says("ana", "hide")
    rows = desk.messages(Task.DECIDE_TWINS)
    assert len(desk.review.decide_twins(rows)) == 1
    assert desk.review.decide_twins(rows) == []


def test_other_reasons_are_other_questions(desk: Desk) -> None:
    """The same text in another queue, or before a panel, is not decided with it."""
    same(desk, 2)
    desk.send("", text=SAME, author={"id": "x"}, **{"item.kind": "post"})
    desk.work()
    last = "(SELECT max(id::text)::uuid FROM cases)"
    with desk.store.transaction() as connection:
        connection.execute(text(f"UPDATE cases SET queue = 'goods' WHERE id = {last}"))  # noqa: S608 - of ours
    desk.says("ana", "hide")
    desk.work()
    left = desk.rows("SELECT queue FROM cases WHERE state = 'open'")
    assert left == [{"queue": "goods"}]
