"""Shifts go by the clock on the wall, through midnight, days off and changes of the clock."""

from datetime import UTC, date, datetime

import pytest

from queues.people import (
    Hours,
    Shift,
    TimeOff,
    Weekday,
    began_at,
    next_begin,
    on_shift,
    shift_at,
)

DAY = Shift(day=Weekday.MONDAY, start="09:00", end="17:30")
NIGHT = Shift(day=Weekday.SATURDAY, start="22:00", end="06:00")
BERLIN = Hours(time_zone="Europe/Berlin", shifts=(DAY, NIGHT))


def moment(text: str) -> datetime:
    """A moment, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "yes"),
    [
        # Monday, in winter: an hour before UTC.
        ("2026-01-12T07:59:59", False),
        ("2026-01-12T08:00:00", True),
        ("2026-01-12T16:29:59", True),
        ("2026-01-12T16:30:00", False),
        # In summer: two hours.
        ("2026-07-13T06:59:59", False),
        ("2026-07-13T07:00:00", True),
        # Through the night to Sunday.
        ("2026-01-10T20:59:59", False),
        ("2026-01-10T21:00:00", True),
        ("2026-01-11T04:59:59", True),
        ("2026-01-11T05:00:00", False),
        # No shift on Tuesday.
        ("2026-01-13T09:00:00", False),
    ],
)
def test_a_shift_goes_by_the_clock_on_the_wall(at: str, *, yes: bool) -> None:
    """Of the time zone in which its person lives."""
    assert on_shift(BERLIN, moment(at)) is yes


def test_a_shift_lasts_through_a_change_of_the_clock() -> None:
    """The night in which the clock is put forward is an hour shorter."""
    start, end = shift_at(BERLIN, moment("2026-03-28T23:00:00")) or (None, None)
    assert (start, end) == (moment("2026-03-28T21:00:00"), moment("2026-03-29T04:00:00"))


def test_no_shift_begins_on_a_day_off() -> None:
    """One that began the day before goes on to its end."""
    sunday = TimeOff(first=date(2026, 1, 11), last=date(2026, 1, 12))
    off = Hours(time_zone="Europe/Berlin", shifts=(DAY, NIGHT), time_off=(sunday,))
    assert on_shift(off, moment("2026-01-11T02:00:00"))
    assert not on_shift(off, moment("2026-01-12T10:00:00"))
    assert on_shift(off, moment("2026-01-19T10:00:00"))


def test_of_shifts_at_once_the_last_end_counts() -> None:
    """Leases are given back when somebody has gone."""
    longer = Shift(day=Weekday.MONDAY, start="16:00", end="20:00")
    hours = Hours(time_zone="UTC", shifts=(longer, DAY))
    found = shift_at(hours, moment("2026-01-12T17:00:00"))
    assert found is not None
    assert found[1] == moment("2026-01-12T20:00:00")


def test_without_shifts_any_time_is_one() -> None:
    """But days off are off, by the calendar of the time zone."""
    day = TimeOff(first=date(2026, 1, 12), last=date(2026, 1, 12))
    hours = Hours(time_zone="Pacific/Auckland", time_off=(day,))
    assert on_shift(hours, moment("2026-01-11T10:59:59"))
    assert not on_shift(hours, moment("2026-01-11T11:00:00"))
    assert on_shift(hours, moment("2026-01-12T11:00:00"))
    assert shift_at(hours, moment("2026-01-20T11:00:00")) is None


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        # On Monday at nine, by the clock of Berlin.
        ("2026-01-12T07:59:59", "2026-01-12T08:00:00"),
        # Then the next is on Saturday.
        ("2026-01-12T08:00:00", "2026-01-17T21:00:00"),
        ("2026-07-12T12:00:00", "2026-07-13T07:00:00"),
    ],
)
def test_the_next_shift_is_known(at: str, begins: str) -> None:
    """The one that begins after the moment, also while there is one."""
    assert next_begin(BERLIN, moment(at)) == moment(begins)


def test_the_next_shift_is_no_day_off() -> None:
    """Nor is there one for somebody who stays away for years."""
    week = TimeOff(first=date(2026, 1, 12), last=date(2026, 1, 18))
    off = Hours(time_zone="Europe/Berlin", shifts=(DAY, NIGHT), time_off=(week,))
    assert next_begin(off, moment("2026-01-12T07:00:00")) == moment("2026-01-19T08:00:00")
    gone = TimeOff(first=date(2026, 1, 1), last=date(2030, 1, 1))
    assert next_begin(Hours(time_zone="UTC", time_off=(gone,)), moment("2026-02-01")) is None


def test_work_begins_with_the_shift_or_the_day() -> None:
    """Whoever works at any time begins each day anew, where they live."""
    assert began_at(BERLIN, moment("2026-01-12T10:00:00")) == moment("2026-01-12T08:00:00")
    assert began_at(BERLIN, moment("2026-01-13T10:00:00")) is None
    off = TimeOff(first=date(2026, 1, 13), last=date(2026, 1, 13))
    free = Hours(time_zone="Europe/Berlin", time_off=(off,))
    assert began_at(free, moment("2026-01-12T10:00:00")) == moment("2026-01-11T23:00:00")
    assert began_at(free, moment("2026-01-12T23:30:00")) is None
    assert next_begin(free, moment("2026-01-12T10:00:00")) == moment("2026-01-13T23:00:00")
