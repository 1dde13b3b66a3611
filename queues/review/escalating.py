"""Cases that somebody brings before the panel, because one reviewer is not enough."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.model import Policy
from engine.verdict import Tier
from queues.ids import new_id
from queues.quality.purposes import WITHOUT_EFFECT
from queues.review import holds, remarks
from queues.review.docket import Docket, refusal
from queues.review.voting import audited
from queues.store.casework import hand_on, panel_queue
from queues.store.ledger import record

_CLOSE: Final = text("""
UPDATE cases SET state = 'escalated', closed_at = now() WHERE id = :case
""")


def escalate(
    connection: Connection, policy: Policy, docket: Docket, reviewer: str, comment: str
) -> UUID:
    """Hand a case that is under the lock to the panel; the panel's case.

    What only measures is closed, and an id of nothing is answered.

    Raises:
        Conflict: it is a panel's already, or no panel has a queue.
        Refused: nobody says why.
    """
    if docket.tier != Tier.SINGLE:
        raise refusal(docket, "a panel has it already: vote, and say in a comment what is missing")
    queue = panel_queue(policy.vocabulary.queues)
    if queue is None:
        raise refusal(docket, "the policy in force has no queue of a panel")
    connection.execute(_CLOSE, {"case": docket.id})
    holds.leave(connection, reviewer, docket.id)
    if docket.purpose in WITHOUT_EFFECT:
        # Nobody has to know that no panel is asked.
        remarks.comment(connection, docket.id, reviewer, comment)
        record(connection, [audited(docket, reviewer, "case.escalated_by_hand", {})])
        return new_id()
    panel = hand_on(connection, [docket.id], queue, {"overdue": False})[docket.id]
    remarks.comment(connection, panel, reviewer, comment)
    details = {"queue": docket.queue, "panel": str(panel)}
    record(connection, [audited(docket, reviewer, "case.escalated_by_hand", details)])
    return panel
