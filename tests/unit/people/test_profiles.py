"""What is stored of people is checked, and what holds for them is told."""

from datetime import date
from typing import Any

import pytest

from queues.access import Role
from queues.errors import Refused
from queues.people import Profile, Shift, TimeOff, Weekday, terms_of
from queues.people.profiles import checked
from queues.sections import Rates, Wellness


def profile(**changes: Any) -> Profile:  # noqa: ANN401 - as the fields
    """Somebody."""
    return Profile(**{"display_name": "Ana", "roles": (Role.MODERATOR,), **changes})


def test_names_are_kept_once() -> None:
    """In one order, so that the same twice is the same."""
    roles = (Role.SENIOR, Role.MODERATOR, Role.SENIOR)
    kept = checked(profile(roles=roles, languages=("en", "de", "en"), policies=("b", "a", "b")))
    assert kept.roles == (Role.MODERATOR, Role.SENIOR)
    assert (kept.languages, kept.policies) == (("de", "en"), ("a", "b"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", " Ana"),
        ("display_name", "A\nb"),
        ("roles", ()),
        ("languages", ("german",)),
        ("policies", ("",)),
        ("opted_out", ("a\0",)),
        ("time_zone", "Europe/Bärlin"),
        ("time_zone", "../secrets"),
        ("time_zone", "Europe"),
        ("shifts", (Shift(day=Weekday.MONDAY, start="9", end="17:00"),)),
        ("shifts", (Shift(day=Weekday.MONDAY, start="09:00", end="24:00"),)),
        ("shifts", (Shift(day=Weekday.MONDAY, start="09:00", end="10:00"),) * 201),
        ("time_off", (TimeOff(first=date(2026, 1, 2), last=date(2026, 1, 1)),)),
        ("hourly_rate", -1.0),
        ("hourly_rate", float("nan")),
        ("hourly_rate", float("inf")),
        ("exposure", -1),
        ("severe_in_a_row", 2**31),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(field: str, value: object) -> None:
    """With a reason."""
    with pytest.raises(Refused) as refused:
        checked(profile(**{field: value}))
    assert refused.value.field == field


def test_own_terms_beat_those_of_the_settings() -> None:
    """Also where they are 0 or no; of several roles the dearest counts."""
    rates, wellness = Rates(moderator=20, senior=30), Wellness(exposure=100, blur=True)
    usual = terms_of(profile(), rates=rates, wellness=wellness)
    assert (usual.hourly_rate, usual.exposure, usual.blur) == (20, 100, True)
    both = profile(roles=(Role.MODERATOR, Role.SENIOR))
    assert terms_of(both, rates=rates, wellness=wellness).hourly_rate == 30
    own = profile(hourly_rate=0.0, exposure=0, severe_in_a_row=1, blur=False)
    terms = terms_of(own, rates=rates, wellness=wellness)
    assert (terms.hourly_rate, terms.exposure, terms.severe_in_a_row) == (0, 0, 1)
    assert terms.blur is False
