"""Seats of a panel: taken at the same time, by as many as it wants, each by one person."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.errors import Conflict
from queues.review import Ballot, Claimed, ClaimLost, Review
from queues.store.session import Store
from tests.integration.desks import Desk

PANELS = 8
SEATS = 3
PEOPLE = 40


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items."""
    return Desk(store, tmp_path)


def test_three_sit_at_once(desk: Desk) -> None:
    """None waits for another's vote, nobody sits twice, and there is no fourth seat."""
    desk.send("grave")
    desk.work()
    seated = [desk.review.claim(name, Tier.SENIOR) for name in ("a", "a", "b", "c", "d")]
    assert [len(cases) for cases in seated] == [1, 0, 1, 1, 0]
    case = seated[0][0].id
    assert desk.review.release("b", [case]) == [case]
    assert len(desk.review.claim("d", Tier.SENIOR)) == 1
    with pytest.raises(ClaimLost):
        desk.review.vote(Ballot(case_id=case, reviewer="b", action="keep"))
    for name in "acd":
        desk.review.vote(Ballot(case_id=case, reviewer=name, action="keep"))
    desk.work()
    assert desk.item("i0")["state"] == "decided"


def test_a_seat_whose_lease_ended_goes_to_the_next(desk: Desk) -> None:
    """And whoever left it has lost it."""
    desk.send("child")
    desk.work()
    hasty = desk.review_for(lease=0.001)
    (case,) = hasty.claim("gone", Tier.SENIOR)
    assert [len(desk.review.claim(name, Tier.SENIOR)) for name in "abc"] == [1, 1, 0]
    with pytest.raises(ClaimLost):
        desk.review.vote(Ballot(case_id=case.id, reviewer="gone", action="keep"))


def test_many_claim_seats_at_once(desk: Desk) -> None:
    """Every seat of every panel is taken once, whoever comes first."""
    desk.send(*["grave"] * PANELS)
    desk.work()
    busy = Store(desk.store.url, connections=PEOPLE, wait=60)
    review = Review(store=busy, policy=lambda: desk.policy)
    start = threading.Barrier(PEOPLE)

    def claim(name: str) -> list[Claimed]:
        start.wait()
        got: list[Claimed] = []
        while cases := review.claim(name, Tier.SENIOR):
            got += cases
        return got

    with ThreadPoolExecutor(PEOPLE) as pool:
        claimed = [
            (case.id, name)
            for name, cases in zip(
                map(str, range(PEOPLE)), pool.map(claim, map(str, range(PEOPLE))), strict=True
            )
            for case in cases
        ]
    busy.close()
    assert len(set(claimed)) == len(claimed)
    assert set(Counter(case for case, _ in claimed).values()) == {SEATS}
    assert len(claimed) == PANELS * SEATS


def test_last_votes_at_once(desk: Desk) -> None:
    """Whichever comes last completes the round, and it is counted once."""
    desk.send("grave")
    desk.work()
    cases = {name: desk.review.claim(name, Tier.SENIOR)[0].id for name in "abc"}
    start = threading.Barrier(SEATS)

    def vote(name: str) -> bool:
        start.wait()
        return desk.review.vote(
            Ballot(case_id=cases[name], reviewer=name, action="remove")
        ).complete

    with ThreadPoolExecutor(SEATS) as pool:
        assert sum(pool.map(vote, "abc")) == 1
    desk.work()
    assert len(desk.rows("SELECT id FROM decisions")) == 1
    with pytest.raises(Conflict, match="it is decided"):
        desk.review.vote(Ballot(case_id=cases["a"], reviewer="a", action="keep"))


def test_a_silent_panellist_is_replaced(desk: Desk) -> None:
    """Once the round has waited for long enough, others join it; before, they do not."""
    desk.send("grave")
    desk.work()
    desk.panel_says({"a": "keep", "b": "hide", "c": "remove"})
    assert desk.review.claim("d", Tier.SENIOR) == []
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET round_since = now() - interval '5 hours'"))
    assert desk.review_with(patience=36_000).claim("d", Tier.SENIOR) == []
    desk.panel_says({"a": "hide", "d": "hide", "b": "hide"})
    assert desk.item("i0")["action"] == "hide"


def test_somebody_claims_the_case_they_name(desk: Desk) -> None:
    """Under the conditions of any other: once, while it has a seat, and if they may."""
    desk.send("odd", "odd")
    desk.work()
    last = desk.rows("SELECT id FROM cases ORDER BY id DESC LIMIT 1")[0]["id"]
    handed = desk.review.claim_one("ana", last)
    assert [case.id for case in handed.cases] == [last]
    again = desk.review.claim_one("ben", last)
    assert (again.cases, again.why and again.why.reason) == ([], "nothing_waits")
    assert desk.next("ben").id != last


def test_who_decided_a_duplicate_is_no_judge_of_it(desk: Desk) -> None:
    """A panel over the same content is of people who have not decided it."""
    for author in ("x", "y"):
        desk.send("", text="grave, word for word", author={"id": author})
    desk.work()
    with desk.store.transaction() as connection:
        first = "(SELECT min(id::text)::uuid FROM cases)"
        connection.execute(text(f"UPDATE cases SET tier = 'single', seats = 1 WHERE id = {first}"))  # noqa: S608 - of ours
    desk.says("ana", "keep")
    assert desk.review.claim("ana", Tier.SENIOR) == []
    assert len(desk.review.claim("ben", Tier.SENIOR)) == 1


def test_nobody_holds_two_of_the_same(desk: Desk) -> None:
    """The other is for others, or decided with it; once it is late it is for anybody."""
    for author in ("x", "y"):
        desk.send("", text="grave, word for word", author={"id": author})
    desk.work()
    first = desk.next("a", Tier.SENIOR)
    assert desk.review.claim("a", Tier.SENIOR) == []
    desk.review.vote(Ballot(case_id=first.id, reviewer="a", action="keep"))
    assert desk.review.claim("a", Tier.SENIOR) == []
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = now() - interval '1 second'"))
    assert len(desk.review.claim("a", Tier.SENIOR)) == 1


def test_who_has_begun_with_a_duplicate_finishes_it(desk: Desk) -> None:
    """Else a panel that votes again would wait for people who are kept away."""
    for author in ("x", "y"):
        desk.send("", text="grave, word for word", author={"id": author})
    desk.work()
    held = {name: desk.review.claim(name, Tier.SENIOR, limit=2) for name in "abc"}
    for (name, cases), action in zip(held.items(), ("keep", "hide", "remove"), strict=True):
        desk.review.vote(Ballot(case_id=cases[0].id, reviewer=name, action=action))
    desk.work()
    with desk.store.transaction() as connection:
        also = text("""
            INSERT INTO votes (id, case_id, reviewer, round, action, content)
            SELECT uuidv7(), id, 'a', 1, 'keep', content FROM cases WHERE id = :case
        """)
        connection.execute(also, {"case": held["a"][1].id})
    again = desk.review.claim("a", Tier.SENIOR)
    assert [case.id for case in again] == [held["a"][0].id]
