"""What people are told of their own work, and nothing that would tell them how to vote."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.errors import Refused
from queues.people import Attending
from queues.quality.golds import Answer
from queues.records import lookback
from queues.records.lookback import LookBack
from queues.review import Ballot, Claimed, ClaimLost, Review, Revision, Sitting, Workbook
from queues.review.sittings import Place
from queues.sections import Review as ReviewSettings
from queues.sections import Wellness
from queues.store.session import Store
from tests.integration.desks import POLICY, Desk
from tests.integration.staff import Staff

WITH_GOLD = POLICY.replace(
    "sla: 8 hours\n", "sla: 8 hours\ngold: { from: set, one_in: 5 }\n", 1
) + ("---\nlist: set\nof: ids\nentries: [none]\n")


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items."""
    return Desk(store, tmp_path, WITH_GOLD)


def workbook(desk: Desk, *, grace: float = 0, **wellness: int) -> Workbook:
    """What people are told."""
    return Workbook(
        store=desk.store,
        policy=lambda: desk.policy,
        settings=ReviewSettings(grace=grace),
        wellness=Wellness.model_validate(wellness),
        blinding=desk.blinding,
    )


def looked(desk: Desk, case: UUID, reviewer: str) -> LookBack:
    """A case that somebody looks at once more."""
    return lookback.read(desk.review, case, reviewer, actor=f"person:{reviewer}")


def panel(desk: Desk, reviewer: str) -> Sitting:
    """The one panel of somebody."""
    (found,) = workbook(desk).panels(reviewer)
    return found


def ballots(sitting: Sitting) -> list[tuple[str, int, str]]:
    """Who said what in which round, as far as it is told."""
    return [(each.reviewer, each.round, each.action) for each in sitting.ballots]


def test_a_panel_is_told_as_its_rounds_go_by(desk: Desk) -> None:
    """Ballots of others once the round is over; the outcome with who was against it."""
    desk.send("child")
    desk.work()
    assert workbook(desk).panels("ana") == []
    case = desk.next("ana", Tier.SENIOR)
    held = panel(desk, "ana")
    assert (held.place, held.seats, held.decide, held.votes_cast) == (
        Place.IN_HAND,
        2,
        "unanimous",
        0,
    )
    # The item is hidden meanwhile, which says what the rule thinks of it.
    assert held.meanwhile is None
    _waits_and_is_asked_again(desk, case)
    desk.panel_says({"ana": "remove", "ben": "keep"})
    grown = panel(desk, "ana")
    assert (grown.round, grown.seats, grown.decide) == (3, 3, "majority")
    desk.panel_says({"ana": "remove", "ben": "keep", "cem": "remove"})
    closed = panel(desk, "ben")
    assert closed.outcome is not None
    assert (closed.place, closed.outcome.action, closed.outcome.dissent) == (
        Place.CLOSED,
        "remove",
        ("ben",),
    )
    assert len(closed.ballots) == 7
    assert len(panel(desk, "cem").ballots) == 7


def _waits_and_is_asked_again(desk: Desk, case: Claimed) -> None:
    """Two vote otherwise in the first round."""
    desk.review.vote(Ballot(case_id=case.id, reviewer="ana", action="remove"))
    desk.next("ben", Tier.SENIOR)
    waits = panel(desk, "ana")
    assert (waits.place, waits.votes_cast, waits.meanwhile) == (Place.WAITING, 1, None)
    assert ballots(waits) == [("ana", 1, "remove")]
    assert panel(desk, "ben").ballots == ()
    desk.review.vote(Ballot(case_id=case.id, reviewer="ben", action="keep"))
    desk.work()
    again = panel(desk, "ana")
    assert (again.place, again.round, again.votes_cast) == (Place.AGAIN, 2, 0)
    assert again.meanwhile == "hide"
    assert (
        ballots(again)
        == ballots(panel(desk, "ben"))
        == [
            ("ana", 1, "remove"),
            ("ben", 1, "publish"),
        ]
    )


def test_whoever_skipped_is_told_no_more(desk: Desk) -> None:
    """And of what one reviewer decides there is nothing among panels."""
    desk.send("grave", "odd")
    desk.work()
    case = desk.next("ana", Tier.SENIOR)
    desk.next("ana")
    assert panel(desk, "ana").case_id == case.id
    desk.review.skip("ana", case.id, "technical")
    assert workbook(desk).panels("ana") == []


def test_gold_looks_like_a_panel_that_waits(desk: Desk) -> None:
    """With as many seats as its queue has, until its deadline; nobody else votes on it."""
    desk.send("vile")
    desk.send("grave", "grave")
    desk.work()
    desk.golds.add("i0", "set", by="cli:test", answer=Answer(action="remove", reasons=()))
    review = Review(
        store=desk.store,
        policy=lambda: desk.policy,
        settings=ReviewSettings(grace=60),
        draw=lambda _: next(drawn),
    )
    drawn = iter((0, 1))
    cases = review.claim("ana", Tier.SENIOR, limit=2)
    assert {case.purpose for case in cases} == {"gold", "review"}
    for case in cases:
        review.vote(Ballot(case_id=case.id, reviewer="ana", action="keep"))
    told = [_alike(each) for each in workbook(desk, grace=60).panels("ana")]
    assert told[0] == told[1]
    assert told[0].undo_until is not None
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET commit_at = now() WHERE commit_at IS NOT NULL"))
        connection.execute(text("UPDATE votes SET at = at - interval '1 hour'"))
    review.commit_due()
    told = [_alike(each) for each in workbook(desk, grace=60).panels("ana")]
    assert told[0] == told[1]
    assert told[0].undo_until is None
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = now() WHERE purpose = 'gold'"))
    assert len(workbook(desk).panels("ana")) == 1


