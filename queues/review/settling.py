"""Rounds that are complete take effect: at once, or when the time to take a vote back is over."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.consensus import NeedsVote, Settled
from engine.rules.model import Policy
from engine.verdict import Tier
from queues.review import panels
from queues.review.deciding import Finding, decide
from queues.review.docket import Docket

_VOTE: Final = text("""
SELECT reviewer, action, reasons, comment, policy FROM votes
WHERE case_id = :case AND round = :round ORDER BY id LIMIT 1
""")
_DUE: Final = text("""
SELECT id FROM cases WHERE commit_at <= now() AND state = 'open' ORDER BY commit_at LIMIT :most
""")


def is_complete(connection: Connection, policy: Policy, docket: Docket) -> bool:
    """Whether, with one that was just cast, all votes of the present round are in."""
    if docket.tier == Tier.SINGLE:
        return True
    return not isinstance(panels.result(connection, policy, docket), NeedsVote)


def settle(connection: Connection, policy: Policy, docket: Docket) -> list[UUID]:
    """Let the votes of a locked, open case count; the decision, if they make one."""
    if docket.tier != Tier.SINGLE:
        return panels.tally(connection, policy, docket)
    given = {"case": docket.id, "round": docket.round}
    vote = connection.execute(_VOTE, given).one_or_none()
    if vote is None:
        return []
    finding = Finding(
        settled=Settled(action=vote.action, reasons=tuple(vote.reasons)),
        made_by="person",
        actor=f"reviewer:{vote.reviewer}",
        comment=vote.comment,
        policy=vote.policy,
    )
    return [decide(connection, policy, docket, finding)]


def due(connection: Connection, most: int) -> list[UUID]:
    """Cases whose votes count from now on, the longest due first."""
    return list(connection.execute(_DUE, {"most": most}).scalars())
