"""The desk: all about a case in hand at once, and what its reviewer is writing about it."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent, Text, reviewer_of
from queues.api.routes import examples
from queues.api.routes.reviewing import CLAIMED, Reviewer, shown_to
from queues.records import desks
from queues.records.desks import OnDesk

router = APIRouter(route_class=Operation, tags=["cases"], prefix="/v1/cases/{case:uuid}")

_REASON: Final = {"name": "spam.commercial", "title": "Advertising", "policy": "spam"}
_WORDS: Final[dict[str, Any]] = {
    "rule": "spam-offers",
    "title": "Offers",
    "about": None,
    "links": [],
}
_DESK: Final = {
    "case": CLAIMED,
    "kind": "post",
    "language": None,
    "content": examples.ITEM,
    "texts": [{"field": "text", "text": "Buy followers now, limited offer!"}],
    "facts": {"author.followers": 3.0, "score.spam": 0.82},
    "thread": [{"place": "before", "author": "u-7", "text": "How do I get known here?"}],
    "grounds": [
        {
            "rule": "spam-offers",
            "policy": "spam",
            "sentence": "Offers that nobody asked for.",
            "saw": ["text has any offers"],
            "pieces": [{"field": "text", "start": 0, "end": 13}],
            "about": None,
            "links": [],
        }
    ],
    "policy": {"name": "spam", "reasons": [_REASON], "rules": [_WORDS]},
    "author": {
        "author_id": "u-42",
        "strikes": {"spam": 1},
        "removals": 1,
        "decisions": [
            {
                "kind": "post",
                "action": "remove",
                "reasons": ["spam.commercial"],
                "made_by": "person",
                "decided_at": examples.MOMENT,
            }
        ],
    },
    "reports": {"spam": 2},
    "appeal": None,
    "comments": [],
    "draft": None,
    "rating": None,
    "menu": {
        "actions": [{"name": "keep", "does": "It stays, or comes back, as it was written."}],
        "reasons": [_REASON],
        "skip_reasons": ["not_my_language", "too_distressing", "other"],
        "keep": "keep",
    },
    "lease": 600.0,
    "grace": 10.0,
    "at": examples.MOMENT,
}


class NewDraft(Sent):
    """What somebody has written so far."""

    reviewer: Reviewer = None
    text: Text
    """All of it; empty: it is let go of."""


@router.get(
    "/desk",
    **documented(
        Says(
            summary="Read all that a decision needs",
            asks=Permission.CASES_DECIDE,
            fails=(404, 409),
            example=_DESK,
        )
    ),
)
def read_desk(case: UUID, here: Here, caller: Calling, reviewer: Name | None = None) -> OnDesk:
    """Of a case in the reviewer's hands, else 409; reading the item is an audit event.

    Item, what stands around it, why it is here, the words of the policy, the author's record, what
    can be decided, and what the reviewer had begun to write. Of a blind case there are no scores,
    ids and dates, and nothing that was found or decided.
    """
    return desks.read(
        here.services.review,
        case,
        reviewer_of(caller, reviewer),
        actor=caller.actor,
        show=lambda claimed: shown_to(here, caller, [claimed])[0],
    )


@router.put(
    "/draft",
    **documented(
        Says(
            summary="Keep a draft",
            asks=Permission.CASES_DECIDE,
            fails=(404, 409),
            sent={"reviewer": "ana", "text": "The second half is a quot"},
            example={"case_id": examples.OTHER_ID},
        )
    ),
)
def draft(case: UUID, new: NewDraft, here: Here, caller: Calling) -> dict[str, UUID]:
    """What a reviewer has written about a case in hand; nobody else reads it."""
    here.services.review.draft(reviewer_of(caller, new.reviewer), case, new.text)
    return {"case_id": case}
