"""Several people decide the same items, blind, and see where they differ when all is said."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.access import Role
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.quality.calibrations import Calibration, Calibrations, SessionState, Wanted
from queues.quality.choosing import Choice
from queues.quality.golds import Answer
from queues.quality.tables import Answers, Confusion, Pair
from queues.records import retention
from queues.records.erasing import erase_item
from queues.review import Ballot, Review
from queues.sections import Priority
from queues.settings import Retention
from queues.store.ranking import weights_of
from queues.store.session import Store
from tests.integration.crowds import moment
from tests.integration.desks import Desk
from tests.integration.staff import Staff

BY = "person:mia"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with three items: one decided by a panel, the others by the machine."""
    desk = Desk(store, tmp_path)
    desk.send("grave", "vile", "vile, too")
    desk.work()
    desk.panel_says({"a": "remove", "b": "remove", "c": "keep"}, "hate.attack")
    return desk


def sessions(desk: Desk) -> Calibrations:
    """What can be done with sessions."""
    return Calibrations(
        store=desk.store, policy=lambda: desk.policy, weights=weights_of(14_400.0, Priority())
    )


def soon(desk: Desk) -> datetime:
    """In an hour."""
    return moment(desk.store) + timedelta(hours=1)


def started(desk: Desk, *reviewers: str, choice: Choice | None = None) -> Calibration:
    """A session, by default with all three items."""
    wanted = Wanted(
        name="Spring",
        until=soon(desk),
        reviewers=reviewers or ("ana", "bea"),
        choice=choice or Choice(items=("i0", "i1", "i2")),
    )
    return sessions(desk).start(wanted, by=BY)


def answer(desk: Desk, reviewer: str, *actions: str, review: Review | None = None) -> None:
    """Somebody decides the next cases, the items in their order."""
    work = review or desk.review
    claimed = work.claim(reviewer, Tier.SINGLE, limit=9)
    for case, action in zip(sorted(claimed, key=lambda case: case.item_id), actions, strict=False):
        assert case.blind
        reasons = () if action == "keep" else ("hate.attack",)
        work.vote(Ballot(case_id=case.id, reviewer=reviewer, action=action, reasons=reasons))


def test_everybody_decides_everything_and_nothing_changes(desk: Desk) -> None:
    """Among their other cases. When the last one has answered, it is told who said what."""
    before = [desk.item(f"i{number}") for number in range(3)]
    told = desk.rows("SELECT id FROM events")
    session = started(desk)
    assert (session.items, session.cases, session.answered) == (3, 6, 0)
    assert session.state is SessionState.OPEN
    answer(desk, "ana", "remove", "keep", "hide")
    report = sessions(desk).show(session.id)
    assert (report.calibration.answered, report.tables) == (3, None)
    answer(desk, "bea", "keep", "keep", "remove")
    report = sessions(desk).show(session.id)
    assert report.calibration.state is SessionState.OVER
    assert report.tables is not None
    assert report.tables.confusion == (
        Confusion(reviewer="ana", right="remove", said="remove", items=1),
        Confusion(reviewer="bea", right="remove", said="publish", items=1),
    )
    (pair,) = report.tables.pairs
    assert pair == Pair(first="ana", second="bea", items=3, agreed=1, share=1 / 3)
    ids = [row["id"] for row in before]
    assert report.tables.items == (
        Answers(
            item_id=ids[0], sender_id="i0", right="remove", answers={"publish": 1, "remove": 1}
        ),
        Answers(item_id=ids[1], sender_id="i1", right=None, answers={"publish": 2}),
        Answers(item_id=ids[2], sender_id="i2", right=None, answers={"hide": 1, "remove": 1}),
    )
    assert [desk.item(f"i{number}") for number in range(3)] == before
    assert desk.rows("SELECT id FROM events") == told
    assert not desk.rows("SELECT FROM decisions WHERE made_by = 'person'")


def test_a_session_for_all_of_a_role_with_gold_items(desk: Desk) -> None:
    """Those who work here now; what is right is the answer of the set."""
    staff = Staff(desk.store)
    for name in ("ana", "bea", "gone"):
        staff.add(name)
    staff.add("mia", Role.MANAGER)
    staff.accounts.disable("gone", by=BY)
    desk.golds.add("i1", "set", by=BY, answer=Answer(action="warn", reasons=("hate.slur",)))
    wanted = Wanted(name="Gold", until=soon(desk), role=Role.MODERATOR, choice=Choice(source="set"))
    session = sessions(desk).start(wanted, by=BY)
    assert session.reviewers == ("ana", "bea")
    answer(desk, "ana", "warn")
    answer(desk, "bea", "keep")
    tables = sessions(desk).show(session.id).tables
    assert tables is not None
    assert [(each.right, each.said) for each in tables.confusion] == [
        ("warn", "warn"),
        ("warn", "publish"),
    ]


