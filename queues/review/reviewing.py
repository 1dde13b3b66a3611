"""What people do with cases: claim, keep, give back and decide them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import randbelow
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.model import Policy
from engine.verdict import Tier
from queues.errors import NotFound
from queues.quality import overlaps, probes
from queues.quality.blinding import Blinding
from queues.quality.purposes import ALONE
from queues.review import (
    escalating,
    handing,
    holds,
    remarks,
    revising,
    settling,
    skips,
    twins,
    voting,
)
from queues.review.ballots import Ballot, checked
from queues.review.claims import Terms, Wish
from queues.review.docket import Docket, refusal, take_up
from queues.review.errors import ClaimLost
from queues.review.handing import Conditions, Handed
from queues.review.holds import Claimed
from queues.review.partiality import refuse_partial
from queues.review.remarks import Comment, Rating
from queues.review.reviewers import absentees, reviewer_at
from queues.review.revising import Revision
from queues.review.skips import Skips
from queues.sections import Review as ReviewSettings
from queues.sections import Wellness
from queues.store.ledger import record
from queues.store.outbox import Task, send, take
from queues.store.session import Store

_CASE: Final = "case"
_TIER: Final = text("SELECT tier FROM cases WHERE id = :case")
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
class Review:
    """The work of people on cases."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force; raises Unavailable where there is none."""
    settings: ReviewSettings = field(default_factory=ReviewSettings)
    wellness: Wellness = field(default_factory=Wellness)
    """What protects people without limits of their own."""
    blinding: Blinding = field(default_factory=Blinding)
    """From whom the machine's suggestion is hidden."""
    draw: Callable[[int], int] = randbelow
    """For gold items; see `queues.quality.mixing`."""

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
        return self._hand_out(reviewer, Wish(tier=tier.value, queues=queues, wanted=limit))

    def claim_one(self, reviewer: str, case: UUID) -> Handed:
        """Hand out one case that somebody names; under the same conditions as any other.

        Raises:
            NotFound: there is no such case.
        """
        wish = Wish(tier=self.tier_of(case).value, queues=None, only=case)
        return self._hand_out(reviewer, wish)

    def tier_of(self, case: UUID) -> Tier:
        """Whose case it is, as `single` or `senior`; raises NotFound."""
        with self.store.read() as connection:
            found = connection.execute(_TIER, {"case": case}).scalar_one_or_none()
        if found is None:
            raise NotFound(_CASE, str(case))
        return Tier(found)

    def held(self, reviewer: str) -> list[Claimed]:
        """What a reviewer has claimed, to go on with after a break."""
        conditions = self._conditions()
        with self.store.read() as connection:
            return conditions.seen(connection, reviewer, holds.held(connection, reviewer))

    def renew(self, reviewer: str, case: UUID) -> datetime:
        """Keep a case longer, as somebody works on it; the moment it now ends.

        Once their shift is over it is not kept longer: no claim outlasts that by more than a lease.

        Raises:
            ClaimLost: it is not the reviewer's any more.
        """
        with self.store.transaction() as connection:
            longer = reviewer_at(connection, reviewer).absent is None
            until = holds.renew(
                connection, reviewer, case, lease=self.settings.lease, longer=longer
            )
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
        reason = skips.checked(reason, self.settings.skip_reasons)
        with self.store.transaction() as connection:
            skips.skip(connection, _taken_up(connection, case, reviewer), reviewer, reason)
            probes.give_up(connection, case)

    def skipped(self, since: datetime) -> list[Skips]:
        """How often everybody skipped since a moment, by reason: for quality."""
        with self.store.read() as connection:
            return skips.counted(connection, since)

    def expire_leases(self) -> int:
        """Take back cases of reviewers who went away, or whose shift is over; says how many."""
        with self.store.transaction() as connection:
            gone = absentees(connection, holds.holders(connection))
            return holds.expire(connection, gone) + probes.expire(connection)

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
            docket = _taken_up(connection, ballot.case_id, ballot.reviewer)
            refuse_partial(connection, docket, ballot.reviewer)
            blind = self.blinding.hides(docket, ballot.reviewer, policy.vocabulary.queues)
            ballot = checked(
                ballot,
                policy,
                _suggested(docket, blind=blind),
                lambda: voting.fields_of(connection, policy, docket),
            )
            voting.cast(connection, docket, ballot, blind=blind)
            if docket.purpose in ALONE and docket.tier != Tier.SINGLE:
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
        policy, conditions = self.policy(), self._conditions()
        with self.store.transaction() as connection:
            docket = _found(connection, case)
            voting.take_back(
                connection,
                docket,
                reviewer,
                grace=self.settings.grace,
                lease=self.settings.lease,
            )
            # Of two who agree and a third: the others' votes are enough, if this one stays away.
            if settling.is_complete(connection, policy, docket):
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
            docket = _taken_up(connection, case, reviewer)
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
            docket = _found(connection, revision.case_id)
            return revising.revise(connection, policy, docket, revision, others=others)

    def comment(self, author: str, case: UUID, said: str) -> Comment:
        """Tell colleagues something about a case; raises NotFound, or Refused if it is empty."""
        with self.store.transaction() as connection:
            docket = _found(connection, case)
            made = remarks.comment(connection, case, author, said)
            event = voting.audited(docket, author, "case.commented", {"comment": str(made.id)})
            record(connection, [event])
            return made

    def comments(self, reader: str, case: UUID) -> list[Comment]:
        """What colleagues said, as far as the reader may know; raises NotFound."""
        with self.store.read() as connection:
            return remarks.comments_of(connection, case, reader)

    def rate(self, reviewer: str, case: UUID, rating: Rating) -> None:
        """Say how good the suggestion was; raises NotFound if they never had the case."""
        with self.store.transaction() as connection:
            remarks.rate(connection, case, reviewer, rating)

    def commit_due(self) -> list[UUID]:
        """Let votes count whose time to think again is over; the decisions that were made."""
        policy = self.policy()
        with self.store.read() as connection:
            cases = settling.due(connection, _MOST)
        made: list[UUID] = []
        for case in cases:
            with self.store.transaction() as connection:
                for docket in take_up(connection, [case]):
                    # Somebody may have taken a vote back, or another worker may have been here.
                    if docket.commit_at is not None and docket.commit_at <= docket.at:
                        made += self._settle(connection, policy, docket)
        return made

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
        return made

    def _hand_out(self, reviewer: str, wish: Wish) -> Handed:
        terms = Terms(lease=self.settings.lease, patience=self.settings.patience)
        conditions = self._conditions()
        with self.store.transaction() as connection:
            return handing.hand_out(connection, reviewer, wish, conditions, terms)

    def _conditions(self) -> Conditions:
        return Conditions(
            wellness=self.wellness,
            blinding=self.blinding,
            queues=self.policy().vocabulary.queues,
            draw=self.draw,
        )

    def _settle(self, connection: Connection, policy: Policy, docket: Docket) -> list[UUID]:
        """Let the votes of an open case count, and have its duplicates decided too."""
        made = settling.settle(connection, policy, docket)
        if made:
            twins.ask_for(connection, docket)
            if self.blinding.overlaps(docket):
                overlaps.look_twice(connection, docket, policy.vocabulary.queues)
        return made


