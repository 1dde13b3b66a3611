"""Of some cases that one person decides, another one decides the same item, unknown to both."""

from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.casework.escalation import Escalation
from queues.quality.blinding import Blinding
from queues.review import Ballot, Review
from queues.sections import Review as ReviewSettings
from queues.store.session import Store
from tests.integration.desks import Desk

ALL = Blinding(overlap=1)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which every case is looked at twice."""
    desk = Desk(store, tmp_path)
    desk.blinding = ALL
    return desk


def votes(desk: Desk) -> dict[str, tuple[str, str, bool]]:
    """Who said what, and whether blind, by the purpose of the case."""
    found = desk.rows(
        "SELECT purpose, reviewer, action, blind FROM votes JOIN cases ON cases.id = case_id"
    )
    return {row["purpose"]: (row["reviewer"], row["action"], row["blind"]) for row in found}


def test_the_second_look_is_kept_and_changes_nothing(desk: Desk) -> None:
    """The first decides. Both are blind, by different people; nobody is told of the second vote."""
    desk.send("slur")
    desk.work()
    desk.says("ana", "remove", "hate.slur")
    desk.work()
    decided = desk.item("i0")
    assert (decided["state"], decided["action"]) == ("decided", "remove")
    assert desk.review.claim("ana", Tier.SINGLE) == []
    told = len(desk.events("item.decided"))
    desk.says("bea", "keep")
    desk.work()
    assert desk.item("i0") == decided
    assert len(desk.events("item.decided")) == told == 1
    assert votes(desk) == {
        "review": ("ana", "remove", True),
        "overlap": ("bea", "publish", True),
    }
    made = desk.rows("SELECT case_id FROM decisions WHERE made_by = 'person'")
    assert len(made) == 1
    assert desk.review.claim("cyd", Tier.SINGLE) == []


def test_it_is_less_urgent_than_any_case(desk: Desk) -> None:
    """And is due no earlier than the first was."""
    desk.send("now")
    desk.work()
    desk.says("ana", "keep")
    desk.send("wares")
    desk.work()
    assert [case.purpose for case in desk.review.claim("bea", Tier.SINGLE, limit=9)] == [
        "review",
        "overlap",
    ]
    due = desk.rows("SELECT due_at FROM cases WHERE item_id = :i", i=desk.item("i0")["id"])
    assert due[0]["due_at"] < due[1]["due_at"]


def test_only_what_one_person_reviews(desk: Desk) -> None:
    """Not samples, appeals or panels; and a case that a panel takes over has no second look."""
    desk.send("sampled vile", "grave")
    desk.work()
    desk.says("ana", "remove", "hate.attack")
    desk.panel_says({"a": "remove", "b": "remove", "c": "remove"}, "hate.attack")
    desk.appeal("i0")
    desk.says("bea", "remove", "hate.attack")
    desk.work()
    assert not desk.rows("SELECT FROM cases WHERE purpose = 'overlap'")


def test_a_share_of_cases_by_queue(desk: Desk) -> None:
    """The same of a case whenever it is asked; a queue can have another share."""
    desk.send(*["odd"] * 40, *["wares"] * 5)
    desk.work()
    claimed = desk.review.claim("ana", Tier.SINGLE, limit=50)
    by_queue = Blinding(overlap=0.5, overlap_by_queue={"goods": 0}, key=b"k")
    twice = [case for case in claimed if by_queue.overlaps(case)]
    assert 8 < len(twice) < 32
    assert {case.queue for case in twice} == {"general"}
    assert twice == [case for case in claimed if by_queue.overlaps(case)]


def test_an_overdue_second_look_stays_where_it_is(desk: Desk) -> None:
    """No panel is bothered with it."""
    desk.send("odd")
    desk.work()
    desk.says("ana", "keep")
    desk.work()
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = now() - interval '1 hour'"))
    assert Escalation(store=desk.store, policy=lambda: desk.policy).escalate() == 0
    assert desk.next("bea").purpose == "overlap"


def test_without_a_share_nothing_is_looked_at_twice(desk: Desk) -> None:
    """As where nothing is set."""
    desk.send("odd")
    desk.work()
    settings = ReviewSettings(grace=0)
    review = Review(store=desk.store, policy=lambda: desk.policy, settings=settings)
    (case,) = review.claim("ana", Tier.SINGLE)
    review.vote(Ballot(case_id=case.id, reviewer="ana", action="keep"))
    assert not desk.rows("SELECT FROM cases WHERE purpose = 'overlap'")


def test_it_is_opened_when_the_first_look_counts(desk: Desk) -> None:
    """A vote that is taken back has had no second look."""
    desk.send("odd")
    desk.work()
    review = desk.review_with(grace=60)
    (case,) = review.claim("ana", Tier.SINGLE)
    review.vote(Ballot(case_id=case.id, reviewer="ana", action="keep"))
    assert not desk.rows("SELECT FROM cases WHERE purpose = 'overlap'")
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET commit_at = now()"))
    assert len(review.commit_due()) == 1
    assert len(desk.rows("SELECT FROM cases WHERE purpose = 'overlap'")) == 1
