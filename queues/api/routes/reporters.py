"""Who reports items, and how far that can be relied on."""

from typing import Final

from fastapi import APIRouter

from queues import reporters
from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here, Name
from queues.api.routes import examples
from queues.reporters import Reporter

router = APIRouter(route_class=Operation, tags=["reports"])

_REPORTER: Final = {
    "reporter": "u-7",
    "reports": 14,
    "open": 2,
    "upheld": 8,
    "dismissed": 3,
    "reliability": 0.667,
    "last_at": examples.MOMENT,
    "changed_at": examples.MOMENT,
}


@router.get(
    "/v1/reporters/{reporter:path}",
    **documented(
        Says(
            summary="Show who reports",
            asks=Permission.QUALITY_READ,
            fails=(404,),
            example=_REPORTER,
        )
    ),
)
def show(reporter: Name, here: Here) -> Reporter:
    """How often somebody reported, was right and was wrong, and what follows from that."""
    return reporters.show(here.services.store, reporter, here.services.prior)
