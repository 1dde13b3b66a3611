"""Decisions that somebody thinks better of: a new one, with the reason, replaces the old one."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.consensus import Settled
from engine.rules.model import Policy
from engine.verdict import Tier
from queues.errors import Refused
from queues.quality.probes import vote_of
from queues.quality.purposes import WITHOUT_EFFECT, Purpose
from queues.review.ballots import in_words
from queues.review.deciding import Finding, decide
from queues.review.docket import Docket, refusal

_COMMENT: Final = "comment"
_REVISED: Final = WITHOUT_EFFECT | {Purpose.REVIEW}
_DECIDED_BY: Final = text("""
SELECT reviewer FROM votes WHERE case_id = :case ORDER BY round DESC, id DESC LIMIT 1
""")
_APPEALED: Final = text("SELECT FROM appeals WHERE item_id = :item AND state = 'open' LIMIT 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A better decision of a case that was decided."""

    case_id: UUID
    reviewer: str
    action: str
    reasons: tuple[str, ...] = ()
    comment: str = field(repr=False)
    """Why; never empty."""


def revise(
    connection: Connection, policy: Policy, docket: Docket, revision: Revision, *, others: bool
) -> UUID:
    """Replace the decision of a locked case; the new one.

    Args:
        connection: Of the transaction.
        policy: In force.
        docket: The case.
        revision: What is decided instead.
        others: Whether the reviewer may revise what others decided.

    Raises:
        Conflict: the decision is none of one reviewer, not in force any more, or appealed.
        Refused: the policy has no such action or reason, or nobody says why.
    """
    if not revision.comment.strip():
        raise Refused(_COMMENT, "say why the decision is revised")
    _check(connection, docket, revision.reviewer, others=others)
    action, reasons = in_words(policy, revision.action, revision.reasons, docket.reasons_before)
    if docket.purpose in WITHOUT_EFFECT:
        # What measures is what was said first.
        return vote_of(connection, docket.id)
    finding = Finding(
        settled=Settled(action=action, reasons=reasons),
        made_by="person",
        actor=f"reviewer:{revision.reviewer}",
        comment=revision.comment,
    )
    return decide(connection, policy, docket, finding)


def _check(connection: Connection, docket: Docket, reviewer: str, *, others: bool) -> None:
    given = {"case": docket.id, "item": docket.item_id}
    decided_by = connection.execute(_DECIDED_BY, given).scalar_one_or_none()
    for refused, why in (
        (docket.commit_at is not None, "it is not committed yet: take the vote back instead"),
        (docket.state != "decided", f"it is {docket.state}"),
        (docket.tier != Tier.SINGLE, "a panel decided: appeal the decision"),
        (docket.purpose not in _REVISED, f"it is no review, but of purpose {docket.purpose}"),
        (
            docket.purpose == Purpose.REVIEW and docket.decision_in_force != docket.decision_id,
            "another decision is in force since",
        ),
        (decided_by != reviewer and not others, "somebody else decided: ask them, or a senior"),
        (connection.execute(_APPEALED, given).one_or_none() is not None, "an appeal is open"),
    ):
        if refused:
            raise refusal(docket, why)
