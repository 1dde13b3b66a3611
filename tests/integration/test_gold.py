"""Gold items come among others, tell how often people are right, and change nothing."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.errors import Conflict, NotFound, Refused
from queues.ids import moment_of, new_id
from queues.quality.figures import on_gold
from queues.quality.golds import Answer, Gold
from queues.records.erasing import erase_item
from queues.review import Ballot, Claimed, Review, Revision
from queues.sections import Quality, Wellness
from queues.sections import Review as ReviewSettings
from queues.store.session import Store
from tests.integration.desks import POLICY, Desk
from tests.integration.staff import Staff

BY = "cli:test"
REMOVE = Answer(action="remove", reasons=("hate.attack",))
WITH_GOLD = POLICY.replace(
    "sla: 24 hours\n", "sla: 24 hours\ngold: { from: set, one_in: 5 }\n", 1
) + ("---\nlist: set\nof: ids\nentries: [none]\n")


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with three items, removed by the machine, and cases in a queue with gold."""
    desk = Desk(store, tmp_path, WITH_GOLD)
    desk.send(*["vile"] * 3, language="en")
    desk.send(*["odd"] * 5)
    desk.work()
    return desk


def work(desk: Desk, draws: Iterable[int] = repeat(0), **wellness: int) -> Review:
    """People's work, where these are drawn; 0 is a gold item."""
    drawn = iter(draws)
    return Review(
        store=desk.store,
        policy=lambda: desk.policy,
        settings=ReviewSettings(grace=0),
        wellness=Wellness.model_validate(wellness),
        draw=lambda _: next(drawn),
    )


def added(desk: Desk, *names: str) -> list[Gold]:
    """Items in the set of the queue."""
    return [desk.golds.add(name, "set", by=BY, answer=REMOVE) for name in names or ("i0",)]


def purposes(cases: Iterable[Claimed]) -> list[str]:
    """What cases are for, in order."""
    return [case.purpose for case in cases]


def say(review: Review, case: Claimed, action: str, reviewer: str = "ana") -> None:
    """A vote."""
    reasons = () if action == "keep" else ("hate.attack",)
    review.vote(Ballot(case_id=case.id, reviewer=reviewer, action=action, reasons=reasons))


def test_as_many_as_the_queue_wants(desk: Desk) -> None:
    """The draw is asked once for each case, below the number of the queue."""
    asked: list[int] = []

    def draw(below: int) -> int:
        asked.append(below)
        return 1

    review = replace(work(desk), draw=draw)
    added(desk)
    assert purposes(review.claim("ana", Tier.SINGLE, limit=3)) == ["review"] * 3
    assert asked == [5, 5, 5]
    desk.send("wares")
    desk.work()
    assert purposes(review.claim("ana", Tier.SINGLE, queues=["goods"])) == ["review"]
    assert asked == [5, 5, 5]


def test_a_gold_item_takes_the_place_of_a_case(desk: Desk) -> None:
    """It looks as that one would have; that one goes to others, as if nobody had had it."""
    before = desk.rows("SELECT * FROM cases ORDER BY id")
    (gold,) = added(desk)
    cases = work(desk, [1, 0, 1]).claim("ana", Tier.SINGLE, limit=3)
    (shown,) = [case for case in cases if case.purpose == "gold"]
    assert len(cases) == 3
    held = {case.id for case in cases}
    (place,) = [row for row in before[:3] if row["id"] not in held]
    assert shown.item_id == gold.item_id
    assert shown.blind
    assert (shown.queue, shown.enqueued_at, shown.due_at, shown.tier) == (
        place["queue"],
        place["enqueued_at"],
        place["due_at"],
        place["tier"],
    )
    assert moment_of(shown.id) == moment_of(place["id"])
    assert desk.rows("SELECT * FROM cases WHERE id = :id", id=place["id"]) == [place]
    assert not desk.rows("SELECT FROM handouts WHERE case_id = :id", id=place["id"])
    assert desk.rows("SELECT FROM handouts WHERE case_id = :id", id=shown.id)
    others = work(desk, repeat(1)).claim("bea", Tier.SINGLE, limit=9)
    assert place["id"] in {case.id for case in others}


