"""Cases go to people and back: claimed, kept, given back, skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, Strict

from engine.verdict import Tier
from queues.access import Permission, Program
from queues.api.operations import Operation, Says, documented
from queues.api.parts import WHOLE, Calling, Here, Name, Sent, reviewer_of
from queues.api.routes import examples
from queues.review import Claimed, Shown, Why, shown

router = APIRouter(route_class=Operation, tags=["cases"])

_DECIDE: Final = Permission.CASES_DECIDE
CLAIMED: Final = {
    "id": examples.OTHER_ID,
    "blind": False,
    "suggestion": {
        "verdict_id": examples.OTHER_ID,
        "action": "hide",
        "reasons": ["spam.commercial"],
        "rule": "spam-offers",
    },
    "item_id": examples.ID,
    "sender_id": "post-17",
    "verdict_id": examples.OTHER_ID,
    "purpose": "review",
    "tier": "single",
    "queue": "spam",
    "policy": "spam",
    "reason": "spam.commercial",
    "rule": "spam-offers",
    "severity": "low",
    "language": None,
    "enqueued_at": examples.MOMENT,
    "due_at": examples.LATER,
    "round": 1,
    "lease_until": examples.LATER,
}


#: As your platform names people, where a key calls; a person who is signed in is it themselves.
Reviewer = Annotated[Name | None, Field(description="With a key: who it is, as you name people.")]


class ReviewTier(StrEnum):
    """Whose cases are claimed."""

    #: Those of one reviewer.
    SINGLE = "single"
    #: Those of a panel.
    SENIOR = "senior"


_CLAIM: Final = {
    ReviewTier.SINGLE: Permission.CASES_CLAIM_SINGLE,
    ReviewTier.SENIOR: Permission.CASES_CLAIM_SENIOR,
}


class Claim(Sent):
    """A wish for cases."""

    reviewer: Reviewer = None
    """Who wants them."""
    tier: ReviewTier = ReviewTier.SINGLE
    queues: Annotated[tuple[Name, ...], Field(min_length=1, max_length=100)] | None = None
    """Only from these; by default from all."""
    limit: Annotated[int, Strict(), Field(ge=1, le=50), WHOLE] = 1


class Holder(Sent):
    """Who has a case."""

    reviewer: Reviewer = None


class GivenBack(Sent):
    """Cases that a reviewer gives back."""

    reviewer: Reviewer = None
    cases: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)] | None = None
    """By default all."""


class Skip(Sent):
    """A case that is not for a reviewer."""

    reviewer: Reviewer = None
    reason: Name
    """One of those of the settings, such as `not_my_language`, `too_distressing` or `other`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """What somebody gets who asked for cases."""

    cases: list[Shown]
    why: Why | None
    """Why there are none; null: there are some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Which case went back to the others."""

    skipped: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """How long a case now stays with its reviewer."""

    lease_until: datetime


@router.post(
    "/v1/cases:claim",
    **documented(
        Says(
            summary="Claim cases",
            asks=_DECIDE,
            sent={"reviewer": "ana", "tier": "single", "limit": 3},
            example={"cases": [CLAIMED], "why": None},
        )
    ),
)
def claim(wish: Claim, here: Here, caller: Calling) -> HandedOut:
    """The next in rank, for this reviewer alone until the lease ends; if there are none, `why`.

    Some are `blind`: they come without the machine's suggestion, and all of them look alike.

    Whoever has an account gets cases in their shifts, in their languages and of their policies.
    `again_at` is when the next shift begins, where that is why.
    """
    caller.require(_CLAIM[wish.tier])
    handed = here.services.review.hand_out(
        reviewer_of(caller, wish.reviewer),
        Tier(wish.tier.value),
        queues=wish.queues,
        limit=wish.limit,
    )
    return HandedOut(cases=shown_to(here, caller, handed.cases), why=handed.why)


@router.post(
    "/v1/cases/{case:uuid}/claim",
    **documented(
        Says(
            summary="Claim one case",
            asks=_DECIDE,
            fails=(404,),
            sent={"reviewer": "ana"},
            example={"cases": [CLAIMED], "why": None},
        )
    ),
)
def claim_one(case: UUID, holder: Holder, here: Here, caller: Calling) -> HandedOut:
    """Under the same conditions as any other; if it is not for this reviewer now, `why`."""
    review = here.services.review
    caller.require(_CLAIM[ReviewTier(review.tier_of(case).value)])
    handed = review.claim_one(reviewer_of(caller, holder.reviewer), case)
    return HandedOut(cases=shown_to(here, caller, handed.cases), why=handed.why)


@router.get(
    "/v1/cases:held",
    **documented(
        Says(
            summary="List what a reviewer has",
            asks=_DECIDE,
            example={"cases": [CLAIMED]},
        )
    ),
)
def held(here: Here, caller: Calling, reviewer: Name | None = None) -> dict[str, list[Shown]]:
    """To go on after a break or a crash, the next in rank first."""
    found = here.services.review.held(reviewer_of(caller, reviewer))
    return {"cases": shown_to(here, caller, found)}


@router.post(
    "/v1/cases:release",
    **documented(
        Says(
            summary="Give cases back",
            asks=_DECIDE,
            sent={"reviewer": "ana"},
            example={"released": [examples.OTHER_ID]},
        )
    ),
)
def release(given: GivenBack, here: Here, caller: Calling) -> dict[str, list[UUID]]:
    """Others can claim them at once; cases that the reviewer does not have are left alone."""
    reviewer = reviewer_of(caller, given.reviewer)
    return {"released": here.services.review.release(reviewer, given.cases)}


@router.post(
    "/v1/cases/{case:uuid}:renew",
    **documented(
        Says(
            summary="Keep a case longer",
            asks=_DECIDE,
            fails=(404, 409),
            sent={"reviewer": "ana"},
            example={"lease_until": examples.LATER},
        )
    ),
)
def renew(case: UUID, holder: Holder, here: Here, caller: Calling) -> Renewed:
    """As somebody works on it; 409 if it is not theirs any more."""
    reviewer = reviewer_of(caller, holder.reviewer)
    return Renewed(lease_until=here.services.review.renew(reviewer, case))


@router.post(
    "/v1/cases/{case:uuid}/skip",
    **documented(
        Says(
            summary="Skip a case",
            asks=_DECIDE,
            fails=(404, 409),
            sent={"reviewer": "ana", "reason": "not_my_language"},
            example={"skipped": examples.OTHER_ID},
        )
    ),
)
def skip(case: UUID, wish: Skip, here: Here, caller: Calling) -> Skipped:
    """Others can claim it at once, this reviewer never again; 409 if it is not theirs."""
    here.services.review.skip(reviewer_of(caller, wish.reviewer), case, wish.reason)
    return Skipped(skipped=case)


def shown_to(here: Here, caller: Calling, cases: Sequence[Claimed]) -> list[Shown]:
    """Cases in the hands of a reviewer, as whoever calls may see them."""
    queues = here.services.policy().vocabulary.queues
    to_program = isinstance(caller, Program)
    return [shown(each, queues, to_program=to_program) for each in cases]
