"""Calibration sessions: several people decide the same items, blind."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, Strict

from queues.access import Permission, Role
from queues.api.operations import Operation, Says, documented
from queues.api.parts import WHOLE, Calling, Here, ItemName, Moment, Name, Sent
from queues.api.routes import examples
from queues.api.routes.people import Nothing
from queues.quality.calibrations import Calibration, Report, Wanted
from queues.quality.choosing import Choice

router = APIRouter(route_class=Operation, tags=["quality"], prefix="/v1/calibrations")

_READ: Final = Permission.QUALITY_READ
_MANAGE: Final = Permission.QUALITY_MANAGE
_SESSION: Final = {
    "id": examples.OTHER_ID,
    "name": "Satire, spring",
    "reviewers": ["ana", "bea"],
    "made_by": "person:mia",
    "made_at": examples.MOMENT,
    "until": examples.LATER,
    "closed_at": None,
    "state": "open",
    "items": 20,
    "cases": 40,
    "answered": 12,
}
_TABLES: Final = {
    "confusion": [{"reviewer": "ana", "right": "remove", "said": "publish", "items": 2}],
    "pairs": [{"first": "ana", "second": "bea", "items": 20, "agreed": 17, "share": 0.85}],
    "items": [
        {
            "item_id": examples.ID,
            "sender_id": "post-17",
            "right": "remove",
            "answers": {"publish": 1, "remove": 1},
        }
    ],
}


class NewCalibration(Sent):
    """A session that is to be held: with named items, gold items, or decided items of a policy."""

    name: Name
    until: Moment
    """Who has not answered by then is not asked any more."""
    reviewers: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    """Who takes part."""
    role: Role | None = None
    """Or everybody who has this role now."""
    items: Annotated[tuple[ItemName, ...], Field(max_length=500)] = ()
    """Ids of their sender, or ours."""
    source: Name | None = None
    """A set of gold items."""
    policy: Name | None = None
    """Items decided under it, at random."""
    count: Annotated[int, Strict(), Field(ge=1, le=500), WHOLE] = 20
    """How many at most, where they are not named."""


@router.post(
    "",
    **documented(
        Says(
            summary="Start a calibration session",
            asks=_MANAGE,
            fails=(404,),
            sent={
                "name": "Satire, spring",
                "until": examples.LATER,
                "role": "moderator",
                "source": "gold-items",
            },
            example=_SESSION,
            status=201,
        )
    ),
)
def start(new: NewCalibration, here: Here, caller: Calling) -> Calibration:
    """Everybody is handed every item among their other cases, as a blind one.

    Nobody is asked about what they saw before. What is right is known of gold items, and where a
    panel decided.
    """
    wanted = Wanted(
        name=new.name,
        until=new.until,
        reviewers=new.reviewers,
        role=new.role,
        choice=Choice(items=new.items, source=new.source, policy=new.policy, count=new.count),
    )
    return here.services.calibrations.start(wanted, by=caller.actor)


@router.get(
    "",
    **documented(
        Says(summary="List calibration sessions", asks=_READ, example={"calibrations": [_SESSION]})
    ),
)
def list_sessions(
    here: Here, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> dict[str, list[Calibration]]:
    """The last one first."""
    return {"calibrations": here.services.calibrations.listed(limit)}


@router.get(
    "/{session:uuid}",
    **documented(
        Says(
            summary="Show a calibration session",
            asks=_READ,
            fails=(404,),
            example={"calibration": _SESSION | {"state": "over"}, "tables": _TABLES},
        )
    ),
)
def show(session: UUID, here: Here) -> Report:
    """Once it is over, who said what where what was right, and how often each two agreed."""
    return here.services.calibrations.show(session)


@router.post(
    "/{session:uuid}:close",
    **documented(
        Says(
            summary="End a calibration session",
            asks=_MANAGE,
            fails=(404, 409),
            sent={},
            example=_SESSION | {"state": "over", "closed_at": examples.LATER},
        )
    ),
)
def close(session: UUID, _: Nothing, here: Here, caller: Calling) -> Calibration:
    """Who has not answered is not asked any more."""
    return here.services.calibrations.close(session, by=caller.actor)
