"""Cases that nobody decided in time: one reviewer's go to the panel, the panel's are told of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from engine.rules.model import Policy
from queues.store.announcements import News, announce
from queues.store.casework import hand_on, panel_queue
from queues.store.events import EventKind
from queues.store.session import Store

#: Cases of one transaction.
_MOST: Final = 500

# A case that somebody is at, or whose vote is about to count, is left to them; what only measures
# changes nothing, and needs no panel.
_LEFT_ALONE: Final = """
NOT EXISTS (SELECT FROM holds WHERE holds.case_id = cases.id AND holds.lease_until >= now())
"""
_IS_OVERDUE: Final = f"""
state IN ('waiting', 'open') AND due_at < now() AND tier = 'single'
AND purpose IN ('review', 'appeal') AND commit_at IS NULL AND {_LEFT_ALONE}
"""
# As everywhere, items are locked before their cases: whether an item waits for people is told from
# all of its cases, so they change one after the other. What is locked is seen to the next time.
_ITEMS: Final = text(f"""
SELECT id FROM items WHERE id IN (
    SELECT item_id FROM cases WHERE {_IS_OVERDUE} ORDER BY due_at LIMIT :most
) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
""")  # noqa: S608 - made of constants
_CASES: Final = text(f"""
SELECT id FROM cases WHERE item_id = ANY(:items) AND {_IS_OVERDUE}
ORDER BY id FOR UPDATE SKIP LOCKED
""")  # noqa: S608 - made of constants
# Under the locks, as somebody may have claimed one before.
_CLOSE: Final = text(f"""
UPDATE cases SET state = 'escalated', closed_at = now()
WHERE id = ANY(:cases) AND {_LEFT_ALONE} RETURNING id
""")  # noqa: S608 - made of constants
_LATE: Final = text("""
WITH overdue AS MATERIALIZED (
    SELECT id FROM cases
    WHERE state IN ('waiting', 'open') AND due_at < now() AND tier = 'senior'
      AND purpose IN ('review', 'appeal') AND overdue_at IS NULL
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
        queue = panel_queue(self.policy().vocabulary.queues)
        if queue is None:
            return 0
        with self.store.transaction() as connection:
            items = list(connection.execute(_ITEMS, {"most": _MOST}).scalars())
            overdue = list(connection.execute(_CASES, {"items": items}).scalars())
            single = list(connection.execute(_CLOSE, {"cases": overdue}).scalars())
            if single:
                hand_on(connection, single, queue, {"overdue": True})
        return len(single)

    def report_late(self) -> int:
        """Tell receivers of panels that did not decide in time, once each; says how many."""
        with self.store.transaction() as connection:
            late = list(connection.execute(_LATE, {"most": _MOST}).scalars())
            announce(connection, EventKind.CASE_ESCALATED, list(map(_news, late)))
        return len(late)


def _news(case_id: UUID) -> News:
    return News(case_id=case_id, about={"overdue": True, "escalated_from": None})