def _alike(sitting: Sitting) -> Sitting:
    """Without what differs between any two panels."""
    ballots = tuple(replace(each, at=sitting.due_at) for each in sitting.ballots)
    until = None if sitting.undo_until is None else sitting.due_at
    return replace(sitting, case_id=UUID(int=0), ballots=ballots, undo_until=until)


def test_what_somebody_decided_is_told_the_newest_first(desk: Desk) -> None:
    """Page by page; with what stands now, where a decision was revised."""
    desk.send(*["slur"] * 3)
    desk.work()
    for action in ("keep", "remove", "hide"):
        desk.says("ana", action)
    book = workbook(desk)
    first = book.decisions("ana", cursor=None, limit=2)
    assert [each.action for each in first.decisions] == ["hide", "remove"]
    rest = book.decisions("ana", cursor=first.next, limit=2)
    assert ([each.action for each in rest.decisions], rest.next) == (["publish"], None)
    removed = first.decisions[1]
    assert (removed.state, removed.revised, removed.sender_id) == ("decided", None, "i1")
    desk.review.revise(
        Revision(case_id=removed.case_id, reviewer="ana", action="keep", comment="A quotation.")
    )
    (_, revised), stands = book.decisions("ana", cursor=None, limit=2).decisions, removed
    assert revised.action == stands.action == "remove"
    assert revised.revised is not None
    assert (revised.revised.action, revised.revised.comment) == ("publish", "A quotation.")
    assert book.decisions("ben", cursor=None, limit=5).decisions == []
    with pytest.raises(Refused):
        book.decisions("ana", cursor="x", limit=5)


def test_what_is_fresh_can_be_taken_back(desk: Desk) -> None:
    """Until when is told, and what the id of a blind item is, is not."""
    desk.send("slur")
    desk.work()
    review = desk.review_with(grace=60)
    (case,) = review.claim("ana", Tier.SINGLE)
    review.vote(Ballot(case_id=case.id, reviewer="ana", action="remove"))
    (fresh,) = workbook(desk, grace=60).decisions("ana", cursor=None, limit=5).decisions
    assert fresh.undo_until is not None
    assert (fresh.undo_until - fresh.at).total_seconds() == 60
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE votes SET at = at - interval '61 seconds', blind = true"))
    (stale,) = workbook(desk, grace=60).decisions("ana", cursor=None, limit=5).decisions
    assert (stale.undo_until, stale.sender_id) == (None, None)


def test_only_who_voted_looks_once_more(desk: Desk) -> None:
    """At the item, and at what was appealed; blind, the statement alone is told."""
    desk.send("slur")
    desk.work()
    first = desk.next("ana")
    desk.review.vote(Ballot(case_id=first.id, reviewer="ana", action="remove"))
    desk.work()
    assert looked(desk, first.id, "ana").appeal is None
    (passage,) = looked(desk, first.id, "ana").texts
    assert passage.text == "slur 0"
    with pytest.raises(ClaimLost):
        looked(desk, first.id, "ben")
    desk.appeal("i0")
    case = desk.next("ben", Tier.SENIOR)
    blind = looked(desk, case.id, "ben")
    assert blind.appeal is not None
    assert (blind.appeal.statement, blind.appeal.asks, blind.appeal.decision) == (
        "Please.",
        None,
        None,
    )
    for name, action in (("ben", "keep"), ("cem", "remove"), ("dia", "hide")):
        if name != "ben":
            desk.next(name, Tier.SENIOR)
        desk.review.vote(Ballot(case_id=case.id, reviewer=name, action=action))
    desk.work()
    seen = looked(desk, case.id, "ben").appeal
    assert seen is not None
    assert seen.decision is not None
    assert (seen.asks, seen.decision.action, seen.decision.made_by) == (
        "milder",
        "remove",
        "person",
    )


def test_exposure_is_told_in_twentieths(desk: Desk) -> None:
    """Of the limit; one case more tells nothing of how severe it was."""
    Staff(desk.store).add("ana")
    account, _ = Attending(store=desk.store).look("ana")
    desk.send(*["odd"] * 3)
    desk.work()
    assert workbook(desk).exposure(account).used == 0
    used = []
    severe = text(
        "UPDATE handouts SET severity = :severity WHERE at = (SELECT max(at) FROM handouts)"
    )
    for severity in ("medium", "low", "high"):
        desk.next("ana")
        with desk.store.transaction() as connection:
            connection.execute(severe, {"severity": severity})
        used.append(workbook(desk, exposure=80).exposure(account).used)
    assert used == [0.05, 0.05, 0.1]
    full = workbook(desk, exposure=6).exposure(account)
    assert (full.used, full.limit, full.break_until) == (1.0, 6, None)
    assert full.full_again_at is not None
