"""What people say about cases beside their votes."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent, Text, reviewer_of
from queues.api.routes import examples
from queues.api.routes.reviewing import Reviewer
from queues.review import Comment, Rating

router = APIRouter(route_class=Operation, tags=["cases"], prefix="/v1/cases/{case:uuid}")

_COMMENT: Final = {
    "id": examples.OTHER_ID,
    "author": "ana",
    "text": "The second half is a quotation.",
    "round": 1,
    "at": examples.MOMENT,
}


class NewComment(Sent):
    """Something for colleagues."""

    reviewer: Reviewer = None
    text: Text


class NewRating(Sent):
    """What a reviewer thinks of the machine's suggestion."""

    reviewer: Reviewer = None
    rating: Rating


@router.get(
    "/comments",
    **documented(
        Says(
            summary="Read comments",
            asks=Permission.CASES_DECIDE,
            fails=(404,),
            example={"comments": [_COMMENT]},
        )
    ),
)
def comments(
    case: UUID, here: Here, caller: Calling, reviewer: Name | None = None
) -> dict[str, list[Comment]]:
    """In order; while a panel votes blind, those of others are not shown."""
    found = here.services.review.comments(reviewer_of(caller, reviewer), case)
    return {"comments": found}


@router.post(
    "/comments",
    **documented(
        Says(
            summary="Comment on a case",
            asks=Permission.CASES_DECIDE,
            fails=(404,),
            sent={"reviewer": "ana", "text": "The second half is a quotation."},
            example=_COMMENT,
            status=201,
        )
    ),
)
def comment(case: UUID, new: NewComment, here: Here, caller: Calling) -> Comment:
    """For colleagues: neither the sender of the item nor its author sees it."""
    return here.services.review.comment(reviewer_of(caller, new.reviewer), case, new.text)


@router.put(
    "/rating",
    **documented(
        Says(
            summary="Rate the machine's suggestion",
            asks=Permission.CASES_DECIDE,
            fails=(404, 409),
            sent={"reviewer": "ana", "rating": "good"},
            example={"rating": "good"},
        )
    ),
)
def rate(case: UUID, new: NewRating, here: Here, caller: Calling) -> dict[str, Rating]:
    """Kept apart from what is decided. Only whoever was handed the case can; 409 if it is blind."""
    here.services.review.rate(reviewer_of(caller, new.reviewer), case, new.rating)
    return {"rating": new.rating}
