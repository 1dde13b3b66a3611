"""What people do with cases: claim, keep, give back and decide them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.consensus import NeedsVote, Settled
from engine.rules.model import Policy
from engine.verdict import Tier
from queues.errors import Conflict, NotFound
from queues.ids import new_id
from queues.review import handing, holds, panels, skips
from queues.review.ballots import Ballot, checked
from queues.review.claims import Wish
from queues.review.deciding import Finding, decide
from queues.review.docket import Docket, take_up
from queues.review.errors import ClaimLost
from queues.review.handing import Handed
from queues.review.holds import Claimed
from queues.review.reviewers import absentees, reviewer_at
from queues.review.skips import Skips
from queues.sections import Review as ReviewSettings
from queues.sections import Wellness
from queues.store.ledger import AuditEvent, record
from queues.store.outbox import Task, send, take
from queues.store.session import Store

_CASE: Final = "case"
_CAST: Final = text("""
INSERT INTO votes (id, case_id, reviewer, round, action, reasons, comment, active_seconds)
VALUES (:id, :case, :reviewer, :round, :action, :reasons, :comment, :active_seconds)
ON CONFLICT (case_id, reviewer, round) DO NOTHING RETURNING id
""")
_FREE: Final = text("UPDATE cases SET claimed_by = NULL, lease_until = NULL WHERE id = :case")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """What became of a vote."""

    decision_id: UUID | None
    """The decision, where this vote made it."""
    complete: bool
    """Whether the round is: a panel's votes are counted by a worker then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The work of people on cases."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force; raises Unavailable where there is none."""
    lease: float
    """Seconds a claim holds."""
    skip_reasons: Sequence[str] = ReviewSettings().skip_reasons
    """Why somebody may skip a case."""
    wellness: Wellness = field(default_factory=Wellness)
    """What protects people without limits of their own."""

    def claim(
        self, reviewer: str, tier: Tier, *, queues: Sequence[str] | None = None, limit: int = 1
    ) -> list[Claimed]:
        """Hand out open cases, the next in rank first; none of them to anybody else.

        Args:
            reviewer: Who wants them. Never given: what they voted on in this round, and what they
                would have to judge themselves in.
            tier: `single` or `senior`.
            queues: Only from these; by default from all.
            limit: How many at most.
        """
        return self.hand_out(reviewer, tier, queues=queues, limit=limit).cases

    def hand_out(
        self, reviewer: str, tier: Tier, *, queues: Sequence[str] | None = None, limit: int = 1
    ) -> Handed:
        """As `claim`, and why there are none where there are none."""
        wish = Wish(tier=tier.value, queues=queues, wanted=limit)
        with self.store.transaction() as connection:
            return handing.hand_out(connection, reviewer, wish, self.wellness, lease=self.lease)

    def held(self, reviewer: str) -> list[Claimed]:
        """What a reviewer has claimed, to go on with after a break."""
        with self.store.read() as connection:
            return holds.held(connection, reviewer)

    def renew(self, reviewer: str, case: UUID) -> datetime:
        """Keep a case longer, as somebody works on it; the moment it now ends.

        Once their shift is over it is not kept longer: no claim outlasts that by more than a lease.

        Raises:
            ClaimLost: it is not the reviewer's any more.
        """
        with self.store.transaction() as connection:
            longer = reviewer_at(connection, reviewer).absent is None
            until = holds.renew(connection, reviewer, case, lease=self.lease, longer=longer)
        if until is None:
            raise ClaimLost(case, None)
        return until

    def release(self, reviewer: str, cases: Sequence[UUID] | None = None) -> list[UUID]:
        """Give cases back, by default all that a reviewer has; says which."""
        with self.store.transaction() as connection:
            return holds.give_back(connection, reviewer, cases)

    def skip(self, reviewer: str, case: UUID, reason: str) -> None:
        """Give a case back that is not for somebody; they never get it again, others do at once.

        Raises:
            NotFound: there is no such case.
            Conflict: it is not open any more.
            ClaimLost: somebody else has it, or nobody.
            Refused: there is no such reason.
        """
        reason = skips.checked(reason, self.skip_reasons)
        with self.store.transaction() as connection:
            skips.skip(connection, _taken_up(connection, case, reviewer), reviewer, reason)

    def skipped(self, since: datetime) -> list[Skips]:
        """How often everybody skipped since a moment, by reason: for quality."""
        with self.store.read() as connection:
            return skips.counted(connection, since)

    def expire_leases(self) -> int:
        """Take back cases of reviewers who went away, or whose shift is over; says how many."""
        with self.store.transaction() as connection:
            gone = absentees(connection, holds.holders(connection))
            return holds.expire(connection, gone)

    def vote(self, ballot: Ballot) -> Voted:
        """Vote on a claimed case. The vote of a single reviewer decides; a panel's are counted.

        Raises:
            NotFound: there is no such case.
            Conflict: it is not open any more, or the reviewer has voted in this round.
            ClaimLost: somebody else has it, or nobody.
            Refused: the policy has no such action or reason.
        """
        policy = self.policy()
        with self.store.transaction() as connection:
            docket = _taken_up(connection, ballot.case_id, ballot.reviewer)
            ballot = checked(ballot, policy, _suggested(docket))
            _cast(connection, docket, ballot)
            if docket.tier == Tier.SINGLE:
                settled = Settled(action=ballot.action, reasons=ballot.reasons)
                finding = Finding(
                    settled=settled,
                    made_by="person",
                    actor=f"reviewer:{ballot.reviewer}",
                    comment=ballot.comment,
                )
                made = decide(connection, policy, docket, finding)
                return Voted(decision_id=made, complete=True)
            complete = not isinstance(panels.result(connection, policy, docket), NeedsVote)
            if complete:
                send(connection, Task.TALLY, [(docket.id, docket.priority)])
            return Voted(decision_id=None, complete=complete)

    def tally(self, rows: Sequence[int]) -> list[UUID]:
        """Count panels whose round is complete; rows are of the outbox.

        Returns:
            The decisions that were made. A case that was counted before is left alone.
        """
        policy = self.policy()
        made: list[UUID] = []
        with self.store.transaction() as connection:
            cases = take(connection, Task.TALLY, rows)
            for docket in take_up(connection, cases) if cases else []:
                if docket.state == "open":
                    made += panels.tally(connection, policy, docket)
        return made


