"""Final decisions that a senior looks at once more: which, who gets them, what follows."""

from pathlib import Path

import pytest
from sqlalchemy import text

from engine.quality.measures import State
from engine.quality.targets import Standing
from engine.verdict import Tier
from queues.measurement import Of, Report, compared
from queues.quality import probes
from queues.quality.blinding import Reader, told
from queues.quality.validations import Validations
from queues.review import Ballot, Claimed, Revision
from queues.review.showing import shown
from queues.review.sittings import Place, Sittings
from queues.sections import Rates, Wellness
from queues.store.session import Store
from tests.integration.desks import Desk

SENIOR = Tier.SENIOR


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which votes count at once."""
    return Desk(store, tmp_path)


def draw(desk: Desk, share: float = 1.0, *, most: int = 1_000, key: bytes = b"k") -> int:
    """As if all had been decided a while ago, and nothing been drawn yet; cases are opened."""
    with desk.store.transaction() as connection:
        for change in (
            "UPDATE decisions SET at = at - interval '10 minutes'",
            "UPDATE items SET decided_at = decided_at - interval '10 minutes'",
            "UPDATE validation_draws SET until = now() - interval '3 hours'",
        ):
            connection.execute(text(change))
    drawn = validations(desk, share, most=most, key=key).draw()
    desk.work()
    return drawn


def validations(desk: Desk, share: float, *, most: int = 1_000, key: bytes = b"k") -> Validations:
    """By the policy of the desk."""
    return Validations(
        store=desk.store, policy=lambda: desk.policy, share=share, most=most, key=key
    )


def every_tier(desk: Desk) -> None:
    """i0 and i1 are the machine's, with and without a rule; i2 is ana's, i3 of a panel."""
    desk.send("vile", "fine", "odd", "grave")
    desk.work()
    desk.says("ana", "keep")
    desk.panel_says({"a": "keep", "b": "keep", "c": "keep"})


def names(claimed: list[Claimed]) -> set[str]:
    """The sender's names of items."""
    return {case.sender_id for case in claimed}


def all_of(desk: Desk, reviewer: str) -> set[str]:
    """What somebody could get; it is given back."""
    found = desk.review.claim(reviewer, SENIOR, limit=50)
    desk.review.release(reviewer)
    return names(found)


def vote(desk: Desk, case: Claimed, action: str, reviewer: str = "dee") -> None:
    """What a senior says of one; it counts at once."""
    reasons = () if action == "keep" else ("hate.slur",)
    ballot = Ballot(case_id=case.id, reviewer=reviewer, action=action, reasons=reasons)
    desk.review.vote(ballot)
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET commit_at = now() WHERE commit_at IS NOT NULL"))
    desk.review.commit_due()


def report(desk: Desk) -> Report:
    """All figures."""
    return compared(desk.store, since=None, rates=Rates(), wellness=Wellness())


def test_decisions_of_every_tier_go_to_one_senior_who_took_no_part(desk: Desk) -> None:
    """Blind, and to look at like any case of a panel. Drawn again, nothing is drawn twice."""
    every_tier(desk)
    assert draw(desk) == 4
    assert draw(desk) == 0
    rows = desk.rows("SELECT tier, action, inclusion FROM validations ORDER BY tier, action")
    assert [tuple(row.values()) for row in rows] == [
        ("auto", "publish", 1.0),
        ("auto", "remove", 1.0),
        ("senior", "publish", 1.0),
        ("single", "publish", 1.0),
    ]
    assert all_of(desk, "ana") == {"i0", "i1", "i3"}
    assert all_of(desk, "b") == {"i0", "i1", "i2"}
    claimed = desk.review.claim("dee", SENIOR, limit=50)
    assert names(claimed) == {"i0", "i1", "i2", "i3"}
    assert all(case.blind and case.suggestion is None for case in claimed)
    assert all_of(desk, "eve") == set()
    seen = shown(claimed[0], desk.policy.vocabulary.queues, to_program=False)
    assert (seen.purpose, seen.rule, seen.queue, seen.item_id) == ("review", None, None, None)
    reader = Reader(
        name="dee",
        tiers=("single", "senior"),
        blinding=desk.blinding,
        queues=desk.policy.vocabulary.queues,
    )
    with desk.store.read() as connection:
        assert all(reader.blind_to_item(connection, case.item_id) for case in claimed)
    assert told("validation") == "review"


