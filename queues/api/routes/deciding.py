"""What people decide: decisions and votes, taken back, revised, and handed to the panel."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from engine.verdict import Tier
from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Number, Sent, Text, reviewer_of
from queues.api.routes import examples
from queues.api.routes.reviewing import CLAIMED, Holder, Reviewer, shown_to
from queues.errors import Conflict
from queues.review import Ballot, Corrections, Revision, Shown, Voted

router = APIRouter(route_class=Operation, tags=["cases"], prefix="/v1/cases/{case:uuid}")

_DECIDE: Final = Permission.CASES_DECIDE
_SENT: Final = {"reviewer": "ana", "action": "remove", "reasons": ["spam.commercial"]}


class NewVote(Sent):
    """What a reviewer says about a case."""

    reviewer: Reviewer = None
    action: Name
    """An action of the policy in force; `keep` leaves the item up."""
    reasons: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    """Of the policy, the weightiest first; by default the one that brought the case here."""
    policy: Name | None = None
    """The right one, where the case was brought under another."""
    corrections: Corrections | None = None
    """What is wrong with the labels, spans and regions that the machine marked."""
    comment: Text | None = None
    """For colleagues."""
    active_seconds: Annotated[Number, Field(ge=0, le=86_400)] | None = None
    """How long the reviewer worked on it: the page visible, idle times cut."""


class NewRevision(Sent):
    """A better decision."""

    reviewer: Reviewer = None
    action: Name
    reasons: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    """By default those of the decision that is revised."""
    comment: Text
    """Why it is revised."""


class Doubt(Sent):
    """Why one reviewer is not enough."""

    reviewer: Reviewer = None
    comment: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """Where a case went."""

    panel_case: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """The decision that is in force now."""

    decision_id: UUID


@router.post(
    "/decision",
    **documented(
        Says(
            summary="Decide a case of one reviewer",
            asks=_DECIDE,
            fails=(404, 409),
            sent=_SENT,
            example={"decision_id": None, "complete": True, "commits_at": examples.LATER},
            status=201,
        )
    ),
)
def decide(case: UUID, new: NewVote, here: Here, caller: Calling) -> Voted:
    """It takes effect at `commits_at`; until then nothing has left, and it can be undone."""
    _require(here, case, Tier.SINGLE, "a panel decides it: vote")
    return here.services.review.vote(_ballot(case, new, caller))


@router.post(
    "/vote",
    **documented(
        Says(
            summary="Vote on a case of a panel",
            asks=_DECIDE,
            fails=(404, 409),
            sent=_SENT,
            example={"decision_id": None, "complete": False, "commits_at": None},
            status=201,
        )
    ),
)
def vote(case: UUID, new: NewVote, here: Here, caller: Calling) -> Voted:
    """Nobody sees it before the round is over. With the last vote of a round all are counted."""
    _require(here, case, Tier.SENIOR, "one reviewer decides it: send a decision")
    return here.services.review.vote(_ballot(case, new, caller))


@router.post(
    "/undo",
    **documented(
        Says(
            summary="Take a decision or vote back",
            asks=_DECIDE,
            fails=(404, 409),
            sent={"reviewer": "ana"},
            example=CLAIMED,
        )
    ),
)
def undo(case: UUID, holder: Holder, here: Here, caller: Calling) -> Shown:
    """Within the time to think again; the case is the reviewer's once more. Later: 409."""
    back = here.services.review.undo(reviewer_of(caller, holder.reviewer), case)
    return shown_to(here, caller, [back])[0]


@router.post(
    "/escalate",
    **documented(
        Says(
            summary="Bring a case before the panel",
            asks=_DECIDE,
            fails=(404, 409),
            sent={"reviewer": "ana", "comment": "Is this a threat, or a quotation?"},
            example={"panel_case": examples.OTHER_ID},
            status=201,
        )
    ),
)
def escalate(case: UUID, doubt: Doubt, here: Here, caller: Calling) -> Escalated:
    """It keeps its age; the comment goes with it."""
    reviewer = reviewer_of(caller, doubt.reviewer)
    return Escalated(panel_case=here.services.review.escalate(reviewer, case, doubt.comment))


@router.post(
    "/revision",
    **documented(
        Says(
            summary="Revise a decision",
            asks=_DECIDE,
            fails=(404, 409),
            sent={"reviewer": "ana", "action": "keep", "comment": "It quotes somebody else."},
            example={"decision_id": examples.OTHER_ID},
            status=201,
        )
    ),
)
def revise(case: UUID, new: NewRevision, here: Here, caller: Calling) -> Revised:
    """Of one reviewer, by themselves or by a senior: a new decision replaces the old one."""
    revision = Revision(
        case_id=case,
        reviewer=reviewer_of(caller, new.reviewer),
        action=new.action,
        reasons=new.reasons,
        comment=new.comment,
    )
    others = caller.may(Permission.CASES_CLAIM_SENIOR)
    return Revised(decision_id=here.services.review.revise(revision, others=others))


def _ballot(case: UUID, new: NewVote, caller: Calling) -> Ballot:
    return Ballot(
        case_id=case,
        reviewer=reviewer_of(caller, new.reviewer),
        action=new.action,
        reasons=new.reasons,
        policy=new.policy,
        corrections=new.corrections,
        comment=new.comment,
        active_seconds=new.active_seconds,
    )


def _require(here: Here, case: UUID, tier: Tier, otherwise: str) -> None:
    """Raise Conflict where the case is of the other tier, NotFound where there is none."""
    if here.services.review.tier_of(case) is not tier:
        what = f"case `{case}`"
        raise Conflict(what, otherwise)
