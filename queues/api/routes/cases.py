"""Work for people."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Moment, Name, Sent, reviewer_of
from queues.api.readers import reader_of
from queues.api.routes import examples
from queues.casework import caseload
from queues.casework.caseload import CaseFile, CasePage
from queues.casework.selection import CaseState, Order, Selection, Wanted
from queues.quality.purposes import Purpose
from queues.records import inhand
from queues.records.inhand import ItemInHand

router = APIRouter(route_class=Operation, tags=["cases"], prefix="/v1/cases")

_CASE: Final = {
    "id": examples.OTHER_ID,
    "item_id": examples.ID,
    "purpose": "review",
    "tier": "single",
    "queue": "spam",
    "policy": "spam",
    "reason": "spam.commercial",
    "rule": "spam-offers",
    "priority": 6,
    "severity": "low",
    "language": None,
    "state": "open",
    "enqueued_at": examples.MOMENT,
    "due_at": examples.LATER,
    "opened_at": examples.MOMENT,
    "closed_at": None,
    "claimed_by": [],
    "seats": 1,
    "round": 1,
    "escalated_from": None,
    "decision_id": None,
    "commit_at": None,
}
_URGENCY: Final = {
    "ranked_as": "2026-03-02T01:52:15.943Z",
    "passed_until": "2026-03-02T05:52:15.943Z",
    "priority_seconds": 28_800.0,
    "deadline_seconds": 21_600.0,
    "risk_seconds": -464.057,
    "risk": {
        "severity": 1.0,
        "reach": 1.0,
        "probability": 0.95,
        "harm": 0.95,
        "assumed": ["reach"],
    },
    "age": {"seconds": 5_400.0, "of_deadline": 0.0625},
}


class CasesAsked(Sent):
    """Which cases, and which of them first."""

    tier: Name | None = None
    queue: Name | None = None
    state: CaseState | None = None
    overdue: bool | None = None
    purpose: Purpose | None = None
    policy: Name | None = None
    language: Name | None = None
    rule: Name | None = None
    """Which brought it to people."""
    reviewer: Name | None = None
    """Who voted."""
    said: Annotated[tuple[Name, ...], Field(max_length=2)] = ()
    """Actions that different people chose."""
    since: Moment | None = None
    """It came then or later."""
    until: Moment | None = None
    """It came before."""
    order: Order = Order.DUE
    cursor: Annotated[str, Field(max_length=500)] | None = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100

    @property
    def wanted(self) -> Wanted:
        """Which ones."""
        return Wanted(**self.model_dump(exclude={"order", "cursor", "limit"}))


@router.get(
    "",
    **documented(
        Says(
            summary="List cases",
            asks=Permission.CASES_READ,
            example={"cases": [_CASE], "next": "WyIyMDI2LTAzLTAyVDEyOjAwOjAwKzAwOjAwIl0"},
        )
    ),
)
def show_all(here: Here, caller: Calling, asked: Annotated[CasesAsked, Query()]) -> CasePage:
    """By default those that are due first come first; `next` is the `cursor` of the page after it.

    `reviewer` and `said` (once or twice: actions that different people chose blind in the first
    round or in a second look) know rounds that are over. Where cases are chosen by more than tier,
    queue, state and lateness, or the newest come first, 20,000 cases are looked at for a page: it
    may be short, and `next` goes on. People who review do not see cases that are blind for them,
    and are told by these of cases that are over alone.
    """
    reader = reader_of(here, caller)
    selection = Selection(
        wanted=asked.wanted,
        order=asked.order,
        cursor=asked.cursor,
        limit=asked.limit,
        reviewing=reader is not None,
    )
    return caseload.listed(here.services.store, selection, reader=reader)


@router.get(
    "/{case:uuid}",
    **documented(
        Says(
            summary="Show a case",
            asks=Permission.CASES_READ,
            fails=(404,),
            example={
                "case": _CASE,
                "votes": [],
                "votes_cast": 0,
                "urgency": _URGENCY,
                "suggested": None,
            },
        )
    ),
)
def show(case: UUID, here: Here, caller: Calling) -> CaseFile:
    """With the votes of rounds that are over: nobody sees how others vote before.

    `urgency` says why it is handed out when it is: it is ranked by `ranked_as`, the moment it came
    in plus the seconds of its priority, its deadline and its risk. The first of those moments that
    somebody may have is next. `suggested` says why the item was chosen, if it is to be learnt from
    (`purpose`: `learning`). Of a case that is blind for whoever asks, next to nothing is told
    (`hidden`).
    """
    services = here.services
    reader = reader_of(here, caller)
    return caseload.show(services.store, case, services.weights, reader=reader)


@router.get(
    "/{case:uuid}/item",
    **documented(
        Says(
            summary="Read the item of a case",
            asks=Permission.CASES_DECIDE,
            fails=(404, 409),
            example={
                "case_id": examples.OTHER_ID,
                "blind": False,
                "kind": "post",
                "language": None,
                "content": examples.ITEM,
            },
        )
    ),
)
def read_item(case: UUID, here: Here, caller: Calling, reviewer: Name | None = None) -> ItemInHand:
    """Of one that is in the reviewer's hands, else 409; reading is an audit event.

    A key names the `reviewer`. Of a blind case there are no scores, ids and dates.
    """
    services = here.services
    queues = services.policy().vocabulary.queues
    return inhand.read(
        services.store,
        case,
        reviewer_of(caller, reviewer),
        actor=caller.actor,
        hides=lambda claimed, name: services.blinding.hides(claimed, name, queues),
    )