def test_what_a_senior_says_changes_nothing_that_people_decided(desk: Desk) -> None:
    """The vote is kept. Of what the machine alone decided another person decides."""
    every_tier(desk)
    draw(desk)
    made = desk.rows("SELECT count(*) AS n FROM decisions")[0]["n"]
    events = len(desk.events("item.decided"))
    for case in desk.review.claim("dee", SENIOR, limit=50):
        vote(desk, case, "hide")
    desk.work()
    rows = desk.rows("SELECT state, decision_id, round FROM cases WHERE purpose = 'validation'")
    assert [tuple(row.values()) for row in rows] == [("decided", None, 1)] * 4
    assert desk.rows("SELECT count(*) AS n FROM decisions")[0]["n"] == made
    assert len(desk.events("item.decided")) == events
    assert [desk.item(f"i{number}")["action"] for number in (2, 3)] == ["publish"] * 2
    assert [desk.item(f"i{n}")["state"] for n in range(4)] == ["in_review"] * 2 + ["decided"] * 2
    assert desk.review.claim("dee", Tier.SINGLE) == []
    again = desk.review.claim("fay", Tier.SINGLE, limit=9)
    assert {(case.sender_id, case.purpose) for case in again} == {
        ("i0", "review"),
        ("i1", "review"),
    }


def test_one_that_is_upheld_leads_to_nothing(desk: Desk) -> None:
    """No case is opened beside it."""
    desk.send("fine")
    draw(desk)
    vote(desk, desk.next("dee", SENIOR), "keep")
    assert [row["purpose"] for row in desk.rows("SELECT purpose FROM cases")] == ["validation"]
    assert desk.item("i0")["state"] == "decided"


def test_neither_for_who_revised_it_nor_for_who_decided_a_duplicate(desk: Desk) -> None:
    """Also when it is late."""
    desk.send("odd", "odd")
    with desk.store.transaction() as connection:
        alike = "UPDATE cases SET content = 'same'::bytea"
        connection.execute(text(alike))
        connection.execute(text("UPDATE items SET content = 'same'::bytea"))
    desk.work()
    case = desk.next("ana")
    desk.review.vote(Ballot(case_id=case.id, reviewer="ana", action="keep"))
    desk.work()
    revision = Revision(case_id=case.id, reviewer="sue", action="keep", comment="looked again")
    desk.review.revise(revision, others=True)
    desk.work()
    assert draw(desk) == 2
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = now() - interval '1 second'"))
    assert all_of(desk, "ana") == set()
    assert all_of(desk, "sue") == {"i0", "i1"} - {case.sender_id}
    assert all_of(desk, "dee") == {"i0", "i1"}


def test_what_nobody_looked_at_in_time_is_let_go(desk: Desk) -> None:
    """No panel is told to hurry; what somebody holds stays."""
    desk.send("fine", "fine")
    draw(desk)
    held = desk.next("dee", SENIOR)
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = now() - interval '1 second'"))
        assert probes.expire(connection) == 1
    (left,) = desk.rows("SELECT id FROM cases WHERE state = 'open'")
    assert left["id"] == held.id


def test_a_share_of_all_the_same_whenever_it_is_drawn(desk: Desk) -> None:
    """A smaller share is a part of a larger one; another installation draws others."""
    desk.send(*["fine"] * 60)
    drawn: dict[tuple[float, bytes], set[object]] = {}
    for share, key in ((0.2, b"k"), (0.5, b"k"), (0.5, b"k"), (0.5, b"other")):
        draw(desk, share, key=key)
        rows = desk.rows("SELECT decision_id, inclusion FROM validations")
        assert {row["inclusion"] for row in rows} == {share}
        found = {row["decision_id"] for row in rows}
        assert drawn.setdefault((share, key), found) == found
        with desk.store.transaction() as connection:
            connection.execute(text("DELETE FROM cases"))
    assert drawn[0.2, b"k"] < drawn[0.5, b"k"] != drawn[0.5, b"other"]
    assert 15 < len(drawn[0.5, b"k"]) < 45


