"""Cases go to those who are at work, read their language and know their policy."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.people import TimeOff
from queues.review import Handed, Reason, Why
from queues.store.session import Store
from tests.integration.crowds import moment, shift
from tests.integration.desks import Desk
from tests.integration.staff import BY, Staff
from tests.waiting import until


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


def change(desk: Desk, **values: object) -> None:
    """Make all cases different."""
    columns = ", ".join(f"{name} = :{name}" for name in values)
    with desk.store.transaction() as connection:
        connection.execute(text(f"UPDATE cases SET {columns}"), values)  # noqa: S608 - names of ours


def asked(desk: Desk, name: str = "ana") -> Handed:
    """What somebody gets; it is given back at once."""
    handed = desk.review.hand_out(name, Tier.SINGLE)
    desk.review.release(name)
    return handed


def gets(desk: Desk, name: str = "ana") -> bool:
    """Whether somebody gets the case; else nothing waits for them."""
    handed = asked(desk, name)
    assert handed.cases or handed.why == Why(reason=Reason.NOTHING_WAITS)
    return bool(handed.cases)


def test_a_case_that_is_named_is_waited_for(desk: Desk) -> None:
    """Somebody keeps a draft on it in that moment; whoever asks for any other is not held up."""
    (case,) = asked(desk).cases
    with ThreadPoolExecutor() as pool:
        with desk.store.transaction() as connection:
            connection.execute(text("SELECT FROM cases WHERE id = :id FOR UPDATE"), {"id": case.id})
            assert not gets(desk, "bea")
            named = pool.submit(desk.review.claim_one, "ana", case.id)
            until(lambda: blocked(desk))
        assert [one.id for one in named.result().cases] == [case.id]


def blocked(desk: Desk) -> bool:
    """Whether somebody waits for a lock."""
    waits = "wait_event_type = 'Lock' AND datname = current_database()"
    with desk.store.read() as connection:
        found = connection.execute(text(f"SELECT FROM pg_stat_activity WHERE {waits}"))
        return bool(found.all())


@pytest.mark.parametrize(
    ("reads", "language", "yes"),
    [
        ((), "de", True),
        (("de",), "de", True),
        (("de", "fr"), "FR", True),
        (("de",), "en", False),
        (("de",), None, True),
        (("de",), "den", False),
        (("pt",), "pt-BR", True),
        (("pt-BR",), "pt", True),
        (("pt-BR",), "pt-PT", False),
        (("zh-Hant",), "zh-Hant-TW", True),
    ],
)
def test_people_get_what_they_read(
    desk: Desk, staff: Staff, reads: tuple[str, ...], language: str | None, *, yes: bool
) -> None:
    """No language is listed: all. An item without one goes to everybody."""
    staff.add("ana", languages=reads)
    change(desk, language=language)
    assert gets(desk) is yes


@pytest.mark.parametrize(
    ("profile", "yes"),
    [
        ({}, True),
        ({"policies": ("hate", "spam")}, True),
        ({"policies": ("spam",)}, False),
        ({"opted_out": ("hate",)}, False),
        ({"opted_out": ("spam",)}, True),
        ({"policies": ("hate",), "opted_out": ("hate",)}, False),
    ],
)
def test_people_get_what_they_know_and_bear(
    desk: Desk, staff: Staff, profile: dict[str, Any], *, yes: bool
) -> None:
    """No policy is listed: all. Who opted out of one never gets its cases."""
    staff.add("ana", **profile)
    assert gets(desk) is yes


def test_nobody_without_an_account_is_asked_more(desk: Desk, staff: Staff) -> None:
    """A platform knows its people itself; one of them may have an account all the same."""
    change(desk, language="fi", policy="spam")
    staff.add("ana", languages=("de",))
    assert not gets(desk, "ana")
    assert gets(desk, "bea")


def test_nothing_is_handed_out_off_shift(desk: Desk, staff: Staff) -> None:
    """The answer says when the next shift begins, by the clock of the database."""
    at = moment(desk.store)
    later = shift(at, begins=2, ends=4)
    staff.add("ana", shifts=(shift(at, begins=-2, ends=2),))
    staff.add("bea", shifts=(later,))
    assert asked(desk, "ana").why is None
    begins = (at.astimezone(UTC) + timedelta(hours=2)).replace(second=0, microsecond=0)
    assert asked(desk, "bea") == Handed(cases=[], why=Why(reason=Reason.OFF_SHIFT, again_at=begins))
    assert desk.rows("SELECT id FROM audit_events WHERE kind = 'case.claimed'") != []


def test_shifts_go_by_the_zone_of_the_person(desk: Desk, staff: Staff) -> None:
    """The same hours elsewhere are others."""
    here = shift(moment(desk.store), begins=-1, ends=1)
    staff.add("ana", shifts=(here,), time_zone="UTC")
    staff.add("bea", shifts=(here,), time_zone="Asia/Tokyo")
    assert asked(desk, "ana").why is None
    refused = asked(desk, "bea").why
    assert refused is not None
    assert refused.reason is Reason.OFF_SHIFT


def test_nothing_is_handed_out_on_a_day_off(desk: Desk, staff: Staff) -> None:
    """Also to those who work at any time; they are back on the day after."""
    today = moment(desk.store).astimezone(UTC).date()
    off = TimeOff(first=today - timedelta(days=1), last=today + timedelta(days=1))
    staff.add("ana", time_off=(off,))
    refused = asked(desk).why
    assert refused is not None
    assert refused.reason is Reason.OFF_SHIFT
    assert refused.again_at is not None
    assert refused.again_at.date() == today + timedelta(days=2)


def test_nothing_is_handed_out_to_a_closed_account(desk: Desk, staff: Staff) -> None:
    """Not even where a key names it."""
    staff.add("ana")
    staff.accounts.disable("ana", by=BY)
    assert asked(desk) == Handed(cases=[], why=Why(reason=Reason.ACCOUNT_DISABLED))


def test_the_end_of_a_shift_gives_cases_back(desk: Desk, staff: Staff) -> None:
    """Upkeep takes them from whoever went home, and from nobody else; they wait as before."""
    desk.send("odd", "odd")
    desk.work()
    at = moment(desk.store)
    for name in ("ana", "bea"):
        staff.add(name, shifts=(shift(at, begins=-2, ends=2),))
    before = desk.rows("SELECT id, rank, enqueued_at FROM cases ORDER BY id")
    (mine, *_), _, _ = (desk.review.claim(name, Tier.SINGLE) for name in ("ana", "bea", "cat"))
    assert desk.review.expire_leases() == 0
    staff.accounts.change("ana", {"shifts": (shift(at, begins=-2, ends=-1),)}, by=BY)
    assert desk.review.renew("ana", mine.id) == mine.lease_until
    assert desk.review.expire_leases() == 1
    holders = desk.rows("SELECT reviewer FROM holds ORDER BY 1")
    assert [row["reviewer"] for row in holders] == ["bea", "cat"]
    assert desk.rows("SELECT id, rank, enqueued_at FROM cases ORDER BY id") == before


def test_who_is_at_work_keeps_a_case_longer(desk: Desk, staff: Staff) -> None:
    """As whoever has no account does."""
    staff.add("ana")
    for name in ("ana", "guest"):
        case = desk.next(name)
        assert desk.review.renew(name, case.id) > case.lease_until
        desk.review.release(name)
