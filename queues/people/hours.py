"""When somebody works: weekly shifts in their own time zone, and days off."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
#: So far ahead somebody's next shift is looked for.
_DAYS_AHEAD: Final = 400


class Weekday(StrEnum):
    """The day on which a shift begins, in the order of `datetime.weekday`."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Hours that come every week."""

    day: Weekday
    start: str
    """`09:00`, by the clock on the wall."""
    end: str
    """`17:30`; not after the start: on the next day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOff:
    """Days on which no shift begins. Why is nobody's concern here."""

    first: date
    last: date
    """Still off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When somebody works."""

    time_zone: str
    """An IANA name, such as `Europe/Berlin`."""
    shifts: tuple[Shift, ...] = ()
    """None: any time, on days that are not off."""
    time_off: tuple[TimeOff, ...] = ()


def on_shift(hours: Hours, at: datetime) -> bool:
    """Whether somebody works at a moment."""
    if not hours.shifts:
        return not _off(hours, at.astimezone(ZoneInfo(hours.time_zone)).date())
    return shift_at(hours, at) is not None


def shift_at(hours: Hours, at: datetime) -> tuple[datetime, datetime] | None:
    """When the shift of a moment began, and when it ends; None: there is none.

    Of several at once it is the one that ends last. A shift goes by the clock on the wall: where
    that is put forward or back meanwhile, the shift is an hour shorter or longer.
    """
    zone = ZoneInfo(hours.time_zone)
    today = at.astimezone(zone).date()
    found = [
        (start, end)
        for day in (today - _DAY, today)
        if not _off(hours, day)
        for shift in hours.shifts
        if shift.day == list(Weekday)[day.weekday()]
        for start, end in [_span(shift, day, zone)]
        if start <= at < end
    ]
    return max(found, key=lambda span: span[1], default=None)


def began_at(hours: Hours, at: datetime) -> datetime | None:
    """When the work of a moment began; None: there is none.

    That is with the shift, or with the day of somebody who works at any time.
    """
    if hours.shifts:
        shift = shift_at(hours, at)
        return None if shift is None else shift[0]
    day = at.astimezone(ZoneInfo(hours.time_zone)).date()
    return None if _off(hours, day) else _midnight(hours, day)


def next_begin(hours: Hours, at: datetime) -> datetime | None:
    """When somebody's next shift begins, or the next day of somebody who works at any time.

    None: there is none within a year.
    """
    zone = ZoneInfo(hours.time_zone)
    today = at.astimezone(zone).date()
    for ahead in range(_DAYS_AHEAD):
        day = today + ahead * _DAY
        begins = [begin for begin in _begins(hours, day, zone) if begin > at]
        if begins:
            return min(begins)
    return None


def _begins(hours: Hours, day: date, zone: ZoneInfo) -> list[datetime]:
    """When work of a day begins."""
    if _off(hours, day):
        return []
    if not hours.shifts:
        return [_midnight(hours, day)]
    weekday = list(Weekday)[day.weekday()]
    return [_span(shift, day, zone)[0] for shift in hours.shifts if shift.day == weekday]


def _midnight(hours: Hours, day: date) -> datetime:
    begin = datetime.combine(day, time(), ZoneInfo(hours.time_zone))
    return begin.astimezone(ZoneInfo("UTC"))


def _span(shift: Shift, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, end = time.fromisoformat(shift.start), time.fromisoformat(shift.end)
    last = day if end > start else day + _DAY
    # In UTC: moments of one zone are compared by their clocks alone.
    utc = ZoneInfo("UTC")
    return (
        datetime.combine(day, start, zone).astimezone(utc),
        datetime.combine(last, end, zone).astimezone(utc),
    )


def _off(hours: Hours, day: date) -> bool:
    return any(off.first <= day <= off.last for off in hours.time_off)