def test_a_session_with_items_of_a_policy(desk: Desk) -> None:
    """At random, so many."""
    chosen = started(desk, choice=Choice(policy="hate", count=2))
    assert (chosen.items, chosen.cases) == (2, 4)
    with pytest.raises(Refused, match="no such item"):
        started(desk, choice=Choice(policy="unknown"))


def test_nobody_is_asked_about_what_they_saw(desk: Desk) -> None:
    """Whoever was on the panel is not asked about its case, and in a second session nobody is."""
    session = started(desk, "a", "ana")
    assert session.cases == 5
    assert len(desk.review.claim("a", Tier.SINGLE, limit=9)) == 2
    assert started(desk, "a", "ana").cases == 0


def test_it_ends_when_somebody_says_so(desk: Desk) -> None:
    """Who has not answered is not asked any more; what was voted counts, even just now."""
    review = desk.review_with(grace=60)
    session = started(desk)
    answer(desk, "ana", "remove", "keep", review=review)
    closed = sessions(desk).close(session.id, by=BY)
    assert (closed.state, closed.answered) == (SessionState.OVER, 2)
    assert closed.closed_at is not None
    assert desk.review.claim("bea", Tier.SINGLE) == []
    assert desk.review.held("ana") == []
    assert review.commit_due() == []
    tables = sessions(desk).show(session.id).tables
    assert tables is not None
    assert tables.pairs == ()
    assert [each.said for each in tables.confusion] == ["remove"]
    with pytest.raises(Conflict, match="closed before"):
        sessions(desk).close(session.id, by=BY)
    with pytest.raises(NotFound):
        sessions(desk).close(new_id(), by=BY)
    audit = desk.rows("SELECT kind, actor FROM audit_events WHERE kind LIKE 'calibration%'")
    assert [(row["kind"], row["actor"]) for row in audit] == [
        ("calibration.started", BY),
        ("calibration.closed", BY),
    ]


def test_it_ends_with_its_time(desk: Desk) -> None:
    """What nobody is at is not asked any more."""
    session = started(desk)
    with desk.store.transaction() as connection:
        for table, column in (("calibrations", "until"), ("cases", "due_at")):
            past = f"UPDATE {table} SET {column} = now() - interval '1 second'"  # noqa: S608 - ours
            connection.execute(text(past))
    desk.review.expire_leases()
    assert sessions(desk).show(session.id).calibration.state is SessionState.OVER
    assert desk.review.claim("ana", Tier.SINGLE) == []
    assert sessions(desk).listed() == [sessions(desk).show(session.id).calibration]


def test_what_makes_no_session(desk: Desk) -> None:
    """Too few people, no items, some that are not decided, two choices, or a date that is over."""
    desk.send("odd")
    for wrong, field in (
        (
            Wanted(name="x", until=soon(desk), reviewers=["a"], choice=Choice(items=["i0"])),
            "reviewers",
        ),
        (Wanted(name="x", until=soon(desk), reviewers=["a", "b"], choice=Choice()), "items"),
        (
            Wanted(
                name="x",
                until=soon(desk),
                reviewers=["a", "b"],
                choice=Choice(items=["i0"], source="set"),
            ),
            "items",
        ),
        (
            Wanted(name="x", until=soon(desk), reviewers=["a", "b"], choice=Choice(items=["i3"])),
            "items",
        ),
        (
            Wanted(
                name="x",
                until=soon(desk) - timedelta(hours=2),
                reviewers=["a", "b"],
                choice=Choice(items=["i0"]),
            ),
            "until",
        ),
    ):
        with pytest.raises(Refused) as refused:
            sessions(desk).start(wrong, by=BY)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        started(desk, choice=Choice(items=["nothing"]))
    assert sessions(desk).listed() == []


def test_erased_items_leave_a_session(desk: Desk) -> None:
    """Nobody is asked about them any more."""
    started(desk)
    erase_item(desk.store, "i1", by=BY)
    assert len(desk.review.claim("ana", Tier.SINGLE, limit=9)) == 2


def test_old_sessions_are_let_go(desk: Desk) -> None:
    """With the items of their time."""
    session = started(desk)
    sessions(desk).close(session.id, by=BY)
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE calibrations SET until = now() - interval '400 days'"))
    retention.apply(desk.store, Retention())
    assert sessions(desk).listed() == []
