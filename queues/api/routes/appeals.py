"""Second looks at decisions."""

from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent, Text
from queues.api.routes import examples
from queues.casework.appeals import Appeal, Appealed

router = APIRouter(route_class=Operation, tags=["appeals"])

_APPEALED: Final = {
    "id": examples.ID,
    "item_id": examples.ID,
    "decision_id": examples.OTHER_ID,
    "number": 1,
    "asks": "milder",
    "case_id": examples.OTHER_ID,
    "tier": "single",
    "queue": "appeals",
    "due": examples.LATER,
    "duplicate": False,
}


class NewAppeal(Sent):
    """Somebody asks for another look."""

    item: Annotated[Text, Field(min_length=1, max_length=512)]
    """The item: the id its sender gave it, or ours."""
    by: Name
    """Who asks, as your platform names them: the author, or who reported the item."""
    statement: Text | None = None
    """What they say."""


@router.post(
    "/v1/appeals",
    **documented(
        Says(
            summary="Appeal against a decision",
            asks=Permission.APPEALS_SEND,
            fails=(404, 409),
            sent={"item": "post-17", "by": "u-42", "statement": "This was a joke among friends."},
            example=_APPEALED,
            status=201,
        )
    ),
)
def appeal(new: NewAppeal, here: Here, caller: Calling) -> Appealed:
    """Against the decision in force; people look who did not make it.

    The same person's again, while it is open, is answered with the one that is open. 409 where
    nothing was decided, people are about to, it is too late, somebody else's appeal is open, or the
    item was appealed as often as can be.
    """
    asked = Appeal(item=new.item, by=new.by, statement=new.statement)
    return here.services.appeals.appeal(asked, actor=caller.actor)
