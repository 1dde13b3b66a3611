"""Corrections, comments, ratings, and cases brought before the panel by hand."""

from pathlib import Path

import pytest

from engine.verdict import Tier
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.review import Ballot, Corrections, Rating
from queues.review.corrections import Judged, LabelMark, RegionMark, SpanMark
from queues.store.session import Store
from tests.integration.desks import Desk

SPAN = SpanMark(field="text", start=2, end=6, judged=Judged.ADDED, label="hate.slur")
REGION = RegionMark(
    x=0.5, y=0.25, width=0.5, height=0.5, judged=Judged.ADJUSTED, was=(0.4, 0.2, 0.5, 0.5)
)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items."""
    return Desk(store, tmp_path)


def test_corrections_stay_with_the_vote(desk: Desk) -> None:
    """Labels, spans and regions, and the policy the case belongs under."""
    desk.send("a slur")
    desk.work()
    given = Corrections(
        labels=(LabelMark(name="hate.attack", judged=Judged.REJECTED),),
        spans=(SPAN,),
        regions=(REGION,),
    )
    case = desk.next("ana")
    ballot = Ballot(
        case_id=case.id, reviewer="ana", action="hide", policy="self-harm", corrections=given
    )
    decision = desk.review.vote(ballot).decision_id
    (vote,) = desk.rows("SELECT corrections FROM votes")
    assert vote["corrections"]["spans"] == [
        {
            "field": "text",
            "start": 2,
            "end": 6,
            "judged": "added",
            "label": "hate.slur",
            "was": None,
        }
    ]
    assert vote["corrections"]["regions"][0]["was"] == [0.4, 0.2, 0.5, 0.5]
    assert vote["corrections"]["labels"][0]["judged"] == "rejected"
    (made,) = desk.rows("SELECT policy FROM decisions WHERE id = :id", id=decision)
    assert made["policy"] == "self-harm"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (Corrections(labels=(LabelMark(name="no.such", judged=Judged.ADDED),)), "labels[0].name"),
        (
            Corrections(spans=(SPAN, SpanMark(field="text", start=3, end=99, judged=Judged.ADDED))),
            "spans[1].end",
        ),
        (
            Corrections(spans=(SpanMark(field="text", start=3, end=3, judged=Judged.ADDED),)),
            "spans[0].end",
        ),
        (
            Corrections(spans=(SpanMark(field="title", start=0, end=1, judged=Judged.ADDED),)),
            "spans[0].field",
        ),
        (
            Corrections(spans=(SpanMark(field="text", start=0, end=1, judged=Judged.ADJUSTED),)),
            "spans[0].was",
        ),
        (
            Corrections(
                regions=(RegionMark(x=0.6, y=0, width=0.5, height=1, judged=Judged.ADDED),)
            ),
            "regions[0].width",
        ),
        (
            Corrections(regions=(RegionMark(x=0, y=0, width=1, height=0, judged=Judged.ACCEPTED),)),
            "regions[0].height",
        ),
    ],
)
def test_impossible_corrections_are_refused(desk: Desk, wrong: Corrections, where: str) -> None:
    """It says which one; the case stays with the reviewer, undecided."""
    desk.send("a slur")
    desk.work()
    case = desk.next("ana")
    with pytest.raises(Refused) as refused:
        desk.review.vote(Ballot(case_id=case.id, reviewer="ana", action="hide", corrections=wrong))
    assert refused.value.field == f"corrections.{where}"
    assert desk.rows("SELECT id FROM votes") == []
    assert [each.id for each in desk.review.held("ana")] == [case.id]


def test_an_unknown_policy_is_refused(desk: Desk) -> None:
    """Only those there are."""
    desk.send("odd")
    desk.work()
    case = desk.next("ana")
    with pytest.raises(Refused, match="there is no policy `art`"):
        desk.review.vote(Ballot(case_id=case.id, reviewer="ana", action="hide", policy="art"))


def test_comments_wait_for_the_end_of_a_blind_round(desk: Desk) -> None:
    """They would tell how somebody votes; afterwards the panel argues with them."""
    desk.send("grave")
    desk.work()
    case = desk.next("a", Tier.SENIOR).id
    desk.review.comment("a", case, "Clearly a threat.")
    assert [each.text for each in desk.review.comments("a", case)] == ["Clearly a threat."]
    assert desk.review.comments("b", case) == []
    desk.review.release("a")
    desk.panel_says({"a": "keep", "b": "hide", "c": "remove"})
    desk.review.comment("c", case, "Read the thread.")
    said = [(each.author, each.round) for each in desk.review.comments("b", case)]
    assert said == [("a", 1), ("c", 2)]
    with pytest.raises(Refused):
        desk.review.comment("a", case, "  ")
    with pytest.raises(NotFound):
        desk.review.comments("a", new_id())
    kinds = [row["kind"] for row in desk.rows("SELECT kind FROM audit_events")]
    assert kinds.count("case.commented") == 2


def test_ratings_are_of_who_had_the_case(desk: Desk) -> None:
    """Kept apart from the vote; the last word counts."""
    desk.send("a slur")
    desk.work()
    case = desk.next("ana")
    with pytest.raises(NotFound):
        desk.review.rate("ben", case.id, Rating.BAD)
    desk.review.rate("ana", case.id, Rating.BAD)
    desk.review.rate("ana", case.id, Rating.GOOD)
    (row,) = desk.rows("SELECT case_id, verdict_id, rating FROM ratings")
    assert row == {"case_id": case.id, "verdict_id": case.verdict_id, "rating": "good"}
    desk.review.vote(Ballot(case_id=case.id, reviewer="ana", action="keep"))
    desk.review.rate("ana", case.id, Rating.NEUTRAL)


def test_what_was_not_suggested_is_not_rated(desk: Desk) -> None:
    """A panel's first round is blind, as is whatever measures people: they all say the same."""
    desk.send("grave")
    desk.work()
    case = desk.next("ana", Tier.SENIOR)
    with pytest.raises(Conflict, match="nothing was suggested to you"):
        desk.review.rate("ana", case.id, Rating.BAD)
    assert desk.rows("SELECT FROM ratings") == []


