"""Values of fields and keys as a person would write them into a rule."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from engine.rules.model import FieldRef, Leaf, ListRefs, Portion, TextPattern
from engine.rules.quantities import UNITS
from engine.rules.vocabulary import FieldType, Gold, Panel
from engine.text.entry import Entry, Spelling

_UNITS: Final = ("week", "day", "hour", "minute", "second")
_DURATIONS: Final = frozenset({"sla", "within"})
_DATES: Final = frozenset({"starts", "ends"})
_ACTIONS: Final = frozenset({"while_waiting"})
_MANY: Final = 8
#: Characters of a text that are shown.
_LONGEST: Final = 80


class Values:
    """Writes values down, by what their fields hold."""

    def __init__(self, types: Mapping[str, FieldType]) -> None:
        self._types = types

    def constant(self, leaf: Leaf, most: int = _MANY) -> str:
        """The constant of a leaf."""
        write = _WRITERS.get(self._types.get(leaf.field, FieldType.NUMBER), self.member)
        constant = leaf.constant
        match constant:
            case FieldRef(name=name):
                return name
            case ListRefs(names=names, exceptions=exceptions):
                less = f" except {some(tuple(map(entry, exceptions)), most)}" if exceptions else ""
                return f"{some(names, most)}{less}"
            case tuple():
                sep = " to " if leaf.operator.value == "between" else ", "
                return some(tuple(write(each) for each in constant), most, sep)
            case _:
                return write(constant)

    def member(self, value: object) -> str:  # noqa: PLR0911 - one for each kind of value
        """A word, a name, or anything else that stands by itself."""
        match value:
            case Entry():
                return entry(value)
            case TextPattern(source=source, exact=exact):
                return f"/{source}/{' exactly' if exact else ''}"
            case Enum():
                return str(value.value)
            case bool():
                return "yes" if value else "no"
            case float() | int():
                return number(value)
            case frozenset():
                return some(tuple(sorted(map(str, value))), _MANY)
            case _:
                return shortened(str(value))

    def said(self, key: str, value: object) -> str:  # noqa: PLR0911 - likewise
        """The value of a key of a rule, list, queue or field."""
        match value:
            case None:
                return "publish" if key in _ACTIONS else "none"
            case Portion(share=share, of=of):
                return f"{percent(share)} of {of}"
            case Gold(source=source, one_in=one_in):
                return f"one in {one_in} from {source}"
            case Panel(reviewers=reviewers, decide=decide):
                return f"{reviewers} reviewers, {decide.replace('_', ' ')}"
            case float() | int() if key in _DURATIONS and not isinstance(value, bool):
                return duration(value)
            case float() if key in _DATES:
                return date(value)
            case _:
                return self.member(value)


def entry(value: Entry) -> str:
    """A word as it is written, with how loosely it may be spelled."""
    left, right = "*" * value.open_left, "*" * value.open_right
    spelled = "" if value.spelling is Spelling.PLAIN else f" {value.spelling}"
    less = f" except {', '.join(map(entry, value.exceptions))}" if value.exceptions else ""
    return f"{left}{value.text}{right}{spelled}{less}"


def some(parts: Sequence[str], most: int, between: str = ", ") -> str:
    """The first parts, and how many more there are."""
    if len(parts) <= most:
        return between.join(parts) or "none"
    return f"{between.join(parts[:most])} and {len(parts) - most:,} more"


def number(value: float) -> str:
    """A number with all its digits, and no more."""
    return f"{value:.15g}"


def percent(value: object) -> str:
    """A share."""
    return f"{number(float(str(value)) * 100)}%"


def duration(value: object) -> str:
    """Seconds in the largest unit that they fill."""
    seconds = float(str(value))
    for name in _UNITS:
        count = seconds / UNITS[name]
        if (count >= 1 and count.is_integer()) or name == "second":
            return f"{number(count)} {name}{'' if count == 1 else 's'}"
    raise AssertionError(value)


def date(value: object) -> str:
    """A moment, in UTC."""
    seconds = float(str(value))
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return f"{number(seconds)} seconds since 1970"
    return f"{moment:%Y-%m-%d}" if seconds % UNITS["day"] == 0 else f"{moment:%Y-%m-%d %H:%M:%S}"


def shortened(text: str) -> str:
    """A text on one line, its beginning if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


_WRITERS: Final[Mapping[FieldType, Callable[[object], str]]] = {
    FieldType.SHARE: percent,
    FieldType.DURATION: duration,
    FieldType.DATE: date,
}
