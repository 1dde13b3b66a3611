"""Conditions and numbers in the words of the language, for messages."""

from collections.abc import Iterable
from datetime import UTC, datetime

from engine.rules.lints.regions import Ground
from engine.rules.model import FieldRef, Leaf, ListRefs, TextPattern
from engine.rules.suggestions import shown
from engine.rules.vocabulary import FieldType, Operator
from engine.text.entry import Entry

_UNITS = (("year", 31_536_000), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_SHOWN = 3


def number(value: float, kind: FieldType) -> str:
    """A number as one writes it for a field of this type."""
    match kind:
        case FieldType.SHARE:
            return f"{value * 100:.10g}%"
        case FieldType.DURATION:
            return duration(value)
        case FieldType.DATE:
            return date(value)
        case FieldType.SCORE:
            return max(f"{value:.2f}", f"{value:.10g}", key=len)
        case _:
            return f"{value:.10g}"


def duration(seconds: float) -> str:
    """Seconds in the largest unit that divides them."""
    for unit, size in _UNITS:
        if seconds and seconds % size == 0:
            count = int(seconds // size)
            return f"{count} {unit}{'' if abs(count) == 1 else 's'}"
    return f"{seconds:.10g} seconds"


def date(seconds: float) -> str:
    """A moment as a date, with the time of day where it is not midnight UTC."""
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    return moment.strftime("%Y-%m-%d" if seconds % 86_400 == 0 else "%Y-%m-%d %H:%M UTC")


def last_day(ends: float) -> str:
    """The day on which something ends; a day ends with the midnight after it."""
    return datetime.fromtimestamp(ends - 1, tz=UTC).strftime("%Y-%m-%d")


def names(found: Iterable[str], *, most: int = _SHOWN) -> str:
    """The first names in backticks, and how many more there are."""
    every = [f"`{shown(each)}`" for each in found]
    if len(every) > most:
        return ", ".join(every[:most]) + f" and {len(every) - most} more"
    return " and ".join(filter(None, (", ".join(every[:-1]), every[-1] if every else "")))


def ground(found: Ground, kind: FieldType) -> str:
    """A leaf as written, with `not` before it where it has to be false."""
    text = f"`{leaf(found.leaf, kind)}`"
    return f"not {text}" if found.negated else text


def leaf(found: Leaf, kind: FieldType) -> str:
    """A leaf as one writes it."""
    return f"{found.field}: {{ {found.operator}: {_constant(found, kind)} }}"


def _constant(found: Leaf, kind: FieldType) -> str:
    constant = found.constant
    if isinstance(constant, bool):
        return "yes" if constant else "no"
    if isinstance(constant, FieldRef):
        return f"{{ field: {constant.name} }}"
    if isinstance(constant, ListRefs):
        return _several(constant.names)
    if isinstance(constant, tuple):
        members = [_member(each, kind) for each in constant]
        single = len(members) == 1 and found.operator in (Operator.IS, Operator.IS_NOT)
        return members[0] if single else _several(members)
    return number(constant, FieldType.COUNT if kind is FieldType.TEXT else kind)


def _several(members: Iterable[str]) -> str:
    every = list(members)
    more = ["…"] if len(every) > _SHOWN else []
    return f"[{', '.join(every[:_SHOWN] + more)}]"


def _member(member: object, kind: FieldType) -> str:
    match member:
        case Entry():
            left, right = "*" if member.open_left else "", "*" if member.open_right else ""
            return f"{left}{shown(member.text)}{right}"
        case TextPattern():
            return f"'{shown(member.source)}'"
        case bool():
            return "yes" if member else "no"
        case int() | float():
            return number(member, kind)
        case _:
            return shown(str(member))
