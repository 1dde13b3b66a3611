"""The settings of how releases come into force."""

from typing import Annotated

from pydantic import Field

from queues.sections import Section, Share


class Releases(Section):
    """How releases come into force, and what takes them back."""

    approvals: Annotated[int, Field(ge=0, le=10)] = 1
    """People beside its author who stand behind a release before it acts on anybody; whoever brings
    it into force is one of them."""
    canary_people: Share = 0.05
    """By so much the share of items that people look at may differ under a canary."""
    canary_restricted: Share = 0.05
    """By so much the share of items that something is done to may differ."""
    canary_failed: Share = 0.01
    """By so much the share may differ of which the engine fails."""
    canary_overturned: Share = 0.01
    """By so much the share may differ that people overturn, on appeal or of a quality sample."""
    watch: Annotated[float, Field(ge=0)] = 3_600.0
    """Seconds in which a release that came into force is compared with the one before it, over as
    long before; what is beyond the limits below brings that one back. 0: never."""
    alarm_people: Share = 0.25
    """Change of the share of items that people look at."""
    alarm_restricted: Share = 0.25
    """Change of the share of items that something is done to."""
    alarm_restricted_times: Annotated[float, Field(gt=1)] = 2.0
    """That share in times of the one before; only five points and more count."""
    alarm_failed: Share = 0.05
    """Change of the share of which the engine fails."""
    alarm_load: Annotated[float, Field(gt=1)] = 4.0
    """Cases an hour, in times of those before; of all queues together, and of each."""
