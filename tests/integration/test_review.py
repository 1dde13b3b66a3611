"""People claim cases, vote, and what they say takes effect once."""

import pickle
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.consensus import NeedsVote, Terms, Vote, count
from engine.verdict import Tier
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.review import Ballot, Claimed, ClaimLost, Review
from queues.store.outbox import Task
from queues.store.session import Store
from tests.integration.desks import Desk
from tests.waiting import until


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items."""
    return Desk(store, tmp_path)


def ballot(case: Claimed, reviewer: str, action: str = "keep", *reasons: str) -> Ballot:
    """What a reviewer says."""
    return Ballot(case_id=case.id, reviewer=reviewer, action=action, reasons=reasons)


def test_fifty_claimers_get_fifty_cases(desk: Desk) -> None:
    """However many ask at once, none gets what another has, and none goes without."""
    desk.send(*["odd"] * 50)
    desk.work()
    store = Store(desk.store.url, connections=50, wait=30)
    review = Review(store=store, policy=lambda: desk.policy)
    start = threading.Barrier(50)

    def claim(number: int) -> list[Claimed]:
        start.wait()
        return review.claim(f"r{number}", Tier.SINGLE)

    with ThreadPoolExecutor(50) as pool:
        claimed = [case for cases in pool.map(claim, range(50)) for case in cases]
    store.close()
    assert len({case.id for case in claimed}) == len(claimed) == 50
    held = desk.rows("SELECT case_id, reviewer FROM holds")
    assert len({row["case_id"] for row in held}) == len({row["reviewer"] for row in held}) == 50
    assert desk.review.claim("late", Tier.SINGLE) == []


def test_cases_come_in_the_order_of_their_rank(desk: Desk) -> None:
    """Urgent ones first, over all queues or in those that are asked for; then the oldest."""
    desk.send("odd", "odd", "wares", "now")
    desk.work()
    assert [case.sender_id for case in desk.review.claim("r", Tier.SINGLE, limit=9)] == [
        "i3",
        "i2",
        "i0",
        "i1",
    ]
    desk.review.release("r")
    general = desk.review.claim("r", Tier.SINGLE, queues=["general"], limit=9)
    assert [case.sender_id for case in general] == ["i0", "i1"]
    assert desk.review.claim("s", Tier.SENIOR) == []


def test_a_lease_ends(desk: Desk) -> None:
    """Who works on a case keeps it; who went away loses it to the next, and cannot decide it."""
    desk.send("odd")
    desk.work()
    hasty = desk.review_for(lease=0.001)
    (case,) = hasty.claim("gone", Tier.SINGLE)
    assert desk.review.expire_leases() == 1
    with pytest.raises(ClaimLost, match="claim it first"):
        desk.review.vote(ballot(case, "gone"))
    hasty.claim("gone", Tier.SINGLE)
    assert [again.id for again in desk.review.claim("next", Tier.SINGLE)] == [case.id]
    with pytest.raises(ClaimLost, match="another reviewer has it"):
        desk.review.vote(ballot(case, "gone"))
    with pytest.raises(ClaimLost):
        desk.review.renew("gone", case.id)
    assert desk.review.renew("next", case.id) > case.lease_until
    assert [kept.id for kept in desk.review.held("next")] == [case.id]
    assert desk.review.release("next") == [case.id]
    assert desk.review.held("next") == []


def test_a_reviewer_decides(desk: Desk) -> None:
    """One vote is the decision: it is in force, acts, is told of, and replaces the machine's."""
    (item,) = desk.send("a slur")
    desk.work()
    machine = desk.item("i0")
    assert (machine["state"], machine["action"]) == ("in_review", "hide")
    voted = desk.says("ann-r", "remove", "hate.attack")
    assert voted.complete
    now = desk.item("i0")
    assert (now["state"], now["action"]) == ("decided", "remove")
    assert now["decision_id"] == voted.decision_id
    assert now["decided_at"] is not None
    decision = desk.rows("SELECT * FROM decisions WHERE id = :id", id=voted.decision_id)[0]
    assert (decision["made_by"], decision["tier"]) == ("person", "single")
    assert (decision["reasons"], decision["policy"]) == (["hate.attack"], "hate")
    assert decision["supersedes"] == machine["decision_id"]
    assert decision["inclusion_probability"] == 1.0
    (case,) = desk.rows("SELECT * FROM cases")
    assert case["state"] == "decided"
    assert desk.rows("SELECT FROM holds") == []
    assert case["decision_id"] == voted.decision_id
    (event,) = desk.events("item.decided")
    assert (event["sender_id"], event["action"], event["before"]) == ("i0", "remove", "hide")
    assert event["item_id"] == str(item.item_id)
    kinds = [row["kind"] for row in desk.rows("SELECT kind FROM audit_events ORDER BY id")]
    assert kinds[-3:] == ["case.claimed", "case.voted", "decision.made"]
    acting = desk.rows("SELECT state, automated FROM actions WHERE id = :id", id=voted.decision_id)
    assert acting == [{"state": "pending", "automated": False}]


