"""Cases that nobody decided in time: one reviewer's go to the panel, the panel's are told of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.model import Policy
from engine.rules.vocabulary import Queue
from engine.verdict import Tier
from queues.ids import new_id
from queues.store.announcements import News, announce
from queues.store.events import EventKind
from queues.store.outbox import Task, send
from queues.store.session import Store

#: Cases of one transaction.
_MOST: Final = 500

# A case that somebody is at is left to them; a sample changes nothing, and needs no panel.
_CLOSE: Final = text("""
WITH overdue AS MATERIALIZED (
    SELECT id FROM cases
    WHERE state IN ('waiting', 'open') AND due_at < now() AND tier = 'single'
      AND purpose <> 'sample' AND (claimed_by IS NULL OR lease_until < now())
    ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED
)
UPDATE cases SET state = 'escalated', closed_at = now(), claimed_by = NULL, lease_until = NULL
FROM overdue WHERE cases.id = overdue.id
RETURNING cases.id
""")
# Where a panel has such a case already, that one decides.
_HAND_ON: Final = text("""
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    severity, language, not_by, state, enqueued_at, due_at, escalated_from, appeal_id)
SELECT fresh.id, item_id, verdict_id, purpose, 'senior', :queue, policy, reason, rule, priority,
    severity, language, not_by, 'waiting', enqueued_at, now() + make_interval(secs => :sla),
    cases.id, appeal_id
FROM unnest(CAST(:single AS uuid[]), CAST(:senior AS uuid[])) AS fresh (single, id)
JOIN cases ON cases.id = fresh.single
ON CONFLICT (item_id, purpose, tier) WHERE state IN ('waiting', 'open') DO NOTHING
RETURNING id, priority
""")
_HANDED: Final = text("""
SELECT senior.id, single.id AS single FROM cases AS single
JOIN cases AS senior ON senior.item_id = single.item_id AND senior.purpose = single.purpose
WHERE single.id = ANY(:single) AND senior.tier = 'senior' AND senior.state IN ('waiting', 'open')
""")
_LATE: Final = text("""
WITH overdue AS MATERIALIZED (
    SELECT id FROM cases
    WHERE state IN ('waiting', 'open') AND due_at < now() AND tier = 'senior'
      AND purpose <> 'sample' AND overdue_at IS NULL
    ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED
)
UPDATE cases SET overdue_at = now() FROM overdue WHERE cases.id = overdue.id
RETURNING cases.id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Sees to what is overdue."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force; raises Unavailable where there is none."""

    def escalate(self) -> int:
        """Hand overdue cases of one reviewer to the panel, each once; says how many there were.

        The new case keeps the moment the item began to wait, and is due as its queue says.
        Without any queue of the panel they stay where they are.

        Raises:
            Unavailable: no release is in force.
        """
        queue = _panel_queue(self.policy())
        if queue is None:
            return 0
        with self.store.transaction() as connection:
            single = list(connection.execute(_CLOSE, {"most": _MOST}).scalars())
            if single:
                _hand_on(connection, single, queue)
        return len(single)

    def report_late(self) -> int:
        """Tell receivers of panels that did not decide in time, once each; says how many."""
        with self.store.transaction() as connection:
            late = list(connection.execute(_LATE, {"most": _MOST}).scalars())
            announce(connection, EventKind.CASE_ESCALATED, list(map(_news, late)))
        return len(late)


def _panel_queue(policy: Policy) -> Queue | None:
    """The queue of the panel that takes what names none."""
    of_panels = [queue for queue in policy.vocabulary.queues.values() if queue.tier is Tier.SENIOR]
    return next((queue for queue in of_panels if queue.default), next(iter(of_panels), None))


def _hand_on(connection: Connection, single: Sequence[UUID], queue: Queue) -> None:
    senior = [new_id() for _ in single]
    fresh = {"single": single, "senior": senior, "queue": queue.name, "sla": queue.sla}
    made = connection.execute(_HAND_ON, fresh).all()
    send(connection, Task.CONVENE, [(row.id, row.priority) for row in made])
    handed = connection.execute(_HANDED, {"single": single})
    news = [_news(row.id, escalated_from=row.single) for row in handed]
    announce(connection, EventKind.CASE_ESCALATED, news)


def _news(case_id: UUID, escalated_from: UUID | None = None) -> News:
    return News(case_id=case_id, about={"overdue": True, "escalated_from": escalated_from})
