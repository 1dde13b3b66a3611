"""Quantities are read as people write them, and refused with advice."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.quantities import (
    UNITS,
    NotAQuantity,
    duration,
    end_of,
    moment,
    number,
    share,
    yes_no,
)

DAY = 86_400.0


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (number, "0.97", 0.97),
        (number, "-3", -3.0),
        (number, "+3", 3.0),
        (number, "1e-3", 0.001),
        (number, ".5", 0.5),
        (number, "0", 0.0),
        (number, "0.0", 0.0),
        (share, "50%", 0.5),
        (share, "7 %", 0.07),
        (share, "0.1%", 0.001),
        (share, "120%", 1.2),
        (share, "0.5", 0.5),
        (duration, "90 seconds", 90.0),
        (duration, "15 minutes", 900.0),
        (duration, "1.5 hours", 5_400.0),
        (duration, "3 days", 3 * DAY),
        (duration, "2 weeks", 14 * DAY),
        (duration, "1 month", 30 * DAY),
        (duration, "2 years", 730 * DAY),
        (moment, "1970-01-02", DAY),
        (moment, "1970-01-01 18:00", 18 * 3_600.0),
        (moment, "1970-01-01T18:00:30Z", 18 * 3_600.0 + 30),
        (moment, "1970-01-01 01:00 +01:00", 0.0),
        (moment, "2026-12-31 18:00 Europe/Berlin", 1_798_736_400.0),
        (moment, "2026-07-01 Europe/Berlin", 1_782_856_800.0),
        (end_of, "1970-01-02", 2 * DAY),
        (end_of, "1970-01-02 12:00", 1.5 * DAY),
        (end_of, "1969-12-31", 0.0),
        (yes_no, "yes", True),
        (yes_no, "False", False),
    ],
)
def test_what_people_write(read: Callable[[str], float], text: str, value: float) -> None:
    """Every form that is promised is read."""
    assert read(text) == value


def test_a_day_ends_when_its_zone_says_so() -> None:
    """The day the clock is put back has 25 hours."""
    text = "2026-10-25 Europe/Berlin"
    assert end_of(text) - moment(text) == 25 * 3_600


@pytest.mark.parametrize(
    ("read", "text", "code", "hint"),
    [
        (number, "1_000", "number", "write `1000`"),
        (number, "1,000.5", "number", "write `1000.5`"),
        (number, "007", "number", "write `7`"),
        (number, "-00", "number", "write `-0`"),
        (number, "nan", "number", None),
        (number, "inf", "number", None),
        (number, "1e999", "number", None),
        (number, "٣", "number", None),
        (number, "0x10", "number", None),
        (number, "1" * 1_000, "number", None),
        (number, "", "number", None),
        (number, "5%", "number", "write a number without `%`"),
        (share, "many%", "number", None),
        (share, "%", "number", None),
        (duration, "12:30", "duration", "write `12 hours` or `30 minutes`"),
        (duration, "12", "duration", "add the unit: `12 hours` or `12 minutes`"),
        (duration, "12h", "duration", "did you mean `12 hours`?"),
        (duration, "12hours", "duration", "did you mean `12 hours`?"),
        (duration, "2 minuets", "duration", "did you mean `2 minutes`?"),
        (duration, "5 Days", "duration", "did you mean `5 days`?"),
        (duration, "-3 days", "duration", "write a number and a unit, such as `12 hours`"),
        (duration, "a while", "duration", "write a number and a unit, such as `12 hours`"),
        (moment, "31.12.2026", "date", "write `2026-12-31` or `2026-12-31 18:00 Europe/Berlin`"),
        (moment, "2026-02-30", "date", None),
        (moment, "2026-12-31 25:00", "date", None),
        (moment, "2026-12-31 18:00 +99:00", "date", None),
        (moment, "2026-03-29 02:30 Europe/Berlin", "date", None),
        (
            moment,
            "2026-12-31 18:00 ../../etc/passwd",
            "date",
            "write `2026-12-31` or `2026-12-31 18:00 Europe/Berlin`",
        ),
        (
            moment,
            "2026-12-31 18:00 Nowhere/Here",
            "date",
            "write a zone such as `Europe/Berlin`, or leave it out for UTC",
        ),
        (end_of, "9999-12-31", "date", None),
        (yes_no, "on", "yes-no", "write one of the two"),
        (yes_no, "y", "yes-no", "write one of the two"),
    ],
)
def test_what_cannot_be_read(
    read: Callable[[str], float], text: str, code: str, hint: str | None
) -> None:
    """What is refused is refused with a code, and with advice where there is some."""
    with pytest.raises(NotAQuantity) as caught:
        read(text)
    assert (caught.value.code, caught.value.hint) == (code, hint)
    assert caught.value.message in str(caught.value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(value: float) -> None:
    """Every number Python writes is read as that number."""
    assert number(repr(value)) == value


@given(st.integers(1, 10_000), st.sampled_from(sorted(UNITS)))
def test_durations_are_counted_in_their_unit(count: int, unit: str) -> None:
    """Singular and plural mean the same."""
    assert duration(f"{count} {unit}") == duration(f"{count} {unit}s") == count * UNITS[unit]


@given(st.datetimes(datetime(1000, 1, 1), datetime(9000, 1, 1)))  # noqa: DTZ001 - UTC is added
def test_moments_come_back(local: datetime) -> None:
    """A date with a time means that moment of UTC, to the second."""
    text = local.strftime("%Y-%m-%d %H:%M:%S")
    assert moment(text) == local.replace(microsecond=0, tzinfo=UTC).timestamp() == end_of(text)


@given(st.text(max_size=80), st.sampled_from([number, share, duration, moment, end_of, yes_no]))
def test_any_text_is_read_or_refused(text: str, read: Callable[[str], float]) -> None:
    """Nothing but the one refusal is ever raised, and what is read is finite."""
    with suppress(NotAQuantity):
        value = read(text)
        assert value - value == 0
