"""Decisions that are carried out now, with all that follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.enforcement.states import ActionState

# Whoever decides about an item locks it too: what is in force is carried out, not what was.
_LOCK: Final = text("""
SELECT id FROM items
WHERE id IN (SELECT item_id FROM actions WHERE id = ANY(:decisions) AND state = 'pending')
ORDER BY id FOR NO KEY UPDATE
""")
_ENFORCE: Final = text("""
UPDATE actions SET
    state = CASE WHEN items.decision_id = actions.id THEN 'enforced' ELSE 'superseded' END,
    enforced_at = CASE WHEN items.decision_id = actions.id THEN now() END
FROM items
WHERE actions.id = ANY(:decisions) AND actions.state = 'pending' AND items.id = actions.item_id
RETURNING actions.id, actions.state
""")
_IN_FORCE: Final = text("""
UPDATE items SET action = actions.action FROM actions
WHERE actions.id = ANY(:decisions) AND items.decision_id = actions.id
  AND items.action <> actions.action
""")
_LOAD: Final = text("""
SELECT decisions.id, decisions.item_id, decisions.made_by, decisions.tier, decisions.action,
    decisions.reasons, decisions.policy, actions.automated, cases.purpose, now() AS at,
    items.sender_id, items.kind, items.author_id, items.language, items.received_at,
    items.state = 'erased' AS erased,
    verdicts.cause, verdicts.trace, verdicts.input,
    before.action AS action_before, before.made_by AS made_by_before,
    verdict_before.trace ->> 'message' AS message_before
FROM decisions
JOIN actions ON actions.id = decisions.id
JOIN items ON items.id = decisions.item_id
JOIN verdicts ON verdicts.id = decisions.verdict_id
LEFT JOIN cases ON cases.id = decisions.case_id
LEFT JOIN decisions AS before ON before.id = decisions.supersedes
LEFT JOIN verdicts AS verdict_before ON verdict_before.id = before.verdict_id
WHERE decisions.id = ANY(:decisions) ORDER BY decisions.id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One decision that is carried out now: the row of it, its item, and what was before."""

    id: UUID
    """Of the decision, and of the action."""
    item_id: UUID
    made_by: str
    tier: str
    action: str
    reasons: tuple[str, ...]
    policy: str | None
    automated: bool
    purpose: str | None
    """Of the case people decided; None: the machine decided."""
    at: datetime
    sender_id: str
    kind: str
    author_id: str | None
    language: str | None
    received_at: datetime
    erased: bool
    cause: str
    trace: Mapping[str, Any]
    input: Mapping[str, Any]
    action_before: str | None
    """Of the decision this one replaces."""
    made_by_before: str | None
    message_before: str | None

    @property
    def changes(self) -> bool:
        """Whether it does anything that the decision before it did not."""
        return self.action != self.action_before

    @property
    def rules(self) -> Sequence[Mapping[str, Any]]:
        """The rules that took part in the verdict."""
        rules = self.trace.get("rules", ())
        return [rule for rule in rules if rule["status"] in {"live", "missing"}]


def carry_out(connection: Connection, decisions: Sequence[UUID]) -> list[Carried]:
    """Mark pending actions as carried out and their items as such; returns what was marked.

    What another decision has replaced before it was carried out is marked `superseded` and left:
    it would undo what came later.
    """
    given = {"decisions": sorted(decisions)}
    connection.execute(_LOCK, given)
    marked = connection.execute(_ENFORCE, given).all()
    enforced = [row.id for row in marked if row.state == ActionState.ENFORCED]
    if not enforced:
        return []
    given = {"decisions": sorted(enforced)}
    connection.execute(_IN_FORCE, given)
    return [
        Carried(**{**row, "reasons": tuple(row["reasons"])})
        for row in connection.execute(_LOAD, given).mappings()
    ]
