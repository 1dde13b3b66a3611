"""Seats at cases: claimed, kept, given back, and taken from whoever went away."""

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
from queues.quality import probes
from queues.quality.blinding import Blinding
from queues.review import handing, holds, skips, voting
from queues.review.claims import Terms, Wish
from queues.review.docket import Docket, refusal, take_up
from queues.review.errors import ClaimLost
from queues.review.handing import Conditions, Handed
from queues.review.holds import Claimed
from queues.review.reviewers import absentees, reviewer_at
from queues.review.skips import Skips
from queues.sections import Review as ReviewSettings
from queues.sections import Wellness
from queues.store.session import Store

_CASE: Final = "case"
_TIER: Final = text("SELECT tier FROM cases WHERE id = :case")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """Who sits at which case."""

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
        conditions = self.conditions()
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
            skips.skip(connection, taken_up(connection, case, reviewer), reviewer, reason)
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

    def _hand_out(self, reviewer: str, wish: Wish) -> Handed:
        terms = Terms(lease=self.settings.lease, patience=self.settings.patience)
        conditions = self.conditions()
        with self.store.transaction() as connection:
            return handing.hand_out(connection, reviewer, wish, conditions, terms)

    def conditions(self) -> Conditions:
        """What holds for whoever is handed something; raises Unavailable."""
        return Conditions(
            wellness=self.wellness,
            blinding=self.blinding,
            queues=self.policy().vocabulary.queues,
            draw=self.draw,
        )


def found(connection: Connection, case: UUID) -> Docket:
    """A case, locked; raises NotFound."""
    dockets = take_up(connection, [case])
    if not dockets:
        raise NotFound(_CASE, str(case))
    return dockets[0]


def taken_up(connection: Connection, case: UUID, reviewer: str) -> Docket:
    """A case, locked; refused where the reviewer has no seat at it."""
    docket = found(connection, case)
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
