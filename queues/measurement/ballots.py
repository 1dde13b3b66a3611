"""Blind first votes: what two or more people said of a thing without knowing of each other."""

from collections import Counter
from collections.abc import Hashable
from typing import Final

from sqlalchemy import Connection

from engine.quality import Tally
from engine.verdict import Tier
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import Span

_PEOPLE: Final = (Tier.SINGLE, Tier.SENIOR)


def of_tiers(connection: Connection, span: Span, *tiers: Tier) -> Tally:
    """First ballots of panels, by case; of the single tier what two said of items, by item.

    Who said it makes no difference to agreement.
    """
    found = Counter[tuple[Hashable, ...]]()
    of = [tier.value for tier in tiers or _PEOPLE]
    for said, times in reading.ballots(connection, span, of):
        found[tuple(said)] += times
    return Tally(found)
