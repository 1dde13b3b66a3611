"""Numbers, percents, durations, dates and yes/no, read from text as people write them."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.rules.suggestions import nearest, shown

#: Seconds of each unit; a month has 30 days, a year 365.
UNITS = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_592_000,
    "year": 31_536_000,
}
_SHORT_UNITS = {
    "s": "seconds",
    "sec": "seconds",
    "secs": "seconds",
    "m": "minutes",
    "min": "minutes",
    "mins": "minutes",
    "h": "hours",
    "hr": "hours",
    "hrs": "hours",
    "d": "days",
    "w": "weeks",
    "mo": "months",
    "y": "years",
    "yr": "years",
    "yrs": "years",
}
_LONGEST = 60
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)", re.ASCII)
_CLOCK = re.compile(r"\d{1,4}:\d{1,2}(?::\d{1,2})?", re.ASCII)
_DATE = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?"
    r"(?:\s*(Z|UTC|[+-]\d{2}:\d{2})|\s+([A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*))?",
    re.ASCII,
)
_DAY = timedelta(days=1)


class NotAQuantity(ValueError):
    """A text cannot be read as the quantity that is asked for."""

    def __init__(self, *, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


def number(text: str) -> float:
    """A finite number: `0.97`, `-3`, `1e-3`."""
    if len(text) <= _LONGEST and _NUMBER.fullmatch(text):
        digits = text.lstrip("+-")
        if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
            plain = text.replace(digits, digits.lstrip("0") or "0")
            raise NotAQuantity(
                code="number", message=f"`{text}` begins with a zero", hint=f"write `{plain}`"
            )
        value = float(text)
        if value - value == 0:
            return value
    raise NotAQuantity(
        code="number", message=f"`{shown(text)}` is not a number", hint=_number_hint(text)
    )


def _number_hint(text: str) -> str | None:
    plain = text.replace("_", "").replace(",", "")
    if plain != text and len(plain) <= _LONGEST and _NUMBER.fullmatch(plain):
        return f"write `{plain}`"
    if text.endswith("%"):
        return "write a number without `%`"
    return None


def share(text: str) -> float:
    """A number or a percent: `0.5`, `50%`; what lies outside 0 to 1 is for the caller to refuse."""
    if not text.endswith("%"):
        return number(text)
    part = text[:-1].strip()
    try:
        number(part)
        return float(Decimal(part) / 100)
    except (NotAQuantity, InvalidOperation):
        raise NotAQuantity(code="number", message=f"`{shown(text)}` is not a percentage") from None


def duration(text: str) -> float:
    """Seconds of a duration such as `15 minutes`, `2 weeks` or `1.5 hours`."""
    found = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST else None
    if found is not None:
        unit = found[2]
        seconds = UNITS.get(unit.removesuffix("s"))
        if seconds is not None and (unit.endswith("s") or unit in UNITS) and " " in text:
            value = float(Decimal(found[1]) * seconds)
            if value - value == 0:
                return value
    raise NotAQuantity(
        code="duration", message=f"`{shown(text)}` is not a duration", hint=_duration_hint(text)
    )


def _duration_hint(text: str) -> str:
    if len(text) > _LONGEST:
        return "write a number and a unit, such as `12 hours`"
    if _CLOCK.fullmatch(text):
        first, second = (part.lstrip("0") or "0" for part in text.split(":")[:2])
        return f"write `{first} hours` or `{second} minutes`"
    found = _QUANTITY.fullmatch(text)
    if found is not None:
        unit = found[2].lower()
        near = nearest(unit, tuple(f"{one}s" for one in UNITS))
        full = _SHORT_UNITS.get(unit) or (f"{unit}s" if unit in UNITS else near)
        if full is not None:
            return f"did you mean `{found[1]} {full}`?"
        return "the units are `seconds`, `minutes`, `hours`, `days`, `weeks`, `months`, `years`"
    if _NUMBER.fullmatch(text) and text[0] not in "+-":
        return f"add the unit: `{text} hours` or `{text} minutes`"
    return "write a number and a unit, such as `12 hours`"


def moment(text: str) -> float:
    """Seconds since 1970 of `2026-12-31` (its start) or `2026-12-31 18:00 Europe/Berlin`."""
    return _local(text)[0].timestamp()


def end_of(text: str) -> float:
    """Like `moment`, but a date without a time means the end of that day."""
    local, has_time = _local(text)
    if has_time:
        return local.timestamp()
    try:
        following = local.replace(tzinfo=None) + _DAY
    except OverflowError:
        raise NotAQuantity(code="date", message=f"`{text}` is too far away") from None
    return following.replace(tzinfo=local.tzinfo).timestamp()


def _local(text: str) -> tuple[datetime, bool]:
    found = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        hint = "write `2026-12-31` or `2026-12-31 18:00 Europe/Berlin`"
        raise NotAQuantity(code="date", message=f"`{shown(text)}` is not a date", hint=hint)
    zone = _zone(found[7], found[8])
    try:
        numbers = [int(part) for part in found.groups()[:6] if part is not None]
        local = datetime(*numbers[:3], *numbers[3:], tzinfo=zone)  # type: ignore[arg-type,misc]  # six
        back = local.astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError):
        raise NotAQuantity(code="date", message=f"there is no `{text}` in the calendar") from None
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        message = f"`{text}` does not exist: the clock is put forward then"
        raise NotAQuantity(code="date", message=message)
    return local, found[4] is not None


def _zone(offset: str | None, name: str | None) -> tzinfo:
    if name is None:
        return UTC if offset in (None, "Z", "UTC") else _fixed(str(offset))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = "write a zone such as `Europe/Berlin`, or leave it out for UTC"
        raise NotAQuantity(
            code="date", message=f"there is no time zone `{name}`", hint=hint
        ) from None


def _fixed(offset: str) -> tzinfo:
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    size = timedelta(hours=hours, minutes=minutes)
    if size >= _DAY:
        raise NotAQuantity(code="date", message=f"there is no offset `{offset}`")
    return timezone(-size if offset[0] == "-" else size)


def yes_no(text: str) -> bool:
    """`yes`, `no`, `true` or `false`, in any case."""
    lowered = text.lower()
    if lowered in ("yes", "true"):
        return True
    if lowered in ("no", "false"):
        return False
    message = f"`{shown(text)}` is neither `yes` nor `no`"
    raise NotAQuantity(code="yes-no", message=message, hint="write one of the two")
