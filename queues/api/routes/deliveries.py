"""What became of events on their way to receivers, and sending them again."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here
from queues.api.routes import examples
from queues.store.events import DeliveryState
from queues.webhooks import deliveries
from queues.webhooks.deliveries import Delivery

router = APIRouter(route_class=Operation, tags=["webhooks"])

_DELIVERY: Final = {
    "id": examples.OTHER_ID,
    "event_id": examples.ID,
    "kind": "item.decided",
    "item_id": examples.ID,
    "webhook_id": examples.ID,
    "state": "dead",
    "attempts": 14,
    "created_at": examples.MOMENT,
    "next_at": examples.LATER,
    "delivered_at": None,
    "last_status": 500,
    "last_error": "answered 500",
}
_MANAGE: Final = Permission.WEBHOOKS_MANAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Redelivered:
    """How many deliveries are on their way again."""

    deliveries: int


@router.get(
    "/v1/webhooks/{webhook:uuid}/deliveries",
    **documented(
        Says(
            summary="List deliveries to a webhook",
            asks=_MANAGE,
            fails=(404,),
            example={"deliveries": [_DELIVERY]},
        )
    ),
)
def list_deliveries(
    webhook: UUID,
    here: Here,
    state: DeliveryState | None = None,
    before: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=deliveries.PAGE)] = 100,
) -> dict[str, list[Delivery]]:
    """The youngest first; `state=dead` lists what was given up.

    `before` is the last id of the page before.
    """
    found = deliveries.log(here.services.store, webhook, state=state, before=before, limit=limit)
    return {"deliveries": found}


@router.post(
    "/v1/webhooks/{webhook:uuid}/deliveries:redeliver",
    **documented(
        Says(
            summary="Send all dead letters again",
            asks=_MANAGE,
            fails=(404, 409),
            example={"deliveries": 3},
            status=202,
        )
    ),
)
def redeliver_dead(webhook: UUID, here: Here, caller: Calling) -> Redelivered:
    """Events keep their ids: a receiver that has seen one can tell."""
    count = deliveries.redeliver_dead(here.services.store, webhook, by=caller.actor)
    return Redelivered(deliveries=count)


@router.post(
    "/v1/deliveries/{delivery:uuid}:redeliver",
    **documented(
        Says(
            summary="Send a delivery again",
            asks=_MANAGE,
            fails=(404, 409),
            example={"deliveries": 1},
            status=202,
        )
    ),
)
def redeliver(delivery: UUID, here: Here, caller: Calling) -> Redelivered:
    """Whether it was given up or received."""
    deliveries.redeliver(here.services.store, delivery, by=caller.actor)
    return Redelivered(deliveries=1)
