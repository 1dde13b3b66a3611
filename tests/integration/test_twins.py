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


def test_a_vote_that_does_not_count_yet_is_left_alone(desk: Desk) -> None:
    """Whoever cast it can still take it back, and it is a second look."""
    same(desk, 2)
    slow = desk.review_with(grace=60)
    (waiting,) = slow.claim("ben", Tier.SINGLE)
    slow.vote(Ballot(case_id=waiting.id, reviewer="ben", action="hide"))
    desk.says("ana", "keep")
    desk.work()
    left = desk.rows("SELECT id FROM cases WHERE state = 'open'")
    assert left == [{"id": waiting.id}]


def test_a_message_that_comes_twice_changes_nothing(desk: Desk) -> None:
    """Nor one that comes late."""
    same(desk, 2)
    desk.says("ana", "hide")
    rows = desk.messages(Task.DECIDE_TWINS)
    assert len(desk.review.decide_twins(rows)) == 1
    assert desk.review.decide_twins(rows) == []


def test_other_reasons_are_other_questions(desk: Desk) -> None:
    """The same text in another queue, or brought up for another reason, is not decided with it."""
    same(desk, 3)
    _, second, third = desk.rows("SELECT id FROM cases ORDER BY id")
    with desk.store.transaction() as connection:
        for column, value, case in (("queue", "goods", third), ("reason", "hate.attack", second)):
            change = text(f"UPDATE cases SET {column} = :value WHERE id = :id")  # noqa: S608 - of ours
            connection.execute(change, {"value": value, "id": case["id"]})
    desk.says("ana", "hide")
    desk.work()
    left = desk.rows("SELECT id FROM cases WHERE state = 'open' ORDER BY id")
    assert left == [second, third]
