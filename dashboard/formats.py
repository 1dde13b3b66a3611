"""How numbers, times and money read, everywhere the same."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dashboard.gateway import now, settings
from engine.quality.measures import lacking

NONE: Final = "-"
_MINUTE: Final = 60.0
_HOUR: Final = 3_600.0
_DAY: Final = 86_400.0
#: What Markdown, and Streamlit in it, may take for more than a letter.
_MARKS: Final = re.compile(r"[!-/:-@\[-`{-~]")
#: Within what a browser makes links, arrows and pictures of even where each letter is escaped.
_WITHIN: Final = re.compile(
    r"(?<=:)(?=//|streamlit:)|(?<=www)(?=\.)|(?<=\w)(?=@)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE
)
_JOINER: Final = "\u2060"
"""Nobody sees it, and nothing breaks there."""


def count(value: float | None) -> str:
    """A whole number: `12,391`."""
    return NONE if value is None else f"{value:,.0f}"


def number(value: float | None) -> str:
    """A figure without a unit: `0.87`, `1,204.5`."""
    if value is None:
        return NONE
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.1f}"  # noqa: PLR2004 - digits that say something


def share(value: float | None) -> str:
    """A part of all: 0.871 as `87.1 %`."""
    return NONE if value is None else f"{value * 100:.1f} %"


def money(value: float | None) -> str:
    """An amount in the currency of the rates: `$0.0322`, `$1,204.50`."""
    if value is None:
        return NONE
    digits = 2 if abs(value) >= 1 or value == 0 else 4
    sign = "-" if value < 0 else ""
    return f"{sign}{settings().dashboard.currency}{abs(value):,.{digits}f}"


def duration(seconds: float | None) -> str:
    """A time: `0.8 s`, `28 s`, `4 min`, `2 h 05 min`, `3 d 4 h`."""
    if seconds is None:
        return NONE
    sign, left = ("-" if seconds < 0 else ""), abs(seconds)
    if left < _MINUTE:
        return f"{sign}{left:.1f} s" if left < 10 else f"{sign}{left:.0f} s"  # noqa: PLR2004 - digits that say something
    if left < _HOUR:
        return f"{sign}{left / _MINUTE:.0f} min"
    if left < _DAY:
        hours, minutes = divmod(round(left / _MINUTE), 60)
        return f"{sign}{hours} h {minutes:02} min"
    days, hours = divmod(round(left / _HOUR), 24)
    return f"{sign}{days} d {hours} h"


def moment(value: str | datetime | None) -> str:
    """A point in time, as all that is stored: `29 Nov 14:05 UTC`, with a year that is over."""
    return NONE if value is None else f"{day(value)} {_utc(value):%H:%M} UTC"


def day(value: str | datetime) -> str:
    """The day of a point in time, in UTC: `29 Nov`, with a year that is over."""
    when = _utc(value)
    year = "" if when.year == now().year else f" {when.year}"
    return f"{when.day} {when:%b}{year}"


def _utc(value: str | datetime) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


#: By the name that the API gives units.
_OF_UNIT: Final = {
    "share": share,
    "seconds": duration,
    "money": money,
    "count": count,
}


def in_unit(value: float | None, unit: str) -> str:
    """A figure in a unit of the API: `share`, `seconds`, `money`, `count`, else a bare number."""
    return _OF_UNIT.get(unit, number)(value)


def measured(measure: Mapping[str, Any], unit: str) -> str:
    """A figure with its interval, or what it takes until there is one."""
    if measure["state"] != "known":
        return lacking(measure["n"], measure["needs"])
    low, high = (in_unit(measure[end], unit) for end in ("low", "high"))
    return f"{in_unit(measure['value'], unit)} [{low}, {high}]"


def words(name: str) -> str:
    """A name of the API as people read it: `time_to_decision` as `time to decision`."""
    return name.replace("_", " ").replace(".", " · ")


def literal(written: str) -> str:
    """What somebody wrote, for a place that reads Markdown: shown as it stands, in one line."""
    # Spaces in front, and lines of their own, mean something too.
    return _MARKS.sub(r"\\\g<0>", _WITHIN.sub(_JOINER, " ".join(written.split())))
