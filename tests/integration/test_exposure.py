"""Nobody sees more in a shift than they may, nor too much of the worst without a break."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.review import Ballot, Reason, Review
from queues.sections import Wellness
from queues.store.session import Store
from tests.integration.crowds import moment, shift
from tests.integration.desks import Desk
from tests.integration.staff import Staff

PAUSE = 600


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items, and with Ana, who began an hour ago."""
    at = moment(store)
    Staff(store).add("ana", shifts=(shift(at, begins=-1, ends=4), shift(at, begins=6, ends=9)))
    return Desk(store, tmp_path)


def opened(desk: Desk, *severities: str) -> None:
    """Open cases of these severities, in this order."""
    desk.send(*["odd"] * len(severities))
    desk.work()
    with desk.store.transaction() as connection:
        ordered = text("""
            UPDATE cases SET severity = given.severity, rank = given.number
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM cases) AS placed,
                unnest(CAST(:severities AS text[])) WITH ORDINALITY AS given (severity, number)
            WHERE cases.id = placed.id AND placed.place = given.number
        """)
        connection.execute(ordered, {"severities": list(severities)})


def review(desk: Desk, **wellness: int) -> Review:
    """The work of people, with these limits."""
    limits = Wellness.model_validate({"pause": PAUSE, **wellness})
    return Review(store=desk.store, policy=lambda: desk.policy, wellness=limits)


def handed(work: Review, limit: int = 1, name: str = "ana") -> list[str]:
    """The severities of what somebody gets."""
    return [case.severity for case in work.claim(name, Tier.SINGLE, limit=limit)]


def refused(work: Review) -> tuple[Reason, bool]:
    """Why Ana gets nothing, and whether it is said when she does again."""
    given = work.hand_out("ana", Tier.SINGLE)
    assert given.why is not None
    return given.why.reason, given.why.again_at is not None


def earlier(desk: Desk, seconds: float) -> None:
    """All that was handed out and voted was so many seconds earlier."""
    with desk.store.transaction() as connection:
        for table in ("handouts", "votes"):
            moved = f"UPDATE {table} SET at = at - make_interval(secs => :by)"  # noqa: S608 - names of ours
            connection.execute(text(moved), {"by": seconds})


@pytest.mark.parametrize(
    ("exposure", "severities", "gets"),
    [
        (4, ["low", "low", "medium", "low"], 3),
        (15, ["critical", "high", "medium", "low", "low"], 4),
        (3, ["high", "medium", "low", "low"], 2),
    ],
)
def test_exposure_is_weighed_by_severity(
    desk: Desk, exposure: int, severities: Sequence[str], gets: int
) -> None:
    """1, 2, 4 and 8 points; what is too much for the rest is passed over. One at a time."""
    opened(desk, *severities)
    work = review(desk, exposure=exposure)
    assert len([one for _ in severities for one in handed(work)]) == gets
    assert refused(work) == (Reason.NO_EXPOSURE_LEFT, True)
    assert handed(work, name="guest") != []


def test_several_at_once_are_no_more_than_one_by_one(desk: Desk) -> None:
    """Those that would be too much stay for others."""
    opened(desk, "high", "medium", "medium", "low")
    assert handed(review(desk, exposure=7), limit=4) == ["high", "medium"]
    assert handed(review(desk), limit=4, name="guest") == ["medium", "low"]


def test_weights_and_limits_are_settings(desk: Desk) -> None:
    """A person's own limit goes before."""
    opened(desk, *["low"] * 6)
    Staff(desk.store).add("bea", exposure=4)
    work = review(desk, exposure=3, points_low=2)
    assert len(handed(work, limit=9)) == 1
    assert len(handed(work, limit=9, name="bea")) == 2


def test_what_was_given_back_was_seen(desk: Desk) -> None:
    """Exposure stays; the same case again in the same shift counts once."""
    opened(desk, "low", "low", "low")
    work = review(desk, exposure=2)
    assert handed(work) == ["low"]
    work.release("ana")
    assert handed(work, limit=3) == ["low"]
    assert handed(work) == ["low"]
    assert refused(work)[0] is Reason.NO_EXPOSURE_LEFT


def test_each_shift_begins_anew(desk: Desk) -> None:
    """What was handed out before it began does not count. The answer says when the next begins."""
    opened(desk, "low", "low")
    work = review(desk, exposure=1)
    assert handed(work) == ["low"]
    why = work.hand_out("ana", Tier.SINGLE).why
    assert why is not None
    assert why.again_at is not None
    assert why.again_at > moment(desk.store) + timedelta(hours=5)
    earlier(desk, 7_200)
    assert handed(work) == ["low"]


def test_milder_cases_come_between_the_worst(desk: Desk) -> None:
    """After so many in a row the next in rank that is milder comes first."""
    opened(desk, "critical", "critical", "critical", "high", "critical")
    work = review(desk, severe_in_a_row=2)
    got = [one for _ in range(4) for one in handed(work)]
    assert got == ["critical", "critical", "high", "critical"]


def test_a_break_is_due_where_only_the_worst_is_left(desk: Desk) -> None:
    """Until so many seconds have gone by without a case or a vote; then it goes on."""
    opened(desk, *["critical"] * 4)
    work = review(desk, severe_in_a_row=2)
    assert len(handed(work, limit=4)) == 2
    assert refused(work) == (Reason.BREAK_DUE, True)
    earlier(desk, PAUSE - 60)
    case = work.held("ana")[0]
    work.vote(Ballot(case_id=case.id, reviewer="ana", action="keep"))
    earlier(desk, PAUSE - 60)
    assert refused(work)[0] is Reason.BREAK_DUE
    earlier(desk, 60)
    assert len(handed(work, limit=4)) == 2
    assert refused(work)[0] is Reason.NOTHING_WAITS


def test_a_break_in_between_counts(desk: Desk) -> None:
    """The worst cases before it are behind somebody."""
    opened(desk, *["critical"] * 4)
    work = review(desk, severe_in_a_row=2)
    assert handed(work) == ["critical"]
    earlier(desk, PAUSE)
    assert handed(work) == ["critical"]
    assert handed(work) == ["critical"]
    assert refused(work)[0] is Reason.BREAK_DUE


def test_nothing_is_said_of_limits_where_nothing_waits(desk: Desk) -> None:
    """Whoever could not have more of the worst, and of whom nothing of it is wanted."""
    opened(desk, "critical")
    work = review(desk, severe_in_a_row=1)
    assert handed(work) == ["critical"]
    assert refused(work) == (Reason.NOTHING_WAITS, False)


def test_who_never_gets_the_worst_needs_no_break(desk: Desk) -> None:
    """A limit of none is no wish for breaks."""
    opened(desk, "critical")
    assert refused(review(desk, severe_in_a_row=0)) == (Reason.NOTHING_WAITS, False)
    assert handed(review(desk, severe_in_a_row=0), name="guest") == ["critical"]