def _found(connection: Connection, case: UUID) -> Docket:
    """A case, locked; raises NotFound."""
    found = take_up(connection, [case])
    if not found:
        raise NotFound(_CASE, str(case))
    return found[0]


def _taken_up(connection: Connection, case: UUID, reviewer: str) -> Docket:
    """A case, locked; refused where the reviewer has no seat at it."""
    docket = _found(connection, case)
    own, holder = holds.has(connection, reviewer, case)
    if own and docket.state == "open":
        return docket
    # Whoever got no answer to a vote, and sends it again, is told that it is there.
    voted = voting.has_voted(connection, docket, reviewer)
    if docket.state != "open":
        counted = ", with your vote" if voted and docket.state == "decided" else ""
        raise refusal(docket, f"it is {docket.state}{counted}")
    if voted:
        raise refusal(docket, voting.VOTED)
    if docket.commit_at is not None:
        raise refusal(docket, "it is decided, and about to be committed")
    raise ClaimLost(docket.id, holder)


def _suggested(docket: Docket, *, blind: bool) -> Sequence[str]:
    """The reasons of a restriction where a ballot names none: what is claimed, or stands.

    Whoever decides alone and was told of none has to name some.
    """
    if blind and docket.tier == Tier.SINGLE:
        return ()
    return (docket.reason,) if docket.purpose == "review" else docket.reasons_before
