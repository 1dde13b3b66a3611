"""Blind first votes: what two or more people said of a thing without knowing of each other."""

from itertools import count
from typing import Final

from sqlalchemy import Connection

from engine.quality.agreement import Ratings
from engine.verdict import Tier
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import Span

_PEOPLE: Final = (Tier.SINGLE, Tier.SENIOR)


def of_tiers(connection: Connection, span: Span, *tiers: Tier) -> Ratings:
    """First ballots of panels, by case; of the single tier what two said of items, by item.

    Who said it makes no difference to agreement, so raters are numbers.
    """
    numbers = count()
    return {
        (tier.value, next(numbers)): given
        for tier in tiers or _PEOPLE
        for said, times in reading.ballots(connection, span, tier.value)
        for given in [dict(enumerate(said))] * times
    }
