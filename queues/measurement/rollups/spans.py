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

# While the hour that is just over still changes, it is read row by row like the running one, so
# that what was seen a moment ago does not go back when an hour ends.
_UNTIL: Final = text("""
SELECT now() AS now, until, (SELECT min(hour) FROM rollup_marks
    WHERE hour >= rollup_state.until - interval '1 hour' AND hour < rollup_state.until) AS moved
FROM rollup_state
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole hours from `first` to `last` are summed up; what is before and after them is not."""

    begin: datetime
    end: datetime | None
    """None: whatever has come."""
    first: datetime
    last: datetime
    now: datetime

    @property
    def days(self) -> tuple[datetime, datetime]:
        """The whole days among these hours."""
        first = _day_of(self.first)
        first = first if first == self.first else first + DAY
        last = _day_of(self.last)
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
    state = connection.execute(_UNTIL).one()
    until = state.until if state.moved is None else state.moved
    first = last = begin
    if until is not None:
        whole = hour_of(begin) if hour_of(begin) == begin else hour_of(begin) + HOUR
        over = until if end is None else min(until, hour_of(end))
        if whole < over:
            first, last = whole, over
    return Span(begin=begin, end=end, first=first, last=last, now=state.now)


def _day_of(moment: datetime) -> datetime:
    return hour_of(moment).replace(hour=0)


def hour_of(moment: datetime) -> datetime:
    """The beginning of its hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
