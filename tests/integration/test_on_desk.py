"""All about a case in hand in one answer, and what somebody is writing about it."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.errors import NotFound
from queues.quality.blinding import Blinding
from queues.records import desks
from queues.records.desks import OnDesk
from queues.records.erasing import erase_item
from queues.records.grounds import Piece
from queues.review import Claimed, ClaimLost, Rating, Review, shown
from queues.review.drafts import Draft
from queues.store.session import Store
from tests.integration.desks import Desk

_REGION = {"x": 0.1, "y": 0.1, "width": 0.5, "height": 0.5, "confidence": 0.9}


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items."""
    return Desk(store, tmp_path)


def read(desk: Desk, case: UUID, name: str, review: Review | None = None) -> OnDesk:
    """What somebody has on their desk."""

    def show(claimed: Claimed) -> object:
        return shown(claimed, desk.policy.vocabulary.queues, to_program=False)

    return desks.read(review or desk.review, case, name, actor=f"person:{name}", show=show)  # type: ignore[arg-type]  # as it is


def test_it_holds_all_that_a_decision_needs(desk: Desk) -> None:
    """What is written, where the rule saw what, who wrote it and what they did before."""
    desk.send("vile", author={"id": "u1"})
    desk.send("😀 an odd thing", author={"id": "u1"}, item={"parent_id": "i0"})
    desk.work()
    case = desk.next("ana")
    told = read(desk, case.id, "ana")
    assert [(each.field, each.text) for each in told.texts] == [("text", "😀 an odd thing 1")]
    assert told.grounds[0].pieces == (Piece(field="text", start=5, end=8),)
    assert told.grounds[0].rule == case.rule == "look"
    assert told.facts["author.id"] == "u1"
    assert [(each.place, each.text, each.author) for each in told.thread] == [
        ("before", "vile 0", "u1")
    ]
    assert told.author is not None
    assert (told.author.strikes, told.author.removals) == ({"hate": 2}, 1)
    assert [(each.action, each.made_by) for each in told.author.decisions] == [
        ("remove", "machine")
    ]
    assert told.policy is not None
    assert told.policy.rules[0].rule == "look"
    actions = {each.name: each.does for each in told.menu.actions}
    assert actions["lock_thread"] == "Nobody can answer any more."
    assert (told.menu.actions[0].name, told.menu.actions[-1].name) == ("keep", "remove")
    assert [
        row["kind"] for row in desk.rows("SELECT kind FROM audit_events WHERE kind='item.read'")
    ]


def test_surroundings_may_come_with_the_item(desk: Desk) -> None:
    """Texts, or objects with text and author; what is neither is left out."""
    thread = {"before": ["first", {"text": "second", "author": "u7"}, 5], "after": [{"text": "x"}]}
    desk.send("odd", thread=thread)
    desk.work()
    told = read(desk, desk.next("ana").id, "ana").thread
    assert [(each.place, each.author, each.text) for each in told] == [
        ("before", None, "first"),
        ("before", "u7", "second"),
        ("after", None, "x"),
    ]


def test_nobody_else_reads_it(desk: Desk) -> None:
    """Only in hand: whoever has it not is refused."""
    desk.send("odd")
    desk.work()
    case = desk.next("ana")
    with pytest.raises(ClaimLost):
        read(desk, case.id, "bea")
    desk.review.release("ana")
    with pytest.raises(ClaimLost):
        read(desk, case.id, "ana")


def test_a_blind_case_tells_what_was_written_and_no_more(desk: Desk) -> None:
    """Nothing that was found or decided, in the item or in others of its author."""
    desk.send("vile", author={"id": "u1"})
    picture = {"url": "https://example.org/x.png", "regions": [_REGION], "score": 0.9}
    found = {"score": {"hate": 0.4}, "image": {"count": 1, "score": {"gore": 0.9}}}
    desk.send("odd", author={"id": "u1"}, images=[picture], **found)
    desk.report("i1")
    desk.work()
    blind = Review(
        store=desk.store, policy=lambda: desk.policy, blinding=Blinding(share=1, key=b"x")
    )
    (case,) = blind.claim("ana", Tier.SINGLE)
    told = read(desk, case.id, "ana", blind)
    assert [(each.field, each.text) for each in told.texts] == [("text", "odd 1")]
    assert told.case.blind
    assert (told.case.suggestion, told.case.rule, told.case.policy) == (None, None, None)
    assert (told.grounds, told.policy, told.author, told.reports) == ((), None, None, {})
    assert not [name for name in told.facts if name.startswith(("score", "reports", "item.id"))]
    assert told.content["image"] == {"count": 1}
    assert told.content["images"] == [{"url": picture["url"]}]
    assert [each.regions for each in told.pictures] == [()]
    assert "score" not in told.content
    assert told.menu.reasons


def test_a_draft_is_theirs_alone_and_goes_with_the_item(desk: Desk) -> None:
    """It is there after a reload, is written over, and is let go of when it is empty."""
    desk.send("odd")
    desk.work()
    case = desk.next("ana").id
    desk.review.draft("ana", case, Draft(text="a quot", choices="7"))
    desk.review.draft("ana", case, Draft(text="a quotation"))
    assert read(desk, case, "ana").draft == Draft(text="a quotation")
    with pytest.raises(ClaimLost):
        desk.review.draft("bea", case, Draft(text="mine"))
    desk.review.release("ana")
    (again,) = desk.review.claim("bea", Tier.SINGLE)
    assert read(desk, again.id, "bea").draft is None
    desk.review.draft("bea", case, Draft(text="  "))
    assert [row["reviewer"] for row in desk.rows("SELECT reviewer FROM drafts")] == ["ana"]
    erase_item(desk.store, "i0", by="cli:test")
    assert desk.rows("SELECT reviewer FROM drafts") == []
    with pytest.raises(NotFound):
        desk.review.draft("bea", case, Draft(text="late"))


def test_ratings_are_told_to_the_audit_and_to_whoever_gave_them(desk: Desk) -> None:
    """The last one stands."""
    desk.send("odd")
    desk.work()
    case = desk.next("ana").id
    for rating in (Rating.GOOD, Rating.BAD):
        desk.review.rate("ana", case, rating)
    assert read(desk, case, "ana").rating is Rating.BAD
    with desk.store.read() as connection:
        asked = text("SELECT details ->> 'rating' FROM audit_events WHERE kind = 'case.rated'")
        assert sorted(connection.execute(asked).scalars()) == ["bad", "good"]
