"""What one person has to do with cases: their panels, what they decided, how much they saw."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from engine.rules.model import Policy
from queues.people import Account
from queues.quality.blinding import Blinding
from queues.review.decided import DecidedPage, decided_by
from queues.review.exposure import Allowance, allowance_of
from queues.review.reviewers import Reviewer
from queues.review.sittings import Sitting, Sittings
from queues.sections import Review as ReviewSettings
from queues.sections import Wellness
from queues.store.session import Store

#: Seconds: two weeks, longer than any panel takes that people still think of.
_BACK: Final = 14 * 86_400.0
#: Points are told in steps of a share of the limit: whoever watched single ones would read from
#: them how severe a blind case is.
_STEPS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What somebody has seen in this shift, of what they may."""

    used: float
    """Share of the limit, in twentieths, rounded up: exact figures would tell how severe a case is
    that comes without its severity."""
    limit: int
    """Points of a shift."""
    severe_in_a_row: int
    """Most cases of the highest severity that come one after the other."""
    break_until: datetime | None
    """A break is due until then, before more of them come."""
    full_again_at: datetime | None
    """When the next shift begins, or the next day of who has none; null: none is to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """Tells people of their own work."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force; raises Unavailable where there is none."""
    settings: ReviewSettings
    wellness: Wellness
    blinding: Blinding

    def panels(self, reviewer: str) -> list[Sitting]:
        """The panels on which they sit, or sat in the last two weeks, the newest first."""
        sittings = Sittings(
            back=_BACK,
            grace=self.settings.grace,
            blinding=self.blinding,
            queues=self.policy().vocabulary.queues,
        )
        with self.store.read() as connection:
            return sittings.of(connection, reviewer)

    def decisions(self, reviewer: str, *, cursor: str | None, limit: int) -> DecidedPage:
        """What they decided alone, the newest first; raises Refused for a cursor of nobody."""
        with self.store.read() as connection:
            return decided_by(
                connection, reviewer, grace=self.settings.grace, cursor=cursor, limit=limit
            )

    def exposure(self, account: Account) -> Exposure:
        """How much of what they may see in this shift somebody saw."""
        with self.store.read() as connection:
            at = connection.execute(text("SELECT now()")).scalar_one()
            known = Reviewer(name=account.name, at=at, account=account)
            allowance = allowance_of(connection, known, self.wellness)
        assert allowance is not None  # noqa: S101 - there are limits for whoever has an account
        return Exposure(
            used=_used(allowance),
            limit=allowance.limit,
            severe_in_a_row=allowance.severe_most,
            break_until=allowance.break_over if allowance.severe_left <= 0 else None,
            full_again_at=allowance.ends,
        )


def _used(allowance: Allowance) -> float:
    if allowance.limit <= 0:
        return 1.0
    seen = allowance.limit - allowance.left
    return min(1.0, -(-seen * _STEPS // allowance.limit) / _STEPS)
