"""Trying an item on the rules in force."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Query

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here
from queues.api.routes import examples
from queues.clock import SystemClock
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
            sent=examples.ITEM,
            example=_EXAMPLE,
        )
    ),
)
def explain_item(
    item: Annotated[Mapping[str, Any], Body()],
    here: Here,
    every_rule: Annotated[bool, Query(alias="all")] = False,  # noqa: FBT002 - a parameter of the address
) -> dict[str, Any]:
    """Nothing is stored and nothing is counted: give values of counters with the item."""
    return explain(here.services.judge(), item, SystemClock(), every_rule=every_rule)
