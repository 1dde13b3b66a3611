"""What whoever is signed in has to do with cases: their panels, decisions, and exposure."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query

from queues.api.operations import Operation, Says, documented
from queues.api.parts import Asking, Here
from queues.api.routes import examples
from queues.records import lookback
from queues.records.lookback import LookBack
from queues.review import DecidedPage, Exposure, Sitting

router = APIRouter(route_class=Operation, tags=["me"], prefix="/v1/me")

_BALLOT: Final = {
    "reviewer": "ana",
    "round": 1,
    "action": "hide",
    "reasons": ["spam.commercial"],
    "comment": None,
    "at": examples.MOMENT,
}
_PANEL: Final = {
    "case_id": examples.OTHER_ID,
    "place": "again",
    "purpose": "review",
    "language": "en",
    "round": 2,
    "seats": 3,
    "decide": "majority",
    "votes_cast": 1,
    "due_at": examples.LATER,
    "commits_at": None,
    "undo_until": None,
    "meanwhile": "hide",
    "ballots": [_BALLOT, _BALLOT | {"reviewer": "ben", "action": "publish", "reasons": []}],
    "outcome": None,
    "closed_at": None,
}
_DECIDED: Final = {
    "case_id": examples.OTHER_ID,
    "sender_id": "post-17",
    "purpose": "review",
    "language": "en",
    "state": "decided",
    "action": "remove",
    "reasons": ["spam.commercial"],
    "comment": None,
    "at": examples.MOMENT,
    "undo_until": None,
    "revised": {
        "action": "publish",
        "reasons": [],
        "comment": "It quotes somebody else.",
        "at": examples.LATER,
    },
}


_MENU: Final = {
    "actions": [{"name": "keep", "does": "It stays, or comes back, as it was written."}],
    "reasons": [{"name": "spam.commercial", "title": "Advertising", "policy": "spam"}],
    "skip_reasons": ["not_my_language", "too_distressing", "other"],
    "keep": "keep",
}


@router.get(
    "/panels",
    **documented(Says(summary="List my panels", person=True, example={"panels": [_PANEL]})),
)
def panels(here: Here, person: Asking) -> dict[str, list[Sitting]]:
    """Those I hold, am asked about once more or voted on, and those that closed in two weeks.

    Ballots of others are those of rounds that are over.
    """
    return {"panels": here.services.workbook.panels(person.name)}


@router.get(
    "/decisions",
    **documented(
        Says(
            summary="List what I decided",
            person=True,
            example={"decisions": [_DECIDED], "next": None},
        )
    ),
)
def decisions(
    here: Here,
    person: Asking,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DecidedPage:
    """Of cases that I decided alone, the newest first; `next` is the `cursor` of the next page."""
    return here.services.workbook.decisions(person.name, cursor=cursor, limit=limit)


@router.get(
    "/exposure",
    **documented(
        Says(
            summary="Tell how much I saw in this shift",
            person=True,
            example={
                "used": 0.35,
                "limit": 400,
                "severe_in_a_row": 5,
                "break_until": None,
                "full_again_at": examples.LATER,
            },
        )
    ),
)
def exposure(here: Here, person: Asking) -> Exposure:
    """Cases weigh by their severity; at the limit, nothing more is handed out in the shift.

    `used` is a share of the limit, in twentieths.
    """
    account, _ = here.services.attending.look(person.name)
    return here.services.workbook.exposure(account)


@router.get(
    "/cases/{case:uuid}",
    **documented(
        Says(
            summary="Look once more at a case of mine",
            person=True,
            fails=(404, 409),
            example={
                "case_id": examples.OTHER_ID,
                "blind": False,
                "kind": "post",
                "language": None,
                "texts": [{"field": "text", "text": "Buy followers now, limited offer!"}],
                "appeal": {
                    "number": 1,
                    "statement": "This was a joke among friends.",
                    "at": examples.MOMENT,
                    "asks": "milder",
                    "decision": {
                        "action": "hide",
                        "reasons": ["spam.commercial"],
                        "tier": "single",
                        "made_by": "person",
                        "at": examples.MOMENT,
                    },
                },
                "menu": _MENU,
            },
        )
    ),
)
def look_back(case: UUID, here: Here, person: Asking) -> LookBack:
    """One that I hold or voted on, else 409; reading the item is an audit event.

    Of a blind case there are no scores, ids and dates, and of an appeal what was written alone.
    """
    return lookback.read(here.services.review, case, person.name, actor=person.actor)