def test_a_case_is_brought_before_the_panel(desk: Desk) -> None:
    """With its age and a comment; whoever brought it has it no more."""
    desk.send("odd")
    desk.work()
    case = desk.next("ana")
    panel = desk.review.escalate("ana", case.id, "A threat, or a quotation?")
    desk.work()
    before, after = desk.rows("SELECT * FROM cases ORDER BY tier DESC")
    assert (before["state"], after["state"], after["tier"]) == ("escalated", "open", "senior")
    assert (after["id"], after["escalated_from"]) == (panel, case.id)
    assert after["enqueued_at"] == before["enqueued_at"]
    assert desk.review.held("ana") == []
    assert [each.text for each in desk.review.comments("x", panel)] == ["A threat, or a quotation?"]
    (event,) = desk.events("case.escalated")
    assert (event["case_id"], event["overdue"]) == (str(panel), False)
    desk.panel_says({"x": "hide", "y": "hide", "z": "hide"})
    assert desk.item("i0")["action"] == "hide"


def test_what_cannot_be_escalated_says_why(desk: Desk) -> None:
    """What is a panel's already, what is not theirs, and without a word."""
    desk.send("grave", "odd")
    desk.work()
    with pytest.raises(Conflict, match="a panel has it already"):
        desk.review.escalate("a", desk.next("a", Tier.SENIOR).id, "why")
    case = desk.next("ana")
    with pytest.raises(Conflict, match="another reviewer has it"):
        desk.review.escalate("ben", case.id, "why")
    with pytest.raises(Refused):
        desk.review.escalate("ana", case.id, "")
    assert [each.id for each in desk.review.held("ana")] == [case.id]