def test_an_answer_is_kept_and_changes_nothing(desk: Desk) -> None:
    """No decision, no action, nobody is told; and whoever voted gets the answer they always get."""
    added(desk)
    before = desk.item("i0")
    told = desk.rows("SELECT id FROM events")
    review = work(desk, [0, 1])
    (case,) = review.claim("ana", Tier.SINGLE)
    ballot = Ballot(case_id=case.id, reviewer="ana", action="keep")
    voted = review.vote(ballot)
    desk.work()
    assert desk.item("i0") == before
    assert desk.rows("SELECT id FROM events") == told
    assert desk.rows("SELECT * FROM decisions WHERE made_by <> 'machine'") == []
    (vote,) = desk.rows("SELECT * FROM votes")
    assert (vote["action"], vote["blind"], vote["id"]) == ("publish", True, voted.decision_id)
    (row,) = desk.rows("SELECT state FROM cases WHERE id = :id", id=case.id)
    assert row["state"] == "decided"
    (other,) = review.claim("ana", Tier.SINGLE)
    real = review.vote(Ballot(case_id=other.id, reviewer="ana", action="keep"))
    assert (real.complete, type(real.decision_id)) == (voted.complete, type(voted.decision_id))


def test_nobody_sees_one_twice(desk: Desk) -> None:
    """Neither as gold again, nor what they decided; others do. Then there are only cases."""
    desk.send("grave")
    desk.work()
    desk.panel_says({"ana": "remove", "b": "remove", "c": "remove"}, "hate.attack")
    desk.golds.add("i8", "set", by=BY)
    added(desk, "i0", "i1")
    review = work(desk)
    seen = review.claim("ana", Tier.SINGLE, limit=5)
    assert sorted(purposes(seen)) == ["gold", "gold", "review", "review", "review"]
    assert len({case.item_id for case in seen}) == 5
    for case in seen:
        say(review, case, "keep")
    assert purposes(review.claim("bea", Tier.SINGLE, limit=5)) == ["gold", "gold"]


def test_many_have_the_same_one_at_once(desk: Desk) -> None:
    """Each has a case of their own."""
    (gold,) = added(desk)
    review = work(desk)
    claimed = [review.claim(name, Tier.SINGLE)[0] for name in ("ana", "bea", "cyd")]
    assert {case.item_id for case in claimed} == {gold.item_id}
    assert len({case.id for case in claimed}) == 3


def test_it_fits_whoever_gets_it(desk: Desk) -> None:
    """In their languages, of their policies, not opted out, and no worse than they may see."""
    added(desk)
    staff = Staff(desk.store)
    staff.add("german", languages=("de",))
    staff.add("english", languages=("en",))
    staff.add("other", policies=("spam",))
    staff.add("spared", opted_out=("hate",))
    review = work(desk)
    for name in ("german", "other", "spared"):
        assert "gold" not in purposes(review.claim(name, Tier.SINGLE)), name
    assert purposes(review.claim("english", Tier.SINGLE)) == ["gold"]
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE golds SET severity = 'critical'"))
    assert purposes(review.claim("bea", Tier.SINGLE)) == ["review"]


def test_it_counts_as_seen(desk: Desk) -> None:
    """In the exposure of a shift."""
    added(desk)
    Staff(desk.store).add("ana")
    review = work(desk, repeat(0), exposure=4)
    assert purposes(review.claim("ana", Tier.SINGLE)) == ["gold"]
    assert purposes(review.claim("ana", Tier.SINGLE)) == ["review"]
    assert review.hand_out("ana", Tier.SINGLE).cases == []


def test_given_back_it_waits_for_the_same_person(desk: Desk) -> None:
    """For nobody else; skipped or overdue, it is gone."""
    added(desk, "i0", "i1", "i2")
    review = work(desk, chain([0, 0, 0], repeat(1)))
    gold = review.claim("ana", Tier.SINGLE, limit=3)
    review.release("ana")
    assert not {case.id for case in review.claim("bea", Tier.SINGLE, limit=9)} & {
        case.id for case in gold
    }
    back = review.claim("ana", Tier.SINGLE, limit=9)
    assert {case.id for case in back} == {case.id for case in gold}
    review.skip("ana", back[0].id, "other")
    review.release("ana", [back[1].id])
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = now() - interval '1 hour'"))
    review.expire_leases()
    states = {row["id"]: row["state"] for row in desk.rows("SELECT id, state FROM cases")}
    assert [states[case.id] for case in back] == ["withdrawn", "withdrawn", "open"]