def _taken_up(connection: Connection, case: UUID, reviewer: str) -> Docket:
    """A case, locked; refused where it is not the reviewer's to decide."""
    found = take_up(connection, [case])
    if not found:
        raise NotFound(_CASE, str(case))
    docket = found[0]
    if docket.state != "open":
        raise _conflict(docket, f"it is {docket.state}")
    if docket.claimed_by != reviewer:
        raise ClaimLost(docket.id, docket.claimed_by)
    return docket


def _conflict(docket: Docket, why: str) -> Conflict:
    return Conflict(f"case `{docket.id}`", why)


def _suggested(docket: Docket) -> Sequence[str]:
    """The reasons of a restriction where a ballot names none: what is claimed, or stands."""
    return (docket.reason,) if docket.purpose == "review" else docket.reasons_before


def _cast(connection: Connection, docket: Docket, ballot: Ballot) -> None:
    """Write a vote and free the case for the next seat."""
    cast = connection.execute(
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
        },
    ).scalar_one_or_none()
    if cast is None:
        raise _conflict(docket, "you have voted in this round")
    connection.execute(_FREE, {"case": docket.id})
    event = AuditEvent(
        at=docket.at,
        actor=f"reviewer:{ballot.reviewer}",
        kind="case.voted",
        item_id=docket.item_id,
        subject=str(docket.id),
        details={"round": docket.round, "action": ballot.action},
    )
    record(connection, [event])
