"""Signals that the platform finds itself, slower than items come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, ItemName, Name, Sent

router = APIRouter(route_class=Operation, tags=["items"])


class Arrived(Sent):
    """What a source says about an item."""

    source: Name
    """Its name in the settings."""
    values: Annotated[Mapping[str, Any], Field(min_length=1, max_length=100)]
    """Scores from 0 to 1, by field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of signals."""

    taken: bool
    """No: the item had these signals already, or was judged without them."""


@router.post(
    "/v1/items/{item}/signals",
    **documented(
        Says(
            summary="Post signals of an item",
            asks=Permission.SIGNALS_SEND,
            fails=(404,),
            sent={"source": "vision", "values": {"score.nudity": 0.13}},
            example={"taken": True},
            status=202,
        )
    ),
)
def post(item: ItemName, arrived: Arrived, here: Here, caller: Calling) -> Taken:
    """When the last signal that was ordered has come, the item is judged with all of them."""
    services = here.services
    taken = services.signals.arrived(
        services.outcomes.identify(item), arrived.source, arrived.values, actor=caller.actor
    )
    return Taken(taken=taken)
