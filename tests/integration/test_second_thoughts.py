"""Votes that can be taken back for a while, and decisions that are revised later."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.review import Ballot, Claimed, Review, Revision, settling
from queues.store.session import Store
from tests.integration.desks import Desk


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items."""
    return Desk(store, tmp_path)


@pytest.fixture
def slow(desk: Desk) -> Review:
    """People's work with a minute to think again."""
    return desk.review_with(grace=60)


def ballot(case: Claimed, reviewer: str, action: str = "remove") -> Ballot:
    """What a reviewer says."""
    return Ballot(case_id=case.id, reviewer=reviewer, action=action)


def opened(desk: Desk, *texts: str) -> None:
    """Items whose cases are open."""
    desk.send(*texts)
    desk.work()


def let_pass(desk: Desk) -> None:
    """As if the time to think again were over."""
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET commit_at = now() WHERE commit_at IS NOT NULL"))
        connection.execute(text("UPDATE votes SET at = at - interval '1 hour'"))


def refused(action: Callable[[], object]) -> str:
    """Why it was not done."""
    with pytest.raises(Conflict) as refusal:
        action()
    return refusal.value.why


def test_nothing_has_happened_until_it_is_committed(desk: Desk, slow: Review) -> None:
    """The item stands as it was, nobody is told, and the case is nobody else's."""
    opened(desk, "a slur")
    before = desk.item("i0")
    (case,) = slow.claim("ana", Tier.SINGLE)
    voted = slow.vote(ballot(case, "ana"))
    assert (voted.decision_id, voted.complete) == (None, True)
    assert voted.commits_at is not None
    assert slow.commit_due() == []
    assert desk.item("i0") == before
    assert desk.events("item.decided") == []
    assert slow.claim("ben", Tier.SINGLE) == []
    assert "about to be committed" in refused(lambda: slow.vote(ballot(case, "ben")))
    let_pass(desk)
    (made,) = slow.commit_due()
    assert desk.item("i0")["decision_id"] == made
    assert [event["action"] for event in desk.events("item.decided")] == ["remove"]
    assert slow.commit_due() == []


def test_an_undone_vote_leaves_no_trace_outside(desk: Desk, slow: Review) -> None:
    """The case is in the hands of the same person again, who may decide otherwise."""
    opened(desk, "a slur")
    (case,) = slow.claim("ana", Tier.SINGLE)
    slow.vote(ballot(case, "ana"))
    again = slow.undo("ana", case.id)
    assert (again.id, slow.claim("ben", Tier.SINGLE)) == (case.id, [])
    assert desk.rows("SELECT id FROM votes") == []
    assert desk.rows("SELECT commit_at FROM cases") == [{"commit_at": None}]
    let_pass(desk)
    assert slow.commit_due() == []
    slow.vote(ballot(case, "ana", "keep"))
    let_pass(desk)
    slow.commit_due()
    assert desk.item("i0")["action"] == "publish"
    kinds = Counter(row["kind"] for row in desk.rows("SELECT kind FROM audit_events"))
    assert (kinds["case.voted"], kinds["case.vote_undone"], kinds["decision.made"]) == (2, 1, 1)


def test_only_a_fresh_vote_of_ones_own_is_taken_back(desk: Desk, slow: Review) -> None:
    """Not that of others, not a second time, not once it counts."""
    opened(desk, "odd")
    (case,) = slow.claim("ana", Tier.SINGLE)
    assert refused(lambda: slow.undo("ana", case.id)) == "you have no vote in this round"
    slow.vote(ballot(case, "ana"))
    assert refused(lambda: slow.undo("ben", case.id)) == "you have no vote in this round"
    let_pass(desk)
    assert "revise the decision instead" in refused(lambda: slow.undo("ana", case.id))
    slow.commit_due()
    assert refused(lambda: slow.undo("ana", case.id)) == "it is decided"
    with pytest.raises(NotFound):
        slow.undo("ana", new_id())


def test_a_panel_counts_when_its_last_vote_does(desk: Desk, slow: Review) -> None:
    """A vote taken back in time opens its seat; the others stand."""
    opened(desk, "grave")
    cases = {name: slow.claim(name, Tier.SENIOR)[0] for name in "abc"}
    voted = [
        slow.vote(ballot(case, name, "keep" if name == "c" else "remove"))
        for name, case in cases.items()
    ]
    assert [each.commits_at is not None for each in voted] == [False, False, True]
    slow.undo("c", cases["c"].id)
    let_pass(desk)
    assert slow.commit_due() == []
    assert slow.vote(ballot(cases["c"], "c")).complete
    let_pass(desk)
    assert len(slow.commit_due()) == 1
    assert desk.item("i0")["action"] == "remove"


@pytest.mark.parametrize("attempt", range(5))
def test_undo_and_commit_at_once(desk: Desk, slow: Review, attempt: int) -> None:
    """Either it is taken back and nothing was decided, or it is decided; never both."""
    opened(desk, "odd")
    (case,) = slow.claim("ana", Tier.SINGLE)
    slow.vote(ballot(case, "ana"))
    with desk.store.transaction() as connection:
        soon = text("UPDATE cases SET commit_at = clock_timestamp() + :soon * interval '1 ms'")
        connection.execute(soon, {"soon": 5 * attempt})
    start = threading.Barrier(2)

    def undo() -> bool:
        start.wait()
        try:
            slow.undo("ana", case.id)
        except Conflict:
            return False
        return True

    def commit() -> int:
        start.wait()
        return sum(len(slow.commit_due()) for _ in range(20))

    with ThreadPoolExecutor(2) as pool:
        undone, committed = pool.submit(undo), pool.submit(commit)
        assert undone.result() + committed.result() <= 1
        assert len(desk.rows("SELECT id FROM votes")) == (not undone.result())
    slow.commit_due()
    decided = len(desk.rows("SELECT id FROM decisions WHERE made_by = 'person'"))
    assert decided == (not undone.result())


