"""A span of time, and which of its hours are summed up; the rest is read row by row."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.ids import id_floor

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
_LAST: Final = UUID(int=2**128 - 1)

_UNTIL: Final = text("SELECT now() AS now, until FROM rollup_state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole hours from `first` to `last` are summed up; what is before and after them is not."""

    begin: datetime
    end: datetime | None
    """None: whatever has come."""
    first: datetime
    last: datetime
    now: datetime
    newest: bool
    """Whether nothing later is summed up."""

    @property
    def days(self) -> tuple[datetime, datetime]:
        """Days whose sums are those of these hours: the running one has no others yet."""
        first, last = _begun(self.first), _begun(self.last) if self.newest else _day_of(self.last)
        return (first, last) if first < last else (self.first, self.first)

    @property
    def given(self) -> dict[str, object]:
        """What the statements of `sources` and `reading` ask for."""
        return {
            "first": self.first,
            "last": self.last,
            "first_day": self.days[0],
            "last_day": self.days[1],
            "head_floor": id_floor(self.begin),
            "head_ceiling": id_floor(self.first),
            "head_from": self.begin,
            "head_to": self.first,
            "rest_floor": id_floor(self.last),
            "rest_ceiling": _LAST if self.end is None else id_floor(self.end),
            "rest_from": self.last,
            "rest_to": self.now if self.end is None else self.end,
        }


def span_of(connection: Connection, begin: datetime, end: datetime | None = None) -> Span:
    """The span from a moment on, by what is summed up now.

    Args:
        connection: Of a look at one state: what is summed up must not move meanwhile.
        begin: Where it begins.
        end: Where it ends; None: it has no end.
    """
    now, until = connection.execute(_UNTIL).one()
    first = last = begin
    if until is not None:
        whole = hour_of(begin) if hour_of(begin) == begin else hour_of(begin) + HOUR
        over = until if end is None else min(until, hour_of(end))
        if whole < over:
            first, last = whole, over
    return Span(begin=begin, end=end, first=first, last=last, now=now, newest=last == until)


def _day_of(moment: datetime) -> datetime:
    return hour_of(moment).replace(hour=0)


def _begun(moment: datetime) -> datetime:
    """The first day that begins at a moment or after it."""
    day = _day_of(moment)
    return day if day == moment else day + DAY


def hour_of(moment: datetime) -> datetime:
    """The beginning of its hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
