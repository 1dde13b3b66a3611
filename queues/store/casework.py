"""Cases that come from people's work, not from a verdict: appeals, and second looks."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.verdict import Review, Severity, Tier
from queues.ids import new_id
from queues.store.outbox import PRIORITIES, Task, send

# Where the item has such a case already, that one decides.
_ADD: Final = text("""
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    severity, language, not_by, state, due_at, appeal_id)
VALUES (:id, :item_id, :verdict_id, :purpose, :tier, :queue, :policy, :reason, :rule, :priority,
    :severity, :language, :not_by, 'waiting', now() + make_interval(secs => :due_in), :appeal_id)
ON CONFLICT (item_id, purpose, tier) WHERE state IN ('waiting', 'open') DO NOTHING
RETURNING id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case that is to be opened."""

    item_id: UUID
    verdict_id: UUID
    purpose: str
    """`review` or `appeal`."""
    review: Review
    """Who looks, where, by when and why."""
    policy: str
    severity: Severity
    language: str | None
    appeal_id: UUID | None = None
    id: UUID = field(default_factory=new_id)


def add_case(connection: Connection, case: NewCase) -> bool:
    """Write a case and have a worker open it; says whether it is new."""
    review = case.review
    priority = PRIORITIES[review.priority]
    added = connection.execute(
        _ADD,
        {
            "id": case.id,
            "item_id": case.item_id,
            "verdict_id": case.verdict_id,
            "purpose": case.purpose,
            "tier": review.tier.value,
            "queue": review.queue,
            "policy": case.policy,
            "reason": review.reason,
            "rule": review.rule,
            "priority": priority,
            "severity": case.severity.value,
            "language": case.language,
            "not_by": review.not_by,
            "due_in": review.due_in,
            "appeal_id": case.appeal_id,
        },
    ).scalar_one_or_none()
    if added is None:
        return False
    task = Task.CONVENE if review.tier is Tier.SENIOR else Task.OPEN
    send(connection, task, [(case.id, priority)])
    return True
