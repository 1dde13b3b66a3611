"""Trying an item on the rules in force."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Query

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here
from queues.api.readers import reader_of
from queues.api.routes import examples
from queues.clock import SystemClock
from queues.quality.blinding import check_may_know
from queues.records.explaining import explain

router = APIRouter(route_class=Operation, tags=["explain"])

_EXAMPLE: Final = {
    "fields": {"item.kind": "post", "score.spam": 0.82},
    "decision": {"id": "post-17", "tier": "single", "action": "hide"},
    "rules": [{"name": "spam-offers", "outcome": "match", "near_miss": False}],
}


@router.post(
    "/v1/items:explain",
    **documented(
        Says(
            summary="Explain what would be decided",
            asks=Permission.ITEMS_EXPLAIN,
            fails=(409,),
            sent=examples.ITEM,
            example=_EXAMPLE,
        )
    ),
)
def explain_item(
    item: Annotated[Mapping[str, Any], Body()],
    here: Here,
    caller: Calling,
    every_rule: Annotated[bool, Query(alias="all")] = False,  # noqa: FBT002 - a parameter of the address
) -> dict[str, Any]:
    """Nothing is stored and nothing is counted: give values of counters with the item.

    409 for somebody who is to decide about the item of this id blind.
    """
    reader, name = reader_of(here, caller), item.get("id", item.get("item.id"))
    if reader is not None and isinstance(name, str):
        check_may_know(here.services.store, name, reader)
    return explain(
        here.services.judge(),
        item,
        SystemClock(),
        every_rule=every_rule,
        override_of=here.services.overrides.of_item,
    )
