"""What people said of what the machine had said, without knowing it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

# The first votes of people to whom nothing was suggested, on cases that come from traffic: what is
# gold or asked for in a calibration was chosen by somebody, and a second look is at an item that
# has a first. Of cases like it, so many were decided blind: that is a chance of its own.
_LOOKS: Final = text("""
SELECT sampled, by_senior, acted, found, inclusion * blind_share AS inclusion, content FROM (
    SELECT cases.id, cases.purpose = 'sample' AS sampled, cases.tier = 'senior' AS by_senior,
        verdicts.action <> 'publish' AS acted, votes.action <> 'publish' AS found, votes.blind,
        verdicts.inclusion_probability AS inclusion, cases.content,
        avg(votes.blind::int) OVER (
            PARTITION BY cases.purpose, cases.tier, cases.queue)::float8 AS blind_share
    FROM cases JOIN verdicts ON verdicts.id = cases.verdict_id
    CROSS JOIN LATERAL (SELECT action, blind FROM votes WHERE votes.case_id = cases.id
        AND votes.round = 1 ORDER BY votes.id LIMIT 1) AS votes
    WHERE cases.id >= :floor AND cases.purpose IN ('review', 'sample')
        AND verdicts.inclusion_probability > 0
) AS looked WHERE blind ORDER BY id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One person's first answer about an item, beside the machine's."""

    sampled: bool
    """For the quality sample: the machine had decided alone."""
    by_senior: bool
    acted: bool
    """The machine held that the item breaks a rule."""
    found: bool
    """The person did."""
    inclusion: float
    """The chance at which people had to look at such an item, and blind; above 0."""
    content: bytes | None
    """The same for exact duplicates."""

    @property
    def alike(self) -> bool:
        """Both say the same."""
        return self.acted == self.found


def looks(connection: Connection, floor: UUID) -> list[Look]:
    """All blind first answers about items whose cases have no older id than this."""
    return [Look(**row) for row in connection.execute(_LOOKS, {"floor": floor}).mappings()]
