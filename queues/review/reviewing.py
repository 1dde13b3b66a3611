"""What people do at cases: decide them, think again, and talk about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import Connection

from engine.rules.model import Policy
from engine.verdict import Tier
from queues.errors import Unavailable
from queues.quality import overlaps
from queues.quality.purposes import BY_ONE
from queues.review import (
    drafts,
    escalating,
    holds,
    remarks,
    revising,
    settling,
    twins,
    voting,
)
from queues.review.ballots import Ballot, checked
from queues.review.docket import Docket, refusal, take_up
from queues.review.holds import Claimed
from queues.review.partiality import refuse_partial
from queues.review.remarks import Comment, Rating
from queues.review.revising import Revision
from queues.review.seating import Seating, found, taken_up
from queues.store.ledger import record
from queues.store.outbox import Task, send, take

_log = structlog.get_logger(__name__)

#: Cases that one round of upkeep commits, and duplicates that one message decides.
_MOST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """What became of a vote."""

    decision_id: UUID | None
    """The decision, where this vote made it."""
    complete: bool
    """Whether the round is: all votes are in."""
    commits_at: datetime | None = None
    """From then on a complete round counts; until then who voted can take it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Seating):
    """The work of people on cases."""

    def vote(self, ballot: Ballot) -> Voted:
        """Vote on a claimed case. The vote of a single reviewer decides; a panel's are counted.

        Until `Voted.commits_at` nothing has happened outside, and the vote can be taken back.

        Raises:
            NotFound: there is no such case.
            Conflict: it is not open any more, the reviewer has voted in this round, or on the item
                in another case while this one is for others to check.
            ClaimLost: somebody else has it, or nobody.
            Refused: the policy has no such action or reason, or a correction is not possible.
        """
        policy = self.policy()
        with self.store.transaction() as connection:
            docket = taken_up(connection, ballot.case_id, ballot.reviewer)
            refuse_partial(connection, docket, ballot.reviewer)
            blind = self.blinding.hides(docket, ballot.reviewer, policy.vocabulary.queues)
            ballot = checked(
                ballot,
                policy,
                _suggested(docket, blind=blind),
                lambda: voting.fields_of(connection, policy, docket),
            )
            voting.cast(connection, docket, ballot, blind=blind)
            if docket.purpose in BY_ONE and docket.tier != Tier.SINGLE:
                # Said as of the first vote of any panel; nobody else is going to vote.
                voting.commit_later(connection, docket, self.settings.grace)
                return Voted(decision_id=None, complete=False)
            if not settling.is_complete(connection, policy, docket):
                return Voted(decision_id=None, complete=False)
            if self.settings.grace:
                commits_at = voting.commit_later(connection, docket, self.settings.grace)
                return Voted(decision_id=None, complete=True, commits_at=commits_at)
            if docket.tier != Tier.SINGLE:
                send(connection, Task.TALLY, [(docket.id, docket.priority)])
                return Voted(decision_id=None, complete=True)
            made = self._settle(connection, policy, docket)
            return Voted(decision_id=made[0], complete=True)

    def undo(self, reviewer: str, case: UUID) -> Claimed:
        """Take a vote back that does not count yet; the case is the reviewer's again.

        Raises:
            NotFound: there is no such case.
            Conflict: they have no vote in this round, or it is too late.
        """
        policy, conditions = self.policy(), self.conditions()
        with self.store.transaction() as connection:
            docket = found(connection, case)
            voting.take_back(
                connection,
                docket,
                reviewer,
                grace=self.settings.grace,
                lease=self.settings.lease,
            )
            # Of two who agree and a third: the others' votes are enough, if this one stays away.
            if docket.tier != Tier.SINGLE and settling.is_complete(connection, policy, docket):
                voting.commit_later(connection, docket, self.settings.grace)
            back = holds.held(connection, reviewer, [case])
            return conditions.seen(connection, reviewer, back)[0]

    def escalate(self, reviewer: str, case: UUID, comment: str) -> UUID:
        """Bring a claimed case before the panel, and say why; the panel's case.

        Raises:
            NotFound: there is no such case.
            Conflict: it is not open any more, or a panel's already.
            ClaimLost: somebody else has it, or nobody.
            Refused: the comment is empty.
        """
        policy = self.policy()
        with self.store.transaction() as connection:
            docket = taken_up(connection, case, reviewer)
            return escalating.escalate(connection, policy, docket, reviewer, comment)

    def revise(self, revision: Revision, *, others: bool = False) -> UUID:
        """Replace a decision of one reviewer by a new one; see `revising`.

        Args:
            revision: What is decided instead, and why.
            others: Whether the reviewer may revise what others decided.

        Raises:
            NotFound: there is no such case.
            Conflict: the decision cannot be revised; says why.
            Refused: the policy has no such action or reason, or nobody says why.
        """
        policy = self.policy()
        with self.store.transaction() as connection:
            docket = found(connection, revision.case_id)
            return revising.revise(connection, policy, docket, revision, others=others)

    def comment(self, author: str, case: UUID, said: str) -> Comment:
        """Tell colleagues something about a case; raises NotFound, or Refused if it is empty."""
        with self.store.transaction() as connection:
            docket = found(connection, case)
            made = remarks.comment(connection, case, author, said)
            event = voting.audited(docket, author, "case.commented", {"comment": str(made.id)})
            record(connection, [event])
            return made

    def comments(self, reader: str, case: UUID) -> list[Comment]:
        """What colleagues said, as far as the reader may know; raises NotFound."""
        with self.store.read() as connection:
            return remarks.comments_of(connection, case, reader)

    def rate(self, reviewer: str, case: UUID, rating: Rating) -> None:
        """Say how good the suggestion was.

        Raises:
            NotFound: they never had the case.
            Conflict: it was blind for them, and nothing was suggested.
        """
        queues = self.policy().vocabulary.queues
        with self.store.transaction() as connection:
            docket = found(connection, case)
            if self.blinding.hides(docket, reviewer, queues):
                raise refusal(docket, "it is blind: nothing was suggested to you")
            remarks.rate(connection, case, reviewer, rating)
            event = voting.audited(docket, reviewer, "case.rated", {"rating": rating.value})
            record(connection, [event])

    def draft(self, reviewer: str, case: UUID, draft: drafts.Draft) -> None:
        """Keep what a reviewer is about to say of a claimed case, for them alone.

        Raises:
            NotFound: there is no such case.
            Conflict: it is not open any more.
            ClaimLost: somebody else has it, or nobody.
        """
        with self.store.transaction() as connection:
            taken_up(connection, case, reviewer)
            drafts.keep(connection, case, reviewer, draft)

    def commit_due(self) -> list[UUID]:
        """Let votes count whose time to think again is over; the decisions that were made.

        A case that fails is told to the log, comes again, and holds up no other.
        """
        policy = self.policy()
        with self.store.read() as connection:
            cases = settling.due(connection, _MOST)
        made: list[UUID] = []
        for case in cases:
            try:
                made += self._commit(policy, case)
            except Unavailable:
                raise
            except Exception:  # noqa: BLE001 - whatever is wrong with one, the others count
                _log.exception("a decision could not be committed", case=str(case))
        return made

    def _commit(self, policy: Policy, case: UUID) -> list[UUID]:
        with self.store.transaction() as connection:
            return [
                decision
                for docket in take_up(connection, [case])
                # Somebody may have taken a vote back, or another worker may have been here.
                if docket.commit_at is not None and docket.commit_at <= docket.at
                for decision in self._settle(connection, policy, docket)
            ]

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
                # A round that can still be taken back is committed when that is over.
                if docket.state == "open" and docket.commit_at is None:
                    made += self._settle(connection, policy, docket)
        return made

    def decide_twins(self, rows: Sequence[int]) -> list[UUID]:
        """Decide exact duplicates as their twins were; rows are of the outbox.

        Returns:
            The decisions that were made. What somebody works on is left to them.
        """
        policy = self.policy()
        made: list[UUID] = []
        with self.store.transaction() as connection:
            cases = take(connection, Task.DECIDE_TWINS, rows)
            pairs = twins.pairs(connection, cases, _MOST)
            dockets = {each.id: each for each in take_up(connection, [twin for twin, _ in pairs])}
            for twin, case in pairs:
                docket = dockets.get(twin)
                if docket is not None:
                    decision = twins.follow(connection, policy, docket, case)
                    made += [] if decision is None else [decision]
            if len(pairs) == _MOST:
                # There may be more than go into one transaction.
                twins.ask_again(connection, {case for _, case in pairs})
        return made

    def _settle(self, connection: Connection, policy: Policy, docket: Docket) -> list[UUID]:
        """Let the votes of an open case count, and have its duplicates decided too."""
        made = settling.settle(connection, policy, docket)
        if made:
            twins.ask_for(connection, docket)
            if self.blinding.overlaps(docket):
                overlaps.look_twice(connection, docket, policy.vocabulary.queues)
        return made


def _suggested(docket: Docket, *, blind: bool) -> Sequence[str]:
    """The reasons of a restriction where a ballot names none: what is claimed, or stands.

    Whoever decides alone and was told of none has to name some.
    """
    if blind and docket.tier == Tier.SINGLE:
        return ()
    return (docket.reason,) if docket.purpose == "review" else docket.reasons_before