def test_no_more_than_seniors_can_be_asked_for(desk: Desk) -> None:
    """Where too many would wait, fewer are drawn, and each stands for more."""
    desk.send(*["fine"] * 40)
    drawn = draw(desk, most=10)
    assert 0 < drawn < 25
    assert {row["inclusion"] for row in desk.rows("SELECT inclusion FROM validations")} == {0.25}
    desk.send("fine")
    assert draw(desk, most=drawn) == 0


def test_nothing_is_drawn_that_is_not_final_or_where_nobody_could_look(desk: Desk) -> None:
    """What people are at; what was decided a moment ago, until it is older; without a share."""
    desk.send("slur", "fine")
    desk.work()
    assert draw(desk, 0.0) == 0
    assert draw(desk) == 1
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE validation_draws SET until = now() - interval '1 hour'"))
    desk.send("fine")
    assert validations(desk, 1.0).draw() == 0
    assert draw(desk) == 1


def test_a_panel_waits_for_others_as_far_as_its_senior_is_told(desk: Desk) -> None:
    """As with gold: three seats, a vote, and no decision."""
    desk.send("fine")
    draw(desk)
    case = desk.next("dee", SENIOR)
    review = desk.review_with(grace=60)
    said = review.vote(Ballot(case_id=case.id, reviewer="dee", action="keep"))
    assert (said.decision_id, said.complete, said.commits_at) == (None, False, None)
    queues = desk.policy.vocabulary.queues
    sittings = Sittings(back=3_600.0, grace=60.0, blinding=desk.blinding, queues=queues)
    for _ in range(2):
        with desk.store.read() as connection:
            (panel,) = sittings.of(connection, "dee")
        assert (panel.place, panel.seats, panel.votes_cast) == (Place.WAITING, 3, 1)
        assert (panel.outcome, panel.closed_at, panel.meanwhile) == (None, None, None)
        assert panel.purpose == "review"
        with desk.store.transaction() as connection:
            connection.execute(text("UPDATE cases SET commit_at = now()"))
        review.commit_due()
    assert desk.rows("SELECT state FROM cases")[0]["state"] == "decided"


def test_the_target_is_told_of_every_tier_each_by_its_chance(desk: Desk) -> None:
    """Of 20 of the machine, drawn by one in ten, 5 are not upheld; of ana's 20, all drawn, all are.

    Looked at as they come 35 of 40 are upheld; of all decisions it is (150 + 20) of (200 + 20).
    """
    assert report(desk).goals[-2].name == "expert_validation"
    assert report(desk).goals[-2].measure.state is State.INSUFFICIENT_DATA
    desk.send(*["fine"] * 20, *["odd"] * 20)
    desk.work()
    for _ in range(20):
        desk.says("ana", "keep")
    desk.work()
    assert draw(desk) == 40
    with desk.store.transaction() as connection:
        rarer = "UPDATE validations SET inclusion = 0.1 WHERE tier = 'auto'"
        connection.execute(text(rarer))
    by_machine = {f"i{number}" for number in range(20)}
    wrong = set(sorted(by_machine)[:5])
    for case in desk.review.claim("dee", SENIOR, limit=50):
        vote(desk, case, "hide" if case.sender_id in wrong else "keep")
    told_now = report(desk)
    goal = next(each for each in told_now.goals if each.name == "expert_validation")
    assert goal.measure.n == 40
    assert goal.measure.value == pytest.approx((150 + 20) / 220)
    assert goal.measure.naive == pytest.approx(35 / 40)
    assert goal.measure.low is not None
    assert goal.measure.low < 170 / 220
    assert goal.standing is Standing.MISSED
    by_tier = {each.which: each.measure for each in told_now.figures if each.of is Of.TIER}
    assert {name: each.value for name, each in by_tier.items()} == {"auto": 0.75, "single": 1.0}
    agreement = next(each for each in told_now.goals if each.name == "agreement")
    assert agreement.measure.n == 0
