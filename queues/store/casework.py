"""Cases that come from people's work, not from a verdict: appeals, second looks, panels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.vocabulary import Queue
from engine.verdict import Review, Severity, Tier
from queues.ids import new_id
from queues.store.announcements import News, announce
from queues.store.events import EventKind
from queues.store.outbox import PRIORITIES, Task, send

# Where the item has such a case already, that one decides.
_ADD: Final = text("""
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    severity, reach, language, not_by, state, due_at, appeal_id, about, content)
VALUES (:id, :item_id, :verdict_id, :purpose, :tier, :queue, :policy, :reason, :rule, :priority,
    :severity, coalesce(CAST(:reach AS float8),
        (SELECT max(known.reach) FROM cases AS known WHERE known.item_id = :item_id)),
    :language, :not_by, 'waiting', now() + make_interval(secs => :due_in), :appeal_id, :about,
    :content)
ON CONFLICT (item_id, purpose, tier) WHERE state IN ('waiting', 'open') AND only_for IS NULL
DO NOTHING
RETURNING id
""")
# Of cases that leave one reviewer; where a panel has such a case already, that one decides.
_HAND_ON: Final = text("""
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    severity, reach, probability, language, not_by, state, enqueued_at, due_at, escalated_from,
    appeal_id, about, content)
SELECT fresh.id, item_id, verdict_id, purpose, 'senior', :queue, policy, reason, rule, priority,
    severity, reach, probability, language, not_by, 'waiting', enqueued_at,
    now() + make_interval(secs => :sla), cases.id, appeal_id, about, content
FROM unnest(CAST(:single AS uuid[]), CAST(:senior AS uuid[])) AS fresh (single, id)
JOIN cases ON cases.id = fresh.single
ON CONFLICT (item_id, purpose, tier) WHERE state IN ('waiting', 'open') AND only_for IS NULL
DO NOTHING
RETURNING id, priority
""")
_HANDED: Final = text("""
SELECT senior.id, single.id AS single FROM cases AS single
JOIN cases AS senior ON senior.item_id = single.item_id AND senior.purpose = single.purpose
WHERE single.id = ANY(:single) AND senior.tier = 'senior' AND senior.state IN ('waiting', 'open')
""")


class Asks(StrEnum):
    """What an appeal asks for."""

    #: Less than was done: the author, or somebody for them.
    MILDER = "milder"
    #: More than was done: whoever reported the item.
    STRICTER = "stricter"


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
    reach: float | None = None
    """How many people see the item; None: as many as in its other cases."""
    appeal_id: UUID | None = None
    about: str | None = None
    """The policy of the decision that is looked at again."""
    content: bytes | None = field(default=None, repr=False)
    """The same for exact duplicates."""
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
            "reach": case.reach,
            "language": case.language,
            "not_by": review.not_by,
            "due_in": review.due_in,
            "appeal_id": case.appeal_id,
            "about": case.about,
            "content": case.content,
        },
    ).scalar_one_or_none()
    if added is None:
        return False
    task = Task.CONVENE if review.tier is Tier.SENIOR else Task.OPEN
    send(connection, task, [(case.id, priority)])
    return True


def hand_on(
    connection: Connection, single: Sequence[UUID], queue: Queue, about: Mapping[str, object]
) -> dict[UUID, UUID]:
    """Bring cases that one reviewer will not decide before a panel, and tell of it.

    The new case keeps the moment the item began to wait, and is due as its queue says.

    Args:
        connection: Of the transaction that closed them.
        single: The cases.
        queue: Of the panel.
        about: Said beside what an event of a case always says.

    Returns:
        The panel's case for each of them.
    """
    senior = [new_id() for _ in single]
    fresh = {"single": list(single), "senior": senior, "queue": queue.name, "sla": queue.sla}
    made = connection.execute(_HAND_ON, fresh).all()
    send(connection, Task.CONVENE, [(row.id, row.priority) for row in made])
    handed = {row.single: row.id for row in connection.execute(_HANDED, {"single": list(single)})}
    news = [
        News(case_id=panel, about={**about, "escalated_from": before})
        for before, panel in handed.items()
    ]
    announce(connection, EventKind.CASE_ESCALATED, news)
    return handed


def panel_queue(queues: Mapping[str, Queue]) -> Queue | None:
    """The queue of the panel that takes what names none; None: no panel has a queue."""
    of_panels = [queue for queue in queues.values() if queue.tier is Tier.SENIOR]
    return next((queue for queue in of_panels if queue.default), next(iter(of_panels), None))
