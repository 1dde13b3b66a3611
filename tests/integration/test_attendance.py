"""People say that they stop and that they are back; who stopped is left with no case."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.errors import NotFound
from queues.people import Attending, is_paused, next_begin
from queues.review import Handed, Reason, Why
from queues.store.session import Store
from tests.integration.crowds import moment, shift
from tests.integration.desks import Desk
from tests.integration.staff import BY, Staff
from tests.waiting import until

ME = "person:ana"
WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with one case."""
    desk = Desk(store, tmp_path)
    desk.send("odd")
    desk.work()
    return desk


@pytest.fixture
def staff(store: Store) -> Staff:
    """Nobody yet."""
    return Staff(store)


@pytest.fixture
def attending(store: Store) -> Attending:
    """What people say of their presence."""
    return Attending(store=store)


def said(desk: Desk, at: datetime) -> None:
    """Make it so that everybody who paused said so at another moment."""
    with desk.store.transaction() as connection:
        connection.execute(
            text("UPDATE accounts SET paused_at = :at WHERE paused_at IS NOT NULL"), {"at": at}
        )


def test_who_stopped_is_handed_nothing(desk: Desk, staff: Staff, attending: Attending) -> None:
    """Nor do they keep a case longer, and upkeep takes back what they have."""
    staff.add("ana")
    case = desk.next("ana")
    paused = attending.pause("ana", by=ME)
    assert (paused.on_shift, paused.paused, paused.paused_until) == (False, True, None)
    assert desk.review.hand_out("ana", Tier.SINGLE) == Handed(
        cases=[], why=Why(reason=Reason.PAUSED, again_at=None)
    )
    assert desk.review.renew("ana", case.id) == case.lease_until
    assert desk.review.expire_leases() == 1
    resumed = attending.resume("ana", by=ME)
    assert (resumed.on_shift, resumed.paused) == (True, False)
    assert desk.next("ana").id == case.id


def test_nobody_else_is_stopped(desk: Desk, staff: Staff, attending: Attending) -> None:
    """Others get what was given back, and keep what they have."""
    staff.add("ana")
    staff.add("bea")
    case = desk.next("ana")
    attending.pause("ana", by=ME)
    assert desk.review.release("ana") == [case.id]
    assert desk.next("bea").id == case.id
    assert desk.review.expire_leases() == 0


def test_a_pause_ends_with_the_next_shift(desk: Desk, staff: Staff, attending: Attending) -> None:
    """Not before, and by itself; the answer says when."""
    at = moment(desk.store)
    account = staff.add("ana", shifts=(shift(at, begins=-2, ends=2),))
    attending.pause("ana", by=ME)
    begins = next_begin(account.hours, at)
    assert begins is not None
    assert begins > at + timedelta(days=6)
    assert desk.review.hand_out("ana", Tier.SINGLE).why == Why(
        reason=Reason.PAUSED, again_at=begins
    )
    said(desk, at - timedelta(hours=1))
    assert attending.look("ana")[1].paused
    said(desk, at - timedelta(hours=3))
    _, attendance = attending.look("ana")
    assert (attendance.paused, attendance.on_shift) == (False, True)
    assert attendance.paused_until is None
    desk.next("ana")


def test_without_shifts_a_pause_lasts_until_they_are_back(
    desk: Desk, staff: Staff, attending: Attending
) -> None:
    """However long that is."""
    staff.add("ana")
    attending.pause("ana", by=ME)
    said(desk, datetime(2020, 1, 1, tzinfo=UTC))
    assert attending.look("ana")[1].paused


def test_saying_it_again_changes_nothing(desk: Desk, staff: Staff, attending: Attending) -> None:
    """The first time counts, and the audit is told once."""
    at = moment(desk.store)
    staff.add("ana", shifts=(shift(at, begins=-1, ends=1),))
    attending.resume("ana", by=ME)
    attending.pause("ana", by=ME)
    first = staff.accounts.find("ana").paused_at
    attending.pause("ana", by=ME)
    assert staff.accounts.find("ana").paused_at == first
    attending.resume("ana", by=ME)
    attending.resume("ana", by=ME)
    attending.pause("ana", by=ME)
    # Over by itself since: to stop is new again.
    said(desk, at - timedelta(days=2))
    assert attending.pause("ana", by=ME).paused
    assert [row[:2] for row in staff.audited()[1:] if row[0] == ME] == [
        (ME, "person.paused"),
        (ME, "person.resumed"),
        (ME, "person.paused"),
        (ME, "person.paused"),
    ]
    with pytest.raises(NotFound):
        attending.pause("bea", by=BY)


def test_a_pause_waits_for_a_claim_under_way(
    desk: Desk, staff: Staff, attending: Attending
) -> None:
    """It comes after it, so what was claimed is given back; and a claim waits for a pause."""
    staff.add("ana")
    lock = text("SELECT 1 FROM accounts WHERE name = 'ana' FOR NO KEY UPDATE")
    with ThreadPoolExecutor(2) as pool:
        with desk.store.transaction() as connection:
            connection.execute(lock)
            pausing = pool.submit(attending.pause, "ana", by=ME)
            until(lambda: desk.rows(WAITS)[0]["count"] == 1)
            claiming = pool.submit(desk.review.hand_out, "ana", Tier.SINGLE)
            until(lambda: desk.rows(WAITS)[0]["count"] == 2)
            assert not pausing.done()
        # Both began before anybody paused; in whichever order they go on, no case is left.
        pausing.result()
        claiming.result()
    desk.review.release("ana")
    assert desk.review.held("ana") == []


def test_whoever_waited_for_a_pause_comes_after_it(desk: Desk, staff: Staff) -> None:
    """Also where its transaction began before: what it sees is that they stopped."""
    at = moment(desk.store)
    account = staff.add("ana", shifts=(shift(at, begins=-1, ends=1),))
    paused = replace(account, paused_at=at)
    assert is_paused(paused, at - timedelta(seconds=1))
    assert is_paused(paused, at)
    assert not is_paused(account, at)
