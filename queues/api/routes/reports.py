"""What users say about items."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent, Text
from queues.api.routes import examples
from queues.reports import Report

router = APIRouter(route_class=Operation, tags=["reports"])


class NewReport(Sent):
    """What one person says about an item."""

    item: Annotated[Text, Field(min_length=1, max_length=512)]
    """The item: the id its sender gave it, or ours."""
    reporter: Name
    """Who says so; one report a person and item counts."""
    reasons: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    """What they ticked."""
    comment: Text | None = None
    """What they wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The item that was reported."""

    item_id: UUID


@router.post(
    "/v1/reports",
    **documented(
        Says(
            summary="Report an item",
            asks=Permission.REPORTS_SEND,
            fails=(404,),
            sent={
                "item": "post-17",
                "reporter": "u-7",
                "reasons": ["spam"],
                "comment": "the third one today",
            },
            example={"item_id": examples.ID},
            status=202,
        )
    ),
)
def report(new: NewReport, here: Here, caller: Calling) -> Reported:
    """The item is judged again with it; a second report of the same person changes nothing."""
    said = Report(item=new.item, reporter=new.reporter, reasons=new.reasons, comment=new.comment)
    return Reported(item_id=here.services.reports.report([said], actor=caller.actor)[0])
