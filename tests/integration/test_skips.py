"""A case that somebody skips goes to others, and never to them again."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.verdict import Tier
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.review import Ballot, ClaimLost
from queues.review.skips import Skips
from queues.store.session import Store
from tests.integration.crowds import moment
from tests.integration.desks import Desk
from tests.integration.staff import Staff


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with one case."""
    desk = Desk(store, tmp_path)
    desk.send("odd")
    desk.work()
    return desk


@pytest.mark.parametrize("known", [True, False])
def test_a_skipped_case_never_comes_back(desk: Desk, *, known: bool) -> None:
    """Whether somebody has an account or not. Others get it at once, with its age."""
    if known:
        Staff(desk.store).add("ana")
    before = desk.rows("SELECT rank, enqueued_at, due_at FROM cases")
    case = desk.next("ana")
    desk.review.skip("ana", case.id, "not_my_language")
    assert desk.review.claim("ana", Tier.SINGLE) == []
    assert desk.rows("SELECT rank, enqueued_at, due_at FROM cases") == before
    assert desk.next("bea").id == case.id
    desk.review.release("bea")
    assert desk.review.claim("ana", Tier.SINGLE) == []


def test_a_skipped_seat_goes_to_others(desk: Desk) -> None:
    """A panel is complete without whoever skipped."""
    desk.send("grave")
    desk.work()
    case = desk.next("a", Tier.SENIOR)
    desk.review.skip("a", case.id, "conflict_of_interest")
    assert desk.review.claim("a", Tier.SENIOR) == []
    desk.panel_says({"b": "hide", "c": "hide", "d": "hide"})
    assert desk.item("i1")["action"] == "hide"


def test_only_what_somebody_has_can_be_skipped(desk: Desk) -> None:
    """And for a reason that there is; a refusal leaves all as it was."""
    case = desk.next("ana")
    with pytest.raises(Refused, match="too_distressing"):
        desk.review.skip("ana", case.id, "bored")
    with pytest.raises(ClaimLost):
        desk.review.skip("bea", case.id, "other")
    with pytest.raises(NotFound):
        desk.review.skip("ana", new_id(), "other")
    assert [each.id for each in desk.review.held("ana")] == [case.id]
    assert desk.rows("SELECT * FROM skips") == []
    desk.review.vote(Ballot(case_id=case.id, reviewer="ana", action="keep"))
    with pytest.raises(Conflict, match="decided"):
        desk.review.skip("ana", case.id, "other")


def test_skips_are_audited_and_counted(desk: Desk) -> None:
    """By person and reason, since a moment."""
    desk.send("odd")
    desk.work()
    begun = moment(desk.store)
    for _ in range(2):
        desk.review.skip("ana", desk.next("ana").id, "technical")
    desk.review.skip("bea", desk.next("bea").id, "other")
    assert desk.review.skipped(begun) == [
        Skips(reviewer="ana", reason="technical", cases=2),
        Skips(reviewer="bea", reason="other", cases=1),
    ]
    assert desk.review.skipped(moment(desk.store) + timedelta(hours=1)) == []
    told = desk.rows("SELECT actor, details FROM audit_events WHERE kind = 'case.skipped'")
    assert len(told) == 3
    assert told[0]["actor"] == "reviewer:ana"
    assert told[0]["details"]["reason"] == "technical"
