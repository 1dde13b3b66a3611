"""What holds for a person: their own rate and limits, else those of the settings."""

from dataclasses import dataclass

from queues.people.profiles import Profile
from queues.settings import Rates, Wellness


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for a person."""

    hourly_rate: float
    """What an hour of theirs costs."""
    exposure: int
    """Most exposure in a shift, in points."""
    severe_in_a_row: int
    """Most cases of the highest severity one after the other."""
    blur: bool
    """Whether pictures are blurred at first."""


def terms_of(profile: Profile, *, rates: Rates, wellness: Wellness) -> Terms:
    """What holds for a person; with several roles, the rate of the dearest."""
    usual: float = max(getattr(rates, role.value) for role in profile.roles)

    def own(value: int | None, default: int) -> int:
        return default if value is None else value

    return Terms(
        hourly_rate=usual if profile.hourly_rate is None else profile.hourly_rate,
        exposure=own(profile.exposure, wellness.exposure),
        severe_in_a_row=own(profile.severe_in_a_row, wellness.severe_in_a_row),
        blur=wellness.blur if profile.blur is None else profile.blur,
    )
