"""Draws first verdicts of a window by a hash of their ids: always the same ones.

Each has the same chance by itself, as figures of drift take samples for ones of independent rows:
slices of time would bring all of a wave or nothing. Of many, one in so many is looked at, and
indexes of one in 8 and one in 128 find those without the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, TextClause, text

from queues.ids import SKEW, id_floor

#: One in so many is in an index.
_INDEXED: Final = (128, 8)
#: One in so many is looked at, the fewest first, or all.
_SHARES: Final = (128, 64, 32, 16, 8)
_ALL: Final = 1
#: By so many standard deviations a share may hold fewer than was told from another one.
_SURE: Final = 4

# Ids tell the day, by clocks that may differ; the moment is Postgres's.
_WINDOW: Final = """
FROM verdicts WHERE id >= :floor AND id < :ceiling AND at >= :since AND at < :until
    AND cause = 'received'"""


def _among(share: int) -> str:
    """One in so many verdicts of the window; the smallest index that has them knows its part."""
    found = [each for each in _INDEXED if each <= share][:1]
    wanted = dict.fromkeys([*found, share] if found else [])
    return _WINDOW + "".join(f" AND (uuid_hash(id) & {each - 1}) = 0" for each in wanted)


_GLANCE: Final = text(f"SELECT count(*) FROM (SELECT{_among(_SHARES[0])} LIMIT :enough) AS few")  # noqa: S608 - ours
# An array of ids is looked up in the order of ids, and days that cannot have any are left out.
_DRAWN: Final = """
WITH drawn AS MATERIALIZED (
    SELECT id, count(*) OVER () AS found {among} ORDER BY uuid_hash(id), id LIMIT :most
)
SELECT (SELECT found FROM drawn LIMIT 1) AS found, {columns} FROM verdicts
WHERE id >= :floor AND id < :ceiling AND id = ANY(ARRAY(SELECT id FROM drawn)) {order}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time."""

    since: datetime
    until: datetime

    def given(self, most: int) -> dict[str, object]:
        """As statements want it."""
        return {
            "since": self.since,
            "until": self.until,
            "floor": id_floor(self.since - SKEW),
            "ceiling": id_floor(self.until + SKEW),
            "most": most,
        }


def of_drawn(columns: str, order: str) -> Mapping[int, TextClause]:
    """By share: a statement about the verdicts that are drawn; `found` says among how many.

    Args:
        columns: Of `verdicts`, in words of ours.
        order: And what comes after them.
    """
    return MappingProxyType(
        {
            share: text(_DRAWN.format(among=_among(share), columns=columns, order=order))
            for share in (*_SHARES, _ALL)
        }
    )


def share_for(connection: Connection, span: Span, most: int) -> int:
    """Among one in how many so many verdicts of a window are drawn; 1: among all."""
    # So many in the smallest share are enough, whatever chance does.
    enough = most + int(_SURE * sqrt(most)) + _SURE**2
    found = connection.execute(_GLANCE, {**span.given(most), "enough": enough}).scalar_one()
    surely = found - _SURE * sqrt(found)
    return next((share for share in _SHARES if surely * _SHARES[0] / share >= most), _ALL)
