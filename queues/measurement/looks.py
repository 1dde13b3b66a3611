"""What people said of what the machine had said, without knowing it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

# The first votes of people to whom nothing was suggested, on cases that come from traffic: what is
# gold or asked for in a calibration was chosen by somebody. One for each verdict, as what a sample
# finds wrong is looked at once more. Of cases like it so many were decided blind: that is a chance
# of its own.
_LOOKS: Final = text("""
WITH first AS (
    SELECT DISTINCT ON (cases.verdict_id) cases.id, cases.purpose, cases.tier, cases.queue,
        cases.content, votes.action, votes.blind, verdicts.action AS of_machine,
        verdicts.inclusion_probability AS inclusion
    FROM cases JOIN verdicts ON verdicts.id = cases.verdict_id
    CROSS JOIN LATERAL (SELECT action, blind FROM votes WHERE votes.case_id = cases.id
        AND votes.round = 1 ORDER BY votes.id LIMIT 1) AS votes
    WHERE cases.id >= :floor AND cases.purpose IN ('review', 'sample')
        AND verdicts.inclusion_probability > 0
    ORDER BY cases.verdict_id, cases.id
), shared AS (
    SELECT *, avg(blind::int) OVER (PARTITION BY purpose, tier, queue)::float8 AS blind_share
    FROM first
)
SELECT purpose = 'sample' AS sampled, tier = 'senior' AS by_senior,
    of_machine <> 'publish' AS acted, action <> 'publish' AS found,
    inclusion * blind_share AS inclusion, content
FROM shared WHERE blind ORDER BY id
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