def test_the_second_to_decide_is_refused(desk: Desk) -> None:
    """A case is decided once: two votes at the same time make one decision."""
    desk.send("odd")
    desk.work()
    case = desk.next("r")
    start = threading.Barrier(2)

    def vote(action: str) -> str:
        start.wait()
        try:
            desk.review.vote(ballot(case, "r", action))
        except Conflict as refusal:
            return refusal.why
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        said = Counter(pool.map(vote, ("keep", "warn")))
    assert said == {"decided": 1, "it is decided, with your vote": 1}
    assert len(desk.rows("SELECT id FROM decisions WHERE made_by = 'person'")) == 1
    assert len(desk.rows("SELECT id FROM votes")) == 1


def test_an_item_is_locked_before_its_case(desk: Desk) -> None:
    """As whoever judges an item again does: nobody waits for each other."""
    desk.send("odd")
    desk.work()
    case = desk.next("r")
    with ThreadPoolExecutor(1) as pool:
        with desk.store.transaction() as connection:
            connection.execute(text("SELECT FROM items FOR UPDATE"))
            vote = pool.submit(desk.review.vote, ballot(case, "r"))
            until(lambda: desk.rows("SELECT FROM pg_locks WHERE NOT granted"))
            connection.execute(text("SELECT FROM cases FOR UPDATE NOWAIT"))
        assert vote.result().complete


def test_what_cannot_be_said_is_refused(desk: Desk) -> None:
    """Unknown cases, actions and reasons; a restriction without a reason takes the case's."""
    desk.send("odd")
    desk.work()
    case = desk.next("r")
    for wrong, named in (
        (ballot(case, "r", "explode"), "action"),
        (ballot(case, "r", "hide", "no.such"), "reasons"),
    ):
        with pytest.raises(Refused) as refused:
            desk.review.vote(wrong)
        assert refused.value.field == named
    with pytest.raises(NotFound):
        desk.review.vote(Ballot(case_id=new_id(), reviewer="r", action="keep"))
    desk.review.vote(ballot(case, "r", "hide"))
    assert desk.rows("SELECT reasons FROM decisions") == [{"reasons": ["hate.slur"]}]


def test_claim_lost_survives_the_way_through_celery() -> None:
    """It says the same on the other side."""
    lost = ClaimLost(new_id(), "bob")
    again = pickle.loads(pickle.dumps(lost))  # noqa: S301 - what was just written
    assert str(again) == str(lost)
    assert again.holder == "bob"


def test_a_panel_votes_blind_and_a_worker_counts(desk: Desk) -> None:
    """Every seat once; the majority decides, and the dissent is kept."""
    desk.send("grave")
    desk.work()
    first = desk.says("a", "hide", tier=Tier.SENIOR)
    assert (first.decision_id, first.complete) == (None, False)
    assert desk.review.claim("a", Tier.SENIOR) == []
    desk.says("b", "keep", tier=Tier.SENIOR)
    last = desk.says("c", "hide", "hate.slur", tier=Tier.SENIOR)
    assert (last.decision_id, last.complete) == (None, True)
    assert desk.review.claim("d", Tier.SENIOR) == []
    desk.work()
    now = desk.item("i0")
    assert (now["state"], now["action"]) == ("decided", "hide")
    (decision,) = desk.rows("SELECT * FROM decisions")
    assert (decision["made_by"], decision["reasons"]) == ("panel", ["hate.attack", "hate.slur"])
    (audit,) = desk.rows("SELECT details FROM audit_events WHERE kind = 'decision.made'")
    assert audit["details"]["dissent"] == ["b"]


def test_a_tally_that_comes_twice_decides_once(desk: Desk) -> None:
    """The message may be delivered again; the case is counted once."""
    desk.send("grave")
    desk.work()
    for reviewer in "abc":
        desk.says(reviewer, "hide", tier=Tier.SENIOR)
    with desk.store.transaction() as connection:
        connection.execute(
            text(
                "INSERT INTO outbox (task, queue, priority, subject)"
                " SELECT task, queue, priority, subject FROM outbox"
            )
        )
    made = [desk.review.tally([message]) for message in desk.messages(Task.TALLY)]
    assert [len(decisions) for decisions in made] == [1, 0]
    assert len(desk.rows("SELECT id FROM decisions")) == 1


def test_a_panel_that_differs_votes_again(desk: Desk) -> None:
    """The same people, with the votes open; then the middle decides. Both ballots stay."""
    desk.send("grave")
    desk.work()
    desk.panel_says({"a": "keep", "b": "hide", "c": "remove"})
    (case,) = desk.rows("SELECT state, round FROM cases")
    assert (case["state"], case["round"]) == ("open", 2)
    assert desk.review.claim("d", Tier.SENIOR) == []
    desk.panel_says({"a": "keep", "b": "label", "c": "remove"})
    assert desk.item("i0")["action"] == "label"
    assert len(desk.rows("SELECT id FROM votes")) == 6


