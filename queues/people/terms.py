"""What holds for a person: their own rate and limits, else those of the settings."""

from dataclasses import dataclass

from queues.people.profiles import Profile
from queues.sections import Rates, Wellness


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What protects a person."""

    exposure: int
    """Most exposure in a shift, in points."""
    severe_in_a_row: int
    """Most cases of the highest severity one after the other."""
    blur: bool
    """Whether pictures are blurred at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Limits):
    """What holds for a person."""

    hourly_rate: float
    """What an hour of theirs costs."""


def limits_of(profile: Profile, wellness: Wellness) -> Limits:
    """What protects a person."""

    def own(value: int | None, default: int) -> int:
        return default if value is None else value

    return Limits(
        exposure=own(profile.exposure, wellness.exposure),
        severe_in_a_row=own(profile.severe_in_a_row, wellness.severe_in_a_row),
        blur=wellness.blur if profile.blur is None else profile.blur,
    )


def terms_of(profile: Profile, *, rates: Rates, wellness: Wellness) -> Terms:
    """What holds for a person; with several roles, the rate of the dearest."""
    usual: float = max(getattr(rates, role.value) for role in profile.roles)
    limits = limits_of(profile, wellness)
    return Terms(
        hourly_rate=usual if profile.hourly_rate is None else profile.hourly_rate,
        exposure=limits.exposure,
        severe_in_a_row=limits.severe_in_a_row,
        blur=limits.blur,
    )