def test_two_workers_commit_once(desk: Desk, slow: Review) -> None:
    """However many look for what is due at the same time."""
    opened(desk, *["odd"] * 12)
    for case in slow.claim("ana", Tier.SINGLE, limit=12):
        slow.vote(ballot(case, "ana"))
    let_pass(desk)
    start = threading.Barrier(3)

    def commit(_: int) -> int:
        start.wait()
        return len(slow.commit_due())

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(commit, range(3))) == 12
    assert len(desk.rows("SELECT id FROM decisions")) == 12


def test_what_was_due_may_not_be_any_more(
    desk: Desk, slow: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody took their vote back and voted anew before it was this case's turn."""
    opened(desk, "odd")
    (case,) = slow.claim("ana", Tier.SINGLE)
    slow.vote(ballot(case, "ana"))
    monkeypatch.setattr(settling, "due", lambda *_: [case.id])
    assert slow.commit_due() == []
    assert desk.rows("SELECT state FROM cases") == [{"state": "open"}]


def test_a_decision_is_revised_by_a_new_one(desk: Desk) -> None:
    """With the reason; the old one stays, and what it did is undone."""
    opened(desk, "a slur")
    first = desk.says("ana", "remove", "hate.attack")
    desk.work()
    (case,) = desk.rows("SELECT id FROM cases")
    better = Revision(case_id=case["id"], reviewer="ana", action="keep", comment="It is a quote.")
    second = desk.review.revise(better)
    desk.work()
    now = desk.item("i0")
    assert (now["action"], now["decision_id"], now["state"]) == ("publish", second, "decided")
    (row,) = desk.rows("SELECT supersedes, comment FROM decisions WHERE id = :id", id=second)
    assert row == {"supersedes": first.decision_id, "comment": "It is a quote."}
    assert len(desk.rows("SELECT id FROM votes")) == 1
    assert desk.strikes() == {}
    assert [event["action"] for event in desk.events("item.decided")] == ["remove", "publish"]


def test_what_cannot_be_revised_says_why(desk: Desk) -> None:
    """Without a reason, by others, of a panel, open or appealed, and of old."""
    opened(desk, "odd", "grave")
    held = desk.next("ana")

    def revise(
        case: object, reviewer: str = "ana", why: str = "why", *, senior: bool = False
    ) -> str:
        better = Revision(case_id=case, reviewer=reviewer, action="warn", comment=why)  # type: ignore[arg-type]  # as the row has it
        return refused(lambda: desk.review.revise(better, others=senior))

    assert revise(held.id) == "it is open"
    desk.review.vote(ballot(held, "ana", "hide"))
    assert "ask them, or a senior" in revise(held.id, "ben")
    with pytest.raises(Refused, match="say why"):
        desk.review.revise(Revision(case_id=held.id, reviewer="ana", action="warn", comment=" \n"))
    desk.panel_says({"x": "hide", "y": "hide", "z": "hide"})
    (panel,) = desk.rows("SELECT id FROM cases WHERE tier = 'senior'")
    assert revise(panel["id"], "x", senior=True) == "a panel decided: appeal the decision"
    desk.appeal("i0")
    assert revise(held.id) == "an appeal is open"
    desk.panel_says({"x": "keep", "y": "keep", "z": "keep"})
    assert revise(held.id) == "another decision is in force since"


def test_a_senior_revises_what_others_decided(desk: Desk) -> None:
    """The reasons stay where none are given."""
    opened(desk, "odd")
    desk.says("ana", "hide", "hate.attack")
    (case,) = desk.rows("SELECT id FROM cases")
    better = Revision(case_id=case["id"], reviewer="bo", action="warn", comment="Milder.")
    made = desk.review.revise(better, others=True)
    (row,) = desk.rows("SELECT action, reasons FROM decisions WHERE id = :id", id=made)
    assert row == {"action": "warn", "reasons": ["hate.attack"]}


def test_an_appeal_and_a_revision_at_once(desk: Desk) -> None:
    """The appeal is about the decision that then stands, or there is no revision."""
    opened(desk, "odd")
    desk.says("ana", "hide")
    (case,) = desk.rows("SELECT id FROM cases")
    better = Revision(case_id=case["id"], reviewer="ana", action="warn", comment="Milder.")
    start = threading.Barrier(2)

    def revise() -> str:
        start.wait()
        try:
            return str(desk.review.revise(better))
        except Conflict as refusal:
            return refusal.why

    def appeal() -> str:
        start.wait()
        return str(desk.appeal("i0").decision_id)

    with ThreadPoolExecutor(2) as pool:
        revised, appealed = pool.submit(revise), pool.submit(appeal)
        in_force = str(desk.item("i0")["decision_id"])
        assert appealed.result() == in_force
        assert revised.result() in {in_force, "an appeal is open"}