def test_an_undecided_case_is_no_gold(desk: Desk) -> None:
    """An item that somebody has to decide in earnest is not shown as gold meanwhile."""
    added(desk)
    review = work(desk)
    assert purposes(review.claim("ana", Tier.SINGLE)) == ["gold"]
    desk.appeal("i0")
    assert purposes(review.claim("bea", Tier.SINGLE)) == ["review"]


def test_waits_and_paces_are_told_without_it(desk: Desk) -> None:
    """Nobody waits for it."""
    from queues.backlog import Backlog  # noqa: PLC0415
    from queues.casework.waits import Waits  # noqa: PLC0415

    added(desk, "i0", "i1")
    review = work(desk)
    gold = review.claim("ana", Tier.SINGLE, limit=2)
    say(review, gold[0], "keep")
    standing = {
        each.queue: each for each in Waits(desk.store, ageing=14_400.0).current().standings()
    }
    assert (standing["general"].depth, standing["general"].decided_per_hour) == (5, 0)
    assert [each.waiting for each in Backlog(desk.store, attempts=3).depths().queues] == [5]


def test_what_becomes_gold(desk: Desk) -> None:
    """A decided item, with the answer of its panel or one that is given in words of the policy."""
    desk.send("grave")
    desk.work()
    with pytest.raises(Conflict, match="in_review"):
        desk.golds.add("i8", "set", by=BY)
    desk.panel_says({"a": "remove", "b": "remove", "c": "keep"}, "hate.attack")
    gold = desk.golds.add("i8", "set", by=BY)
    assert (gold.action, gold.reasons, gold.policy) == ("remove", ("hate.attack",), "hate")
    assert (gold.sender_id, gold.shown, gold.retired_at) == ("i8", 0, None)
    with pytest.raises(NotFound):
        desk.golds.add("nothing", "set", by=BY)
    for answer, field in (
        (None, "action"),
        (Answer(action="explode"), "action"),
        (Answer(action="remove", reasons=("no.such",)), "reasons"),
    ):
        with pytest.raises(Refused) as refused:
            desk.golds.add("i0", "set", by=BY, answer=answer)
        assert refused.value.field == field
    kept = desk.golds.add("i0", "set", by=BY, answer=Answer(action="keep"))
    assert kept.action == "publish"
    changed = desk.golds.add("i0", "set", by=BY, answer=REMOVE)
    assert (changed.id, changed.action) == (kept.id, "remove")
    assert [each.id for each in desk.golds.listed(source="set")] == [changed.id, gold.id]
    assert desk.golds.listed(source="other") == []


def test_retired_it_is_shown_to_nobody(desk: Desk) -> None:
    """Not to whoever gave it back either; its figures stay, and adding it again brings it back."""
    (gold,) = added(desk)
    review = work(desk)
    say(review, review.claim("ana", Tier.SINGLE)[0], "remove")
    review.claim("bea", Tier.SINGLE)
    review.release("bea")
    retired = desk.golds.retire(gold.id, by=BY)
    assert retired.retired_at is not None
    assert (retired.shown, retired.answered, retired.right) == (2, 1, 1)
    for name in ("bea", "cyd"):
        assert "gold" not in purposes(review.claim(name, Tier.SINGLE, limit=9))
        review.release(name)
    assert desk.golds.listed() == []
    assert desk.golds.listed(retired=True) == [retired]
    assert desk.golds.retire(gold.id, by=BY) == retired
    with pytest.raises(NotFound):
        desk.golds.retire(new_id(), by=BY)
    added(desk)
    assert purposes(review.claim("dee", Tier.SINGLE)) == ["gold"]
    told = desk.rows("SELECT kind, actor FROM audit_events WHERE kind LIKE 'gold%' ORDER BY id")
    assert [(row["kind"], row["actor"]) for row in told] == [
        ("gold.added", BY),
        ("gold.retired", BY),
        ("gold.added", BY),
    ]


def test_erasing_an_item_retires_it(desk: Desk) -> None:
    """And takes it from whoever has it."""
    added(desk)
    review = work(desk)
    assert purposes(review.claim("ana", Tier.SINGLE)) == ["gold"]
    assert erase_item(desk.store, "i0", by=BY).cases == 1
    assert review.held("ana") == []
    (gold,) = desk.golds.listed(retired=True)
    assert gold.retired_at is not None
    assert purposes(review.claim("bea", Tier.SINGLE)) == ["review"]


