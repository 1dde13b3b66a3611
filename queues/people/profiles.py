"""What is known of a person beside their name, and can be changed; checked before it is stored."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.rules.suggestions import quoted
from queues.access import Role
from queues.errors import Refused
from queues.people.hours import Hours, Shift, TimeOff, Weekday

_MOST_DISPLAY_NAME: Final = 100
_MOST_WORD: Final = 100
_MOST: Final = 200
_MOST_POINTS: Final = 2**31 - 1
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

#: Fields that are about who somebody is and what they may and cost, not about their work.
PERSONAL: Final = frozenset({"display_name", "roles", "hourly_rate"})
#: Fields that somebody may set themselves: none of them lets them be handed more.
OWN: Final = frozenset({"display_name", "opted_out", "blur"})
_NOT_OWN: Final = "is set by whoever plans your work"
_ONLY_MORE: Final = "you can add policies, and whoever plans your work can take them back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of a person beside their name."""

    display_name: str
    roles: tuple[Role, ...]
    languages: tuple[str, ...] = ()
    """Those they read, as BCP 47 names them; empty: all."""
    policies: tuple[str, ...] = ()
    """Those they know; empty: all."""
    opted_out: tuple[str, ...] = ()
    """Policies whose cases they never get."""
    time_zone: str = "UTC"
    """An IANA name, such as `Europe/Berlin`."""
    shifts: tuple[Shift, ...] = ()
    """Hours that come every week; empty: any time."""
    time_off: tuple[TimeOff, ...] = ()
    hourly_rate: float | None = None
    """What an hour costs; none: as their role."""
    exposure: int | None = None
    """Most exposure in a shift, in points; none: as in the settings."""
    severe_in_a_row: int | None = None
    """Most cases of the highest severity one after the other; none: as in the settings."""
    blur: bool | None = None
    """Whether pictures are blurred at first; none: as in the settings."""

    @property
    def hours(self) -> Hours:
        """When they work."""
        return Hours(time_zone=self.time_zone, shifts=self.shifts, time_off=self.time_off)


def checked(profile: Profile) -> Profile:
    """The profile, with each role, language and policy once; raises Refused for what cannot be."""
    for field, reason in _mistakes(profile):
        raise Refused(field, reason)
    return replace(
        profile,
        roles=tuple(role for role in Role if role in profile.roles),
        languages=_once(profile.languages),
        policies=_once(profile.policies),
        opted_out=_once(profile.opted_out),
    )


def check_own(before: Profile, after: Profile) -> None:
    """Raise Refused for a change of somebody's own that is not theirs to make."""
    for each in fields(Profile):
        if each.name not in OWN and getattr(before, each.name) != getattr(after, each.name):
            raise Refused(each.name, _NOT_OWN)
    lost = sorted(set(before.opted_out) - set(after.opted_out))
    if lost:
        field = "opted_out"
        raise Refused(field, f"leaves out {quoted(lost)}; {_ONLY_MORE}")


def columns_of(profile: Profile) -> dict[str, Any]:
    """A profile as a row of `accounts` keeps it."""
    row: dict[str, Any] = {each.name: getattr(profile, each.name) for each in fields(Profile)}
    for name in ("languages", "policies", "opted_out"):
        row[name] = list(row[name])
    row["roles"] = [role.value for role in profile.roles]
    row["shifts"] = [
        {"day": each.day.value, "start": each.start, "end": each.end} for each in profile.shifts
    ]
    row["time_off"] = [
        {"first": each.first.isoformat(), "last": each.last.isoformat()}
        for each in profile.time_off
    ]
    return row


def values_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a profile, from a row of `accounts`."""
    values = {each.name: row[each.name] for each in fields(Profile)}
    for name in ("languages", "policies", "opted_out"):
        values[name] = tuple(values[name])
    values["roles"] = tuple(map(Role, row["roles"]))
    values["shifts"] = tuple(
        Shift(day=Weekday(each["day"]), start=each["start"], end=each["end"])
        for each in row["shifts"]
    )
    values["time_off"] = tuple(
        TimeOff(first=date.fromisoformat(each["first"]), last=date.fromisoformat(each["last"]))
        for each in row["time_off"]
    )
    return values


def _mistakes(profile: Profile) -> Iterator[tuple[str, str]]:
    """Each field that cannot be, and why."""
    name = profile.display_name
    if not 0 < len(name) <= _MOST_DISPLAY_NAME or not name.isprintable() or name != name.strip():
        reason = f"needs 1 to {_MOST_DISPLAY_NAME} printable characters, no space around them"
        yield "display_name", reason
    if not profile.roles:
        yield "roles", "names none; somebody without a role can do nothing"
    if not all(map(_LANGUAGE.fullmatch, profile.languages)):
        yield "languages", "needs names such as `de` or `pt-BR`"
    for field, words in (("policies", profile.policies), ("opted_out", profile.opted_out)):
        if not all(0 < len(word) <= _MOST_WORD and word.isprintable() for word in words):
            yield field, f"needs names of 1 to {_MOST_WORD} printable characters"
    yield from _mistakes_of_hours(profile.hours)
    yield from _mistakes_of_figures(profile)


def _mistakes_of_figures(profile: Profile) -> Iterator[tuple[str, str]]:
    rate = profile.hourly_rate
    if rate is not None and not 0 <= rate < math.inf:
        yield "hourly_rate", "must be 0 or more"
    limits = (("exposure", profile.exposure), ("severe_in_a_row", profile.severe_in_a_row))
    for field, limit in limits:
        if limit is not None and not 0 <= limit <= _MOST_POINTS:
            yield field, "must be 0 or more"


def _mistakes_of_hours(hours: Hours) -> Iterator[tuple[str, str]]:
    if not _is_zone(hours.time_zone):
        yield "time_zone", "is no time zone; such names are `Europe/Berlin` and `UTC`"
    if len(hours.shifts) > _MOST:
        yield "shifts", f"has more than {_MOST}"
    clocks = [clock for shift in hours.shifts for clock in (shift.start, shift.end)]
    if not all(map(_CLOCK.fullmatch, clocks)):
        yield "shifts", "needs hours such as `09:00` and `17:30`"
    if len(hours.time_off) > _MOST:
        yield "time_off", f"has more than {_MOST}"
    if any(each.last < each.first for each in hours.time_off):
        yield "time_off", "ends before it begins"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))
