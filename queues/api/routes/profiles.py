"""What is sent about a person."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field, Strict

from queues.access import Role
from queues.api.parts import WHOLE, Number, Sent, YesNo
from queues.people import Profile, Shift, TimeOff, Weekday

_CLOCK: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

#: What null sets back.
_CLEARED: Final = frozenset({"hourly_rate", "exposure", "severe_in_a_row", "blur"})

Word = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$", max_length=100)]
Words = Annotated[tuple[Word, ...], Field(max_length=200)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
Languages = Annotated[tuple[Language, ...], Field(max_length=200)]
Roles = Annotated[tuple[Role, ...], Field(min_length=1, max_length=len(Role))]
Clock = Annotated[str, Field(pattern=_CLOCK)]
Zone = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+/-]+$", max_length=60)]
Rate = Annotated[Number, Field(ge=0, le=1_000_000)]
Limit = Annotated[int, Strict(), Field(ge=0, lt=2**31), WHOLE]


class SentShift(Sent):
    """Hours that come every week."""

    day: Weekday
    """The day on which it begins."""
    start: Clock
    end: Clock
    """Not after the start: on the next day."""


class SentTimeOff(Sent):
    """Days on which no shift begins."""

    first: date
    last: date
    """Still off."""


Shifts = Annotated[tuple[SentShift, ...], Field(max_length=200)]
TimesOff = Annotated[tuple[SentTimeOff, ...], Field(max_length=200)]


class NewPerson(Sent):
    """A person to be added."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._@+\-]*$", min_length=1, max_length=100)]
    """What they sign in with, and who they are as a reviewer."""
    display_name: Word
    """What others see."""
    roles: Roles
    languages: Languages = ()
    """Those they read, as BCP 47 names them; empty: all."""
    policies: Words = ()
    """Those they know; empty: all."""
    opted_out: Words = ()
    """Policies whose cases they never get."""
    time_zone: Zone = "UTC"
    """An IANA name, such as `Europe/Berlin`."""
    shifts: Shifts = ()
    """Empty: any time."""
    time_off: TimesOff = ()
    hourly_rate: Rate | None = None
    """By default that of their role."""
    exposure: Limit | None = None
    """Most exposure in a shift, in points; by default as in the settings, as what follows."""
    severe_in_a_row: Limit | None = None
    """Most cases of the highest severity one after the other."""
    blur: YesNo | None = None
    """Whether pictures are blurred at first."""


class ChangedPerson(Sent):
    """What shall be different; what is left out stays.

    With null, rate, limits and blur are the default again; anything else stays.
    """

    display_name: Word | None = None
    roles: Roles | None = None
    languages: Languages | None = None
    policies: Words | None = None
    opted_out: Words | None = None
    time_zone: Zone | None = None
    shifts: Shifts | None = None
    time_off: TimesOff | None = None
    hourly_rate: Rate | None = None
    exposure: Limit | None = None
    severe_in_a_row: Limit | None = None
    blur: YesNo | None = None


def profile_of(new: NewPerson) -> Profile:
    """The profile of somebody who is added."""
    sent = {name: getattr(new, name) for name in type(new).model_fields if name != "name"}
    return Profile(**_values(sent))


def changes_of(changed: ChangedPerson) -> dict[str, Any]:
    """Fields of a profile that were sent, and their values."""
    sent = {name: getattr(changed, name) for name in changed.model_fields_set}
    return _values({k: value for k, value in sent.items() if value is not None or k in _CLEARED})


def _values(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the service, from what was sent."""
    values = dict(sent)
    if "shifts" in sent:
        values["shifts"] = tuple(Shift(**each.model_dump()) for each in sent["shifts"])
    if "time_off" in sent:
        values["time_off"] = tuple(TimeOff(**each.model_dump()) for each in sent["time_off"])
    return values
