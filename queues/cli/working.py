"""Hours of work, as they are written on the command line."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from queues.errors import Refused
from queues.people import Shift, TimeOff, Weekday

_SHIFT: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?\s+(\d\d:\d\d)-(\d\d:\d\d)")
_DAYS: Final = [day.value for day in Weekday]


def shifts_of(written: Sequence[str]) -> Iterator[Shift]:
    """The shifts of texts such as `mon-fri 09:00-17:30`; raises Refused."""
    for text in written:
        found = _SHIFT.fullmatch(text.strip().lower())
        if found is None or not {found[1], found[2] or found[1]} <= set(_DAYS):
            field = "shift"
            raise Refused(field, f"`{text}` is none; write it as `mon-fri 09:00-17:30`")
        for day in _days(found[1], found[2] or found[1]):
            yield Shift(day=day, start=found[3], end=found[4])


def time_off_of(written: Sequence[str]) -> Iterator[TimeOff]:
    """Days off of texts such as `2026-12-24` and `2026-12-24..2026-12-31`; raises Refused."""
    for text in written:
        first, _, last = text.partition("..")
        try:
            yield TimeOff(
                first=date.fromisoformat(first.strip()),
                last=date.fromisoformat((last or first).strip()),
            )
        except ValueError as error:
            field = "off"
            reason = f"`{text}` is no day; write it as `2026-12-24` or `2026-12-24..2026-12-31`"
            raise Refused(field, reason) from error


def _days(first: str, last: str) -> Iterator[Weekday]:
    """From one day of the week to another, also over its end."""
    start = _DAYS.index(first)
    count = (_DAYS.index(last) - start) % len(_DAYS) + 1
    for step in range(count):
        yield Weekday(_DAYS[(start + step) % len(_DAYS)])
