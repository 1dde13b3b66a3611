"""What happened to an item."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, ItemName
from queues.api.routes import examples
from queues.records.histories import Happening, history

router = APIRouter(route_class=Operation, tags=["audit"])

_EVENT: Final = {
    "id": examples.OTHER_ID,
    "at": examples.MOMENT,
    "actor": "key:forum",
    "kind": "item.accepted",
    "subject": examples.ID,
    "details": {"tier": "single", "action": "hide", "release": examples.RELEASE},
}


@router.get(
    "/v1/items/{item}/audit",
    **documented(
        Says(
            summary="List what happened to an item",
            asks=Permission.AUDIT_READ,
            fails=(404,),
            example={"events": [_EVENT]},
        )
    ),
)
def show(
    item: ItemName,
    here: Here,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> dict[str, list[Happening]]:
    """The oldest first; `after` is the last id of the page before. Events hold no texts."""
    return {"events": history(here.services.store, item, after=after, limit=limit)}
