"""Types single values of items: what arrived, in which form, and within which bounds."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

from engine.item import Value
from engine.rules import quantities
from engine.rules.quantities import NotAQuantity
from engine.rules.vocabulary import FieldType

Quantity = TypeVar("Quantity", float, bool)

MAX_TEXT: Final = 1_000_000
"""Characters of a text. A longer one is refused: cutting it would hide what stands at its end."""
MAX_MEMBERS: Final = 10_000
"""Members of a set."""
MAX_ID: Final = 512
"""Characters of the id of an item."""
MAX_NAME: Final = 4_096
"""Characters of any other id, and of a member of a set."""

_MAX_NUMBER: Final = 1e300
_MAX_DATE: Final = 253_402_300_800  # the year 10000, far below now in milliseconds
_MAX_WRITTEN: Final = 64
_MAX_WHOLE: Final = 2**64

#: Turns what arrived into a value; None: absent after all. Raises `Refused`.
Convert = Callable[[object], Value | None]


class Refused(Exception):
    """A value is of another type, or out of bounds."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def converter(kind: FieldType, choices: Sequence[str]) -> Convert:
    """How values of a field of this type are read from JSON."""
    if kind is FieldType.CHOICE:
        return _choice(choices)
    return _CONVERTERS[kind]


def cell_converter(kind: FieldType, choices: Sequence[str]) -> Convert:
    """How values of a field of this type are read from a cell of a CSV file."""
    typed = converter(kind, choices)
    if kind is FieldType.TEXT:
        return typed
    prepare: Callable[[str], object] = str
    if kind.is_set:
        prepare = _split
    elif kind.numeric:
        prepare = _plain_number

    def convert(value: object) -> Value | None:
        cell = str(value).strip()
        return typed(prepare(cell)) if cell else None

    return convert


def read_id(value: object) -> str:
    """The id of an item: 1 to 512 characters, or a whole number."""
    name = str(value) if type(value) is int and abs(value) <= _MAX_WHOLE else value
    if not isinstance(name, str):
        raise _mistyped(value, "text")
    if not 0 < len(name) <= MAX_ID:
        raise Refused(reason=f"has {len(name):,} characters; 1 to {MAX_ID} are possible")
    return name


def _number(value: object) -> Value:
    if type(value) is int and -_MAX_WHOLE < value < _MAX_WHOLE:
        return value
    if isinstance(value, float | int) and not isinstance(value, bool):
        if -_MAX_NUMBER < value < _MAX_NUMBER:
            return value if type(value) is float or type(value) is int else float(value)
        raise Refused(reason="is no finite number")
    raise _mistyped(value, "a number")


def _score(value: object) -> Value:
    if type(value) is float and 0.0 <= value <= 1.0:
        return value
    return _within_one(_number(value), "a score")


def _share(value: object) -> Value:
    if isinstance(value, str):
        if not value.rstrip().endswith("%"):
            raise _mistyped(value, "a share such as 0.8 or 80%")
        return _within_one(_written(quantities.share, value), "a share")
    return _within_one(_number(value), "a share")


def _within_one(number: Value, what: str) -> Value:
    if isinstance(number, float | int) and 0 <= number <= 1:
        return number
    raise Refused(reason=f"{what} lies between 0 and 1, not at {number}")


def _count(value: object) -> Value:
    if type(value) is int and 0 <= value < _MAX_WHOLE:
        return value
    number = _number(value)
    if isinstance(number, float | int) and number >= 0 and number == int(number):
        return int(number)
    raise Refused(reason=f"a count is a whole number from 0, not {number}")


def _duration(value: object) -> Value:
    return _written_duration(value) if isinstance(value, str) else _number(value)


_ISO_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
_ISO_UNITS: Final = ("year", "month", "week", "day", "hour", "minute", "second")


def _written_duration(value: str) -> float:
    found = _ISO_DURATION.fullmatch(value.strip()[:_MAX_WRITTEN])
    if found is None or not any(found.groups()):
        return _written(quantities.duration, value)
    parts = zip(found.groups(default="0"), _ISO_UNITS, strict=True)
    return sum(float(amount) * quantities.UNITS[unit] for amount, unit in parts)


