"""What sections of the settings are made of, and those about people's work."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(gt=0)]
Money = Annotated[float, Field(ge=0)]
Points = Annotated[int, Field(ge=0, lt=2**31)]


class Section(BaseModel):
    """A group of settings; a name that is not known is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Rates(Section):
    """What an hour of work costs, by role, where a person has no rate of their own."""

    policy_author: Money = 40.0
    """Of a policy author."""
    policy_approver: Money = 45.0
    """Of a policy approver."""
    moderator: Money = 20.0
    """Of a moderator."""
    senior: Money = 28.0
    """Of a senior."""
    manager: Money = 40.0
    """Of a manager."""
    admin: Money = 40.0
    """Of an admin."""
    auditor: Money = 40.0
    """Of an auditor."""


class Review(Section):
    """Work for people."""

    lease: Seconds = 600.0
    """Seconds a claimed case stays with its reviewer without activity."""
    grace: Annotated[float, Field(ge=0, le=3_600)] = 10.0
    """Seconds in which a vote can be taken back: only then it counts. With 0 it counts at once."""
    patience: Seconds = 14_400.0
    """Seconds a panel that votes again waits for those who voted before; then others join it."""
    ageing: Seconds = 14_400.0
    """Seconds of waiting that weigh as much as one step of priority."""
    skip_reasons: Annotated[tuple[str, ...], Field(min_length=1)] = (
        "not_my_language",
        "too_distressing",
        "conflict_of_interest",
        "technical",
        "other",
    )
    """Why people may give a case back for good."""


class Wellness(Section):
    """What protects people, where they have no limits of their own."""

    exposure: Annotated[int, Field(ge=0)] = 400
    """Most exposure in a shift, in points of the cases that somebody was handed."""
    points_low: Points = 1
    """Points of a case of low severity."""
    points_medium: Points = 2
    """Of medium severity."""
    points_high: Points = 4
    """Of high severity."""
    points_critical: Points = 8
    """Of critical severity, the highest."""
    severe_in_a_row: Annotated[int, Field(ge=0)] = 5
    """Most cases of the highest severity one after the other; then others come first, or a break
    is due."""
    pause: Seconds = 600.0
    """Seconds of that break, without a new case and without a vote."""
    blur: bool = True
    """Whether pictures are blurred until somebody wants to see them."""
