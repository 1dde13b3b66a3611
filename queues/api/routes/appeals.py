"""Second looks at decisions."""

from typing import Final

from fastapi import APIRouter

from queues.access import Scope
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, ItemName, Name, Sent, Text
from queues.api.routes import examples
from queues.casework.appeals import Appeal, Appealed

router = APIRouter(route_class=Operation, tags=["appeals"])

_APPEALED: Final = {
    "id": examples.ID,
    "item_id": examples.ID,
    "decision_id": examples.OTHER_ID,
    "number": 1,
    "case_id": examples.OTHER_ID,
    "tier": "single",
    "queue": "appeals",
    "due": examples.LATER,
}


class NewAppeal(Sent):
    """Somebody asks for another look."""

    by: Name
    """Who asks, as your platform names them: the author, or who reported the item."""
    statement: Text | None = None
    """What they say."""


@router.post(
    "/v1/items/{item}/appeals",
    **documented(
        Says(
            summary="Appeal against a decision",
            scope=Scope.APPEALS_WRITE,
            fails=(404, 409),
            sent={"by": "u-42", "statement": "This was a joke among friends."},
            example=_APPEALED,
            status=201,
        )
    ),
)
def appeal(item: ItemName, new: NewAppeal, here: Here, caller: Calling) -> Appealed:
    """Against the decision in force; people look who did not make it.

    409 where nothing was decided, people are about to, it is too late, or an appeal is open.
    """
    asked = Appeal(item=item, by=new.by, statement=new.statement)
    return here.services.appeals.appeal(asked, actor=caller.actor)
