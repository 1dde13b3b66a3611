"""What the machine suggests, for those who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Connection, text

# By ids that are known: only the days that hold them are looked at.
_VERDICTS: Final = text("""
SELECT id, action, trace -> 'reasons' AS reasons FROM verdicts WHERE id = ANY(:verdicts)
""")


class Asked(Protocol):
    """As much of a case as leads to its verdict."""

    @property
    def id(self) -> UUID:
        """Of the case."""

    @property
    def verdict_id(self) -> UUID:
        """What brought it to people."""

    @property
    def rule(self) -> str:
        """Which rule asked for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What the machine says about an item."""

    verdict_id: UUID
    action: str
    """What holds while people decide, or what was done."""
    reasons: tuple[str, ...]
    """The weightiest first."""
    rule: str
    """The rule that asked for people."""


def of(connection: Connection, cases: Sequence[Asked]) -> dict[UUID, Suggestion]:
    """What is suggested about the items of cases, by case."""
    if not cases:
        return {}
    given = {"verdicts": [each.verdict_id for each in cases]}
    verdicts = {row.id: row for row in connection.execute(_VERDICTS, given)}
    return {
        each.id: Suggestion(
            verdict_id=each.verdict_id,
            action=verdicts[each.verdict_id].action,
            reasons=tuple(verdicts[each.verdict_id].reasons or ()),
            rule=each.rule,
        )
        for each in cases
        if each.verdict_id in verdicts
    }
