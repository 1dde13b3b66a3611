"""Erasure: what people wrote and who they are goes, the record of decisions stays."""

from typing import Final

from fastapi import APIRouter

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, ItemName, Name
from queues.records import erasing
from queues.records.erasing import Erased

router = APIRouter(route_class=Operation, tags=["items"])

_ERASED: Final = {"items": 1, "cases": 1, "strikes": 0, "reports": 0}


@router.delete(
    "/v1/items/{item}",
    **documented(
        Says(summary="Erase an item", asks=Permission.ITEMS_ERASE, fails=(404,), example=_ERASED)
    ),
)
def erase_item(item: ItemName, here: Here, caller: Calling) -> Erased:
    """Its open cases are withdrawn; verdicts and decisions stay, without a person in them."""
    return erasing.erase_item(here.services.store, item, by=caller.actor)


@router.delete(
    "/v1/authors/{author:path}",
    **documented(
        Says(
            summary="Erase an author",
            asks=Permission.ITEMS_ERASE,
            fails=(404,),
            example={"items": 12, "cases": 0, "strikes": 2, "reports": 5},
        )
    ),
)
def erase_author(author: Name, here: Here, caller: Calling) -> Erased:
    """All items of the author, and what is known of the author; again is no mistake."""
    return erasing.erase_author(here.services.store, author, by=caller.actor)
