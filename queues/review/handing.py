"""Hands cases out, and says why not where it does not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from engine.rules.vocabulary import Queue
from queues.quality.blinding import Blinding
from queues.quality.mixing import Mixing
from queues.review import claims, holds, suggestions
from queues.review.claims import Terms, Wish
from queues.review.exposure import Allowance, allowance_of
from queues.review.holds import Claimed
from queues.review.reviewers import Reason, Reviewer, Why, reviewer_at
from queues.sections import Wellness
from queues.store.ledger import AuditEvent, record


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What somebody gets who asked for cases."""

    cases: list[Claimed]
    why: Why | None
    """Why there are none; None: there are some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What holds for all who ask for cases."""

    wellness: Wellness
    """What protects people without limits of their own."""
    blinding: Blinding
    queues: Mapping[str, Queue]
    """Of the policy in force."""
    draw: Callable[[int], int]
    """For gold items; see `Mixing`."""

    def seen(self, connection: Connection, name: str, claimed: Sequence[Claimed]) -> list[Claimed]:
        """What somebody has in hand, with suggestions where they see them."""
        claimed = [
            replace(each, blind=self.blinding.hides(each, name, self.queues)) for each in claimed
        ]
        suggested = suggestions.of(connection, [each for each in claimed if not each.blind])
        return [replace(each, suggestion=suggested.get(each.id)) for each in claimed]


def hand_out(
    connection: Connection, name: str, wish: Wish, conditions: Conditions, terms: Terms
) -> Handed:
    """Claim the next cases for somebody.

    Args:
        connection: Of the transaction.
        name: Who wants them.
        wish: What they want.
        conditions: What holds for all who ask.
        terms: How long a seat is held.
    """
    reviewer = reviewer_at(connection, name)
    if (why := reviewer.absent) is not None:
        return Handed(cases=[], why=why)
    allowance = allowance_of(connection, reviewer, conditions.wellness)
    if allowance is not None and allowance.left < min(allowance.points.values()):
        why = Why(reason=Reason.NO_EXPOSURE_LEFT, again_at=allowance.ends)
        return Handed(cases=[], why=why)
    cases = claims.choose(connection, reviewer, wish, allowance, terms)
    if not cases:
        return Handed(cases=[], why=_why(connection, reviewer, wish, allowance, terms))
    claimed = holds.held(connection, name, cases)
    if wish.only is None:
        asked = claims.question(reviewer, wish, allowance, terms)
        mixing = Mixing(queues=conditions.queues, draw=conditions.draw)
        if exchanged := mixing.mix(connection, asked, claimed):
            cases = [exchanged.get(case, case) for case in cases]
            claimed = holds.held(connection, name, cases)
    claimed = conditions.seen(connection, name, claimed)
    record(connection, [_audited(reviewer.at, name, each) for each in claimed])
    return Handed(cases=claimed, why=None)


def _why(
    connection: Connection,
    reviewer: Reviewer,
    wish: Wish,
    allowance: Allowance | None,
    terms: Terms,
) -> Why:
    """Why somebody at work gets nothing: because nothing fits, or what does would be too much."""
    nothing = Why(reason=Reason.NOTHING_WAITS)
    if allowance is None or len(allowance.severities) == len(allowance.points):
        return nothing
    severity = claims.too_much(connection, reviewer, wish, allowance, terms)
    return nothing if severity is None else allowance.why_not(severity) or nothing


def _audited(at: datetime, reviewer: str, claimed: Claimed) -> AuditEvent:
    return AuditEvent(
        at=at,
        actor=f"reviewer:{reviewer}",
        kind="case.claimed",
        item_id=claimed.item_id,
        subject=str(claimed.id),
        details={"queue": claimed.queue},
    )
