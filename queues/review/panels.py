"""Panels: their votes are counted when a round is complete, and begin another where they differ."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.consensus import Escalate, NeedsVote, Settled, VoteAgain, count
from engine.rules.model import Policy
from queues.review.deciding import Finding, decide
from queues.review.docket import Docket, votes_of
from queues.store.announcements import News, announce
from queues.store.events import EventKind
from queues.store.ledger import AuditEvent, record

_NEXT_ROUND: Final = text("""
UPDATE cases SET round = :round, seats = :seats, decide = :decide, round_since = now(),
    commit_at = NULL
WHERE id = :case AND state = 'open' AND round < :round
""")


def result(
    connection: Connection, policy: Policy, docket: Docket
) -> Settled | NeedsVote | VoteAgain | Escalate:
    """What the votes of the present round lead to."""
    votes = votes_of(connection, [docket.id])[docket.id]
    actions = policy.vocabulary.actions.values()
    strictness = {action.name: action.strictness for action in actions}
    return count(votes, docket.terms, number=docket.round, strictness=strictness)


def tally(connection: Connection, policy: Policy, docket: Docket) -> list[UUID]:
    """Count a complete round; the decision, if there is one now."""
    match result(connection, policy, docket):
        case Settled() as settled:
            finding = Finding(settled=settled, made_by="panel", actor="panel")
            return [decide(connection, policy, docket, finding)]
        case VoteAgain(round=number):
            _begin_round(connection, docket, number, docket.seats, docket.decide)
        case Escalate(terms=terms, round=number):
            _begin_round(connection, docket, number, terms.seats, terms.decide)
            about = {"overdue": False, "no_agreement": True, "seats": terms.seats}
            announce(connection, EventKind.CASE_ESCALATED, [News(case_id=docket.id, about=about)])
        case NeedsVote():
            pass  # the message came before the votes, or after a round began
    return []


def _begin_round(
    connection: Connection, docket: Docket, number: int, seats: int, decide_by: str
) -> None:
    """Have a panel vote again, its votes of the last round open to it."""
    given = {"case": docket.id, "round": number, "seats": seats, "decide": str(decide_by)}
    connection.execute(_NEXT_ROUND, given)
    event = AuditEvent(
        at=docket.at,
        actor="panel",
        kind="case.round_began",
        item_id=docket.item_id,
        subject=str(docket.id),
        details={"round": number, "seats": seats},
    )
    record(connection, [event])
