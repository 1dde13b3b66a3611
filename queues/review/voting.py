"""Votes: written once a reviewer and round, and taken back while they do not count yet."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Final

import orjson
from sqlalchemy import Connection, text

from engine.item import Value
from engine.rules.items import ItemReader
from engine.rules.model import Policy
from queues.ids import new_id
from queues.review import holds
from queues.review.ballots import Ballot
from queues.review.docket import Docket, refusal
from queues.store.ledger import AuditEvent, record

#: What somebody is told who votes again.
VOTED: Final = "you have voted in this round"

_CAST: Final = text("""
INSERT INTO votes (id, case_id, reviewer, round, action, reasons, comment, active_seconds, policy,
    corrections, blind, content)
VALUES (:id, :case, :reviewer, :round, :action, :reasons, :comment, :active_seconds, :policy,
    CAST(:corrections AS jsonb), :blind, :content)
ON CONFLICT (case_id, reviewer, round) DO NOTHING RETURNING id
""")
_COMMIT_LATER: Final = text("""
UPDATE cases SET commit_at = now() + make_interval(secs => :grace) WHERE id = :case
RETURNING commit_at
""")
_COMMIT_NEVER: Final = text("UPDATE cases SET commit_at = NULL WHERE id = :case")
_OWN: Final = text("""
SELECT id, action, at + make_interval(secs => :grace) > now() AS fresh FROM votes
WHERE case_id = :case AND reviewer = :reviewer AND round = :round
""")
_VOTED: Final = text("""
SELECT FROM votes WHERE case_id = :case AND reviewer = :reviewer AND round = :round
""")
_DELETE: Final = text("DELETE FROM votes WHERE id = :vote")
_INPUT: Final = text("SELECT input -> 'raw' AS raw FROM verdicts WHERE id = :verdict")


def cast(connection: Connection, docket: Docket, ballot: Ballot, *, blind: bool) -> None:
    """Write a vote, and give the seat back; raises Conflict if there is one of this round.

    Args:
        connection: Of the transaction.
        docket: The case, under the lock.
        ballot: What is said, in words of the policy.
        blind: Whether whoever says it was told no suggestion.
    """
    corrections = None if ballot.corrections is None else asdict(ballot.corrections)
    found = connection.execute(
        _CAST,
        {
            "id": new_id(),
            "case": docket.id,
            "reviewer": ballot.reviewer,
            "round": docket.round,
            "action": ballot.action,
            "reasons": list(ballot.reasons),
            "comment": ballot.comment,
            "active_seconds": ballot.active_seconds,
            "policy": ballot.policy,
            "blind": blind,
            "corrections": None if corrections is None else orjson.dumps(corrections).decode(),
            "content": docket.content,
        },
    ).scalar_one_or_none()
    if found is None:
        raise refusal(docket, VOTED)
    holds.leave(connection, ballot.reviewer, docket.id)
    details = {"round": docket.round, "action": ballot.action}
    record(connection, [audited(docket, ballot.reviewer, "case.voted", details)])


def has_voted(connection: Connection, docket: Docket, reviewer: str) -> bool:
    """Whether somebody has a vote in the present round."""
    given = {"case": docket.id, "reviewer": reviewer, "round": docket.round}
    return connection.execute(_VOTED, given).one_or_none() is not None


def commit_later(connection: Connection, docket: Docket, grace: float) -> datetime:
    """Let a complete round count when its time to think again is over; says when that is."""
    given = {"case": docket.id, "grace": grace}
    at: datetime = connection.execute(_COMMIT_LATER, given).scalar_one()
    return at


def take_back(
    connection: Connection, docket: Docket, reviewer: str, *, grace: float, lease: float
) -> None:
    """Take a vote back that does not count yet, and give its seat back to who cast it.

    Raises:
        Conflict: the case is not open any more, there is no such vote, or it is too late.
    """
    given = {"case": docket.id, "reviewer": reviewer, "round": docket.round, "grace": grace}
    vote = connection.execute(_OWN, given).one_or_none()
    if docket.state != "open":
        raise refusal(docket, f"it is {docket.state}")
    if vote is None:
        raise refusal(docket, "you have no vote in this round")
    if not vote.fresh or (docket.commit_at is not None and docket.commit_at <= docket.at):
        why = f"votes can be taken back for {grace:g} seconds; revise the decision instead"
        raise refusal(docket, why)
    connection.execute(_DELETE, {"vote": vote.id})
    connection.execute(_COMMIT_NEVER, {"case": docket.id})
    holds.keep(connection, reviewer, docket.id, lease=lease)
    details = {"round": docket.round, "action": vote.action}
    record(connection, [audited(docket, reviewer, "case.vote_undone", details)])


def fields_of(connection: Connection, policy: Policy, docket: Docket) -> Mapping[str, Value]:
    """The item as it was sent, typed."""
    raw = connection.execute(_INPUT, {"verdict": docket.verdict_id}).scalar_one_or_none()
    return ItemReader(policy.vocabulary).read(raw).fields if isinstance(raw, dict) else {}


def audited(docket: Docket, reviewer: str, kind: str, details: Mapping[str, object]) -> AuditEvent:
    """What a reviewer did to a case, for the audit."""
    return AuditEvent(
        at=docket.at,
        actor=f"reviewer:{reviewer}",
        kind=kind,
        item_id=docket.item_id,
        subject=str(docket.id),
        details=details,
    )