def test_how_people_do(desk: Desk) -> None:
    """Right is the right action; of somebody who has hardly answered, little is told."""
    added(desk, "i0", "i1", "i2")
    review = work(desk)
    for case, action in zip(
        review.claim("ana", Tier.SINGLE, limit=3), ("remove", "remove", "keep"), strict=True
    ):
        say(review, case, action)
    review.claim("bea", Tier.SINGLE)
    ana, bea = on_gold(desk.store, Quality())
    assert (ana.reviewer, ana.shown, ana.answered, ana.right) == ("ana", 3, 3, 2)
    assert (bea.reviewer, bea.shown, bea.answered, bea.right) == ("bea", 1, 0, 0)
    assert bea.accuracy.mean == pytest.approx(0.92)
    assert ana.accuracy.mean == pytest.approx((0.92 * 40 + 2) / 43)
    assert ana.accuracy.low < ana.accuracy.mean < ana.accuracy.high
    assert on_gold(desk.store, Quality(), source="other") == []
    with desk.store.read() as connection:
        now = connection.execute(text("SELECT now() + interval '1 hour'")).scalar_one()
    assert on_gold(desk.store, Quality(), since=now) == []


def test_it_can_be_thought_better_of_like_any_case(desk: Desk) -> None:
    """Within the time to think again it is undone; then it counts, and nothing is decided."""
    added(desk)
    review = replace(work(desk), settings=ReviewSettings(grace=60))
    (case,) = review.claim("ana", Tier.SINGLE)
    voted = review.vote(Ballot(case_id=case.id, reviewer="ana", action="keep"))
    assert (voted.decision_id, voted.complete) == (None, True)
    assert voted.commits_at is not None
    assert review.undo("ana", case.id).blind
    review.vote(Ballot(case_id=case.id, reviewer="ana", action="keep"))
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET commit_at = now() WHERE commit_at IS NOT NULL"))
    assert len(review.commit_due()) == 1
    assert on_gold(desk.store, Quality())[0].answered == 1
    (row,) = desk.rows("SELECT state, decision_id FROM cases WHERE id = :id", id=case.id)
    assert (row["state"], row["decision_id"]) == ("decided", None)


def test_it_is_escalated_and_revised_like_any_case(desk: Desk) -> None:
    """The answers are those of other cases; no panel is asked, and the first answer counts."""
    added(desk, "i0", "i1")
    review = work(desk)
    first, second = review.claim("ana", Tier.SINGLE, limit=2)
    assert review.escalate("ana", first.id, "A threat?") != first.id
    assert not desk.rows("SELECT FROM cases WHERE tier = 'senior'")
    say(review, second, "keep")
    wiser = Revision(
        case_id=second.id,
        reviewer="ana",
        action="remove",
        reasons=("hate.attack",),
        comment="I see it now.",
    )
    review.revise(wiser)
    (ana,) = on_gold(desk.store, Quality())
    assert (ana.shown, ana.answered, ana.right) == (2, 1, 0)
    assert desk.item("i1")["action"] == "remove"
    assert desk.events("case.escalated") == []


def test_a_panel_has_gold_too(store: Store, tmp_path: Path) -> None:
    """One seat, and the answer of a first vote."""
    policy = WITH_GOLD.replace("sla: 8 hours\n", "sla: 8 hours\ngold: { from: set, one_in: 2 }\n")
    desk = Desk(store, tmp_path, policy)
    desk.send("vile", "grave", "grave")
    desk.work()
    desk.golds.add("i0", "set", by=BY, answer=REMOVE)
    review = work(desk, [0, 1])
    gold, real = (review.claim("ana", Tier.SENIOR)[0] for _ in range(2))
    assert purposes([gold, real]) == ["gold", "review"]
    answers = [
        review.vote(Ballot(case_id=case.id, reviewer="ana", action="keep")) for case in (gold, real)
    ]
    assert answers[0] == answers[1]
    review.commit_due()
    desk.work()
    (ana,) = on_gold(desk.store, Quality())
    assert (ana.answered, ana.right) == (1, 0)
    states = {row["id"]: row["state"] for row in desk.rows("SELECT id, state FROM cases")}
    assert (states[gold.id], states[real.id]) == ("decided", "open")
    assert desk.rows("SELECT * FROM decisions WHERE made_by <> 'machine'") == []


def test_whoever_is_asked_twice_at_once_gets_it_once(desk: Desk) -> None:
    """Names without an account can ask in two places at the same moment."""
    added(desk)
    review = work(desk)
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _: review.claim("ana", Tier.SINGLE), range(4)))
    assert sum(purposes(cases).count("gold") for cases in got) == 1