def test_a_late_panel_is_open_to_others(desk: Desk) -> None:
    """Where somebody of the panel never comes back, another takes the seat once it is due."""
    desk.send("grave")
    desk.work()
    desk.panel_says({"a": "keep", "b": "hide", "c": "remove"})
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = now() - interval '1 second'"))
    desk.panel_says({"a": "hide", "d": "hide", "e": "hide"})
    assert desk.item("i0")["action"] == "hide"


def test_a_unanimous_panel_that_never_agrees_grows(desk: Desk) -> None:
    """After the second round one more seat is added, and the majority decides."""
    desk.send("child")
    desk.work()
    for _ in range(2):
        desk.panel_says({"a": "keep", "b": "remove"})
    (case,) = desk.rows("SELECT seats, decide, round FROM cases")
    assert (case["seats"], case["decide"], case["round"]) == (3, "majority", 3)
    (event,) = desk.events("case.escalated")
    assert event["no_agreement"] is True
    desk.panel_says({"a": "keep", "b": "remove", "c": "remove"})
    assert desk.item("i0")["action"] == "remove"


def test_two_plus_one(desk: Desk) -> None:
    """Two who agree decide; a third is asked where they differ."""
    desk.send("lonely", "lonely")
    desk.work()
    desk.panel_says({"a": "keep", "b": "keep"})
    assert desk.item("i0")["state"] == "decided"
    desk.panel_says({"a": "keep", "b": "hide"})
    assert desk.item("i1")["state"] == "in_review"
    desk.panel_says({"c": "hide"})
    assert desk.item("i1")["action"] == "hide"


@pytest.mark.parametrize("decide", ["majority", "unanimous", "two_plus_one"])
def test_claims_want_as_many_votes_as_the_count_does(desk: Desk, decide: str) -> None:
    """What SQL hands out is what `engine.consensus` still needs, vote by vote."""
    desk.send("grave")
    desk.work()
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET decide = :decide"), {"decide": decide})
    cast: list[Vote] = []
    for reviewer, action in zip("abcd", ("keep", "hide", "remove", "keep"), strict=True):
        missing = count(
            [*cast],
            Terms(seats=3, decide=decide),  # type: ignore[arg-type]  # as the row has it
            number=1,
            strictness={},
        )
        offered = desk.review.claim(reviewer, Tier.SENIOR)
        assert bool(offered) == isinstance(missing, NeedsVote)
        if offered:
            desk.review.vote(ballot(offered[0], reviewer, action))
            vote = desk.rows("SELECT action FROM votes WHERE reviewer = :r", r=reviewer)[0]
            cast.append(Vote(reviewer=reviewer, action=vote["action"]))


def test_a_sample_measures_and_changes_nothing(desk: Desk) -> None:
    """Agreement is kept as a decision beside the one in force."""
    desk.send("vile, sampled")
    desk.work()
    before = desk.item("i0")
    voted = desk.says("r", "remove", "hate.attack")
    desk.work()
    assert desk.item("i0") == before
    (sample,) = desk.rows("SELECT * FROM decisions WHERE id = :id", id=voted.decision_id)
    assert (sample["made_by"], sample["supersedes"]) == ("person", None)
    assert sample["reasons"] == ["hate.attack"]
    assert desk.rows("SELECT id FROM actions WHERE id = :id", id=voted.decision_id) == []
    assert desk.events("item.decided") == []


def test_a_sample_that_disagrees_brings_another_person(desk: Desk) -> None:
    """The action stands until somebody who has not seen the item decides."""
    desk.send("vile, sampled")
    desk.work()
    desk.says("r", "keep")
    desk.work()
    assert (desk.item("i0")["state"], desk.item("i0")["action"]) == ("in_review", "remove")
    assert desk.review.claim("r", Tier.SINGLE) == []
    desk.says("s", "keep")
    desk.work()
    assert (desk.item("i0")["state"], desk.item("i0")["action"]) == ("decided", "publish")
    assert desk.strikes() == {}


def test_people_do_not_review_themselves(desk: Desk) -> None:
    """Who voted on an item gets neither its sample nor its appeal, nor a seat above themselves."""
    desk.send("odd, sampled")
    desk.work()
    desk.says("r", "hide")
    desk.work()
    assert desk.review.claim("r", Tier.SINGLE) == []
    assert desk.next("s").purpose == "sample"
    desk.review.release("s")
    desk.appeal("i0")
    assert desk.review.claim("r", Tier.SENIOR) == []
    assert desk.next("s", Tier.SENIOR).purpose == "appeal"
