"""Cases as they are shown to those who are handed them: to the blind, all look alike.

What would tell a blind reviewer what the machine thinks, or that this case measures them, is left
out: rule, reason, policy, severity, queue, and the ids and moments that say how old the item is.
A program needs to know which item it has to show; it is trusted not to show more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from engine.rules.requests import default_queue
from engine.rules.vocabulary import Queue
from engine.verdict import Tier
from queues.quality.blinding import told
from queues.review.holds import Claimed
from queues.review.suggestions import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case in the hands of a reviewer. What a blind one must not know is null."""

    id: UUID
    blind: bool
    """Whether it is decided without the machine's suggestion."""
    suggestion: Suggestion | None
    item_id: UUID | None
    """Of a blind case only programs are told; people read it at `/v1/cases/{id}/item`."""
    sender_id: str | None
    """The sender's name for the item; told as `item_id` is."""
    verdict_id: UUID | None
    purpose: str
    """`review` or `appeal`: what measures people is said to be a review."""
    tier: str
    queue: str | None
    policy: str | None
    reason: str | None
    rule: str | None
    severity: str | None
    language: str | None
    enqueued_at: datetime | None
    """Of a blind case panels alone are told, as of `due_at`."""
    due_at: datetime | None
    round: int
    lease_until: datetime
    """Until then nobody else gets it."""


def shown(claimed: Claimed, queues: Mapping[str, Queue], *, to_program: bool) -> Shown:
    """A case as its reviewer may see it.

    Args:
        claimed: With all that is known.
        queues: Of the policy in force.
        to_program: Whether a program asks, for somebody who works with it.
    """
    seen = not claimed.blind
    dated = seen or claimed.tier == Tier.SENIOR
    named = seen or to_program
    return Shown(
        id=claimed.id,
        blind=claimed.blind,
        suggestion=claimed.suggestion if seen else None,
        item_id=claimed.item_id if named else None,
        sender_id=claimed.sender_id if named else None,
        verdict_id=claimed.verdict_id if seen else None,
        purpose=told(claimed.purpose),
        tier=claimed.tier,
        queue=claimed.queue if seen else None,
        policy=claimed.policy if seen else None,
        reason=claimed.reason if seen else None,
        rule=claimed.rule if seen else None,
        severity=claimed.severity if seen else None,
        language=claimed.language,
        enqueued_at=claimed.enqueued_at if dated else None,
        due_at=_due(claimed, queues) if dated else None,
        round=claimed.round,
        lease_until=claimed.lease_until,
    )


def _due(claimed: Claimed, queues: Mapping[str, Queue]) -> datetime:
    """Its deadline; of a blind case never later than the tier's own, as samples have more time."""
    queue = default_queue(Tier(claimed.tier), queues)
    if not claimed.blind or queue is None:
        return claimed.due_at
    return min(claimed.due_at, claimed.enqueued_at + timedelta(seconds=queue.sla))