def _written(read: Callable[[str], Quantity], value: str) -> Quantity:
    """What a text says, in the form in which it stands in rules too."""
    try:
        return read(value.strip())
    except NotAQuantity as problem:
        raise Refused(reason=str(problem)) from problem


def _date(value: object) -> Value:
    seconds = _written_date(value) if isinstance(value, str) else _number(value)
    if isinstance(seconds, float | int) and -_MAX_DATE < seconds < _MAX_DATE:
        return seconds
    raise Refused(reason="is no date in seconds since 1970; are these milliseconds?")


def _written_date(value: str) -> float:
    try:
        moment = datetime.fromisoformat(value.strip()[:_MAX_WRITTEN])
    except ValueError as error:
        raise _mistyped(value, "a date: seconds since 1970 or `2026-03-01T12:00:00Z`") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _yes_no(value: object) -> Value:
    if value is True or value is False:
        return value
    if isinstance(value, str):
        return _written(quantities.yes_no, value)
    raise _mistyped(value, "yes or no")


def _choice(choices: Sequence[str]) -> Convert:
    known = frozenset(choices)

    def convert(value: object) -> Value:
        if isinstance(value, str) and value in known:
            return value
        raise _mistyped(value, f"one of {', '.join(choices)}")

    return convert


def _name(value: object) -> str:
    if type(value) is str and len(value) <= MAX_NAME:
        return value
    name = str(value) if type(value) is int and abs(value) <= _MAX_WHOLE else value
    if not isinstance(name, str):
        raise _mistyped(value, "text")
    if len(name) > MAX_NAME:
        raise Refused(reason=f"has {len(name):,} characters; up to {MAX_NAME:,} are possible")
    return name


def _set(value: object) -> Value:
    return frozenset(_members(value))


def _members(value: object) -> list[str]:
    if not isinstance(value, list | tuple | set | frozenset):
        raise _mistyped(value, "a list")
    if len(value) > MAX_MEMBERS:
        raise Refused(reason=f"has {len(value):,} members; up to {MAX_MEMBERS:,} are possible")
    return [_name(member) for member in value]


def _domains(value: object) -> Value:
    return frozenset(domain.lower().removesuffix(".") for domain in _members(value))


def _text(value: object) -> Value:
    if type(value) is str and len(value) <= MAX_TEXT:
        return value
    if not isinstance(value, str):
        raise _mistyped(value, "text")
    if len(value) > MAX_TEXT:
        raise Refused(reason=f"has {len(value):,} characters; up to {MAX_TEXT:,} are possible")
    return value


_CONVERTERS: Final[Mapping[FieldType, Convert]] = {
    FieldType.NUMBER: _number,
    FieldType.SCORE: _score,
    FieldType.SHARE: _share,
    FieldType.COUNT: _count,
    FieldType.DURATION: _duration,
    FieldType.DATE: _date,
    FieldType.YES_NO: _yes_no,
    FieldType.TEXT_ID: _name,
    FieldType.SET: _set,
    FieldType.DOMAINS: _domains,
    FieldType.TEXT: _text,
}

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_SEPARATORS = re.compile(r"[;,\s]+")


def _plain_number(written: str) -> float | int | str:
    """The number that is written there; anything else stays as it is."""
    if _WHOLE.fullmatch(written):
        return int(written)
    return float(written) if _NUMBER.fullmatch(written) else written


def _split(written: str) -> list[str]:
    return [name for name in _SEPARATORS.split(written) if name]


def _mistyped(value: object, expected: str) -> Refused:
    return Refused(reason=f"expected {expected}, got {_seen(value)}")


def _seen(value: object) -> str:
    """What arrived, short, and without repeating what a person wrote at length."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return f"`{value}`" if len(value) <= 20 and value.isprintable() else "another text"  # noqa: PLR2004 a short name, not somebody's words
    if isinstance(value, float | int):
        return "a number"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list | tuple) else f"a {type(value).__name__}"
