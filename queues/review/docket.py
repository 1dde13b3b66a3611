"""Cases under decision: locked with their item, so that one decision comes after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text
from sqlalchemy.engine import RowMapping

from engine.consensus import Decide, Terms, Vote
from queues.errors import Conflict
from queues.store.session import ask

# Always the items first: whoever judges an item again takes the same way.
_LOCK_ITEMS: Final = """
SELECT id FROM items WHERE id IN (SELECT item_id FROM cases WHERE id = ANY(%s))
ORDER BY id FOR NO KEY UPDATE
"""
_LOCK: Final = text("""
SELECT cases.id, cases.item_id, cases.verdict_id, cases.purpose, cases.tier, cases.queue,
    cases.policy, cases.reason, cases.rule, cases.severity, cases.language, cases.state,
    cases.not_by, cases.decision_id, cases.commit_at, cases.content, cases.seats, cases.decide,
    cases.round, cases.appeal_id, cases.priority,
    items.sender_id, items.action AS action_in_force, items.verdict_id AS verdict_in_force,
    items.decision_id AS decision_in_force, now() AS at
FROM cases JOIN items ON items.id = cases.item_id
WHERE cases.id = ANY(:cases) AND items.state <> 'erased'
ORDER BY cases.id FOR UPDATE OF cases
""")
# By ids that are known: only the days that hold them are looked at.
_BEFORE: Final = text("SELECT id, made_by, reasons FROM decisions WHERE id = ANY(:ids)")
_VOTES: Final = text("""
SELECT case_id, reviewer, votes.round, action, reasons FROM votes
JOIN cases ON cases.id = votes.case_id AND cases.round = votes.round
WHERE case_id = ANY(:cases) ORDER BY votes.id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """A case and its item, as they stand under the lock."""

    id: UUID
    item_id: UUID
    verdict_id: UUID
    """The verdict that brought it to people."""
    purpose: str
    tier: str
    queue: str
    policy: str
    reason: str
    rule: str
    severity: str
    language: str | None
    state: str
    not_by: str | None
    decision_id: UUID | None
    """Its own, if it was decided."""
    commit_at: datetime | None
    """All votes are in, and count from then on."""
    content: bytes | None = field(repr=False)
    """The same for exact duplicates."""
    seats: int
    decide: str
    round: int
    appeal_id: UUID | None
    priority: int
    sender_id: str
    action_in_force: str
    verdict_in_force: UUID
    decision_in_force: UUID | None
    made_by_before: str | None
    """Who made the decision in force."""
    reasons_before: tuple[str, ...]
    """Reasons of the decision in force."""
    at: datetime

    @property
    def terms(self) -> Terms:
        """How its panel agrees."""
        return Terms(seats=self.seats, decide=Decide(self.decide))


def take_up(connection: Connection, cases: Sequence[UUID]) -> list[Docket]:
    """Lock cases with their items; cases that are not there, or whose item was erased, are not."""
    wanted = sorted(cases)
    ask(connection, _LOCK_ITEMS, wanted)
    rows = connection.execute(_LOCK, {"cases": wanted}).mappings().all()
    in_force = [row["decision_in_force"] for row in rows if row["decision_in_force"] is not None]
    found = connection.execute(_BEFORE, {"ids": sorted(in_force)}) if in_force else ()
    before = {row.id: row for row in found}
    return [_docket(row, before.get(row["decision_in_force"])) for row in rows]


def refusal(docket: Docket, why: str) -> Conflict:
    """Why something cannot be done with a case now."""
    return Conflict(f"case `{docket.id}`", why)


def votes_of(connection: Connection, cases: Sequence[UUID]) -> dict[UUID, list[Vote]]:
    """The votes of the present round of each case."""
    found: dict[UUID, list[Vote]] = {case: [] for case in cases}
    for row in connection.execute(_VOTES, {"cases": list(cases)}):
        vote = Vote(reviewer=row.reviewer, action=row.action, reasons=tuple(row.reasons))
        found[row.case_id].append(vote)
    return found


def _docket(row: RowMapping, before: Row[Any] | None) -> Docket:
    return Docket(
        **row,
        made_by_before=None if before is None else before.made_by,
        reasons_before=() if before is None else tuple(before.reasons),
    )
