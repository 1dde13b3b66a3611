"""The desk: all about a case in hand at once, and what its reviewer is writing about it."""

import base64
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent, Text, reviewer_of
from queues.api.routes import examples
from queues.api.routes.cases import read_item
from queues.api.routes.reviewing import CLAIMED, Reviewer, shown_to
from queues.records import desks, pictures
from queues.records.desks import OnDesk
from queues.review.drafts import Draft

router = APIRouter(route_class=Operation, tags=["cases"], prefix="/v1/cases/{case:uuid}")

_REASON: Final = {"name": "spam.commercial", "title": "Advertising", "policy": "spam"}
_WORDS: Final[dict[str, Any]] = {
    "rule": "spam-offers",
    "title": "Offers",
    "about": None,
    "links": [],
}
_REGION: Final = {
    "x": 0.1,
    "y": 0.2,
    "width": 0.3,
    "height": 0.4,
    "label": "spam.commercial",
    "confidence": 0.8,
}
_DESK: Final = {
    "case": CLAIMED,
    "kind": "post",
    "language": None,
    "content": examples.ITEM,
    "texts": [{"field": "text", "text": "Buy followers now, limited offer!"}],
    "facts": {"author.followers": 3.0, "score.spam": 0.82},
    "thread": [{"place": "before", "author": "u-7", "text": "How do I get known here?"}],
    "pictures": [{"number": 0, "regions": [_REGION]}],
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
    """What somebody is about to say."""

    reviewer: Reviewer = None
    text: Text
    """All that they have written so far."""
    choices: Text = ""
    """All that they have chosen so far, in whatever form a page keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture."""

    media_type: str
    """By its first bytes."""
    data: str
    """As base64."""


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


@router.get(
    "/pictures/{number}",
    **documented(
        Says(
            summary="Look at a picture of a case",
            asks=Permission.CASES_DECIDE,
            fails=(404, 409, 422),
            example={"media_type": "image/gif", "data": "R0lGODlhAQABAAAAACwAAAAAAQABAAA="},
        )
    ),
)
def look(
    case: UUID,
    number: Annotated[int, Path(ge=0, lt=1_000)],
    here: Here,
    caller: Calling,
    reviewer: Name | None = None,
) -> Shot:
    """Of a case in the reviewer's hands, else 409; fetched now, or as it came with the item.

    The service fetches it, from public addresses over TLS: whoever wrote the item does not learn
    who looks at it. 409 where it cannot be had, is too large, or is no picture.
    """
    item = read_item(case, here, caller, reviewer)
    source, what = pictures.source_of(item.content, number), f"picture `{number}`"
    gallery = here.services.gallery
    if source.url is not None:
        found = gallery.fetch(source.url, what)
    else:
        found = gallery.checked(source.data or b"", what)
    data = base64.b64encode(found.data).decode("ascii")
    return Shot(media_type=found.media_type, data=data)


@router.put(
    "/draft",
    **documented(
        Says(
            summary="Keep a draft",
            asks=Permission.CASES_DECIDE,
            fails=(404, 409),
            sent={"reviewer": "ana", "text": "The second half is a quot", "choices": "7"},
            example={"case_id": examples.OTHER_ID},
        )
    ),
)
def draft(case: UUID, new: NewDraft, here: Here, caller: Calling) -> dict[str, UUID]:
    """What a reviewer is about to say of a case in hand; nobody else reads it.

    Where both parts are empty, it is let go of.
    """
    draft = Draft(text=new.text, choices=new.choices)
    here.services.review.draft(reviewer_of(caller, new.reviewer), case, draft)
    return {"case_id": case}
