"""What was decided about content, for whatever comes again."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, ItemName, Moment, Name, Sent, Text
from queues.api.routes import examples
from queues.overrides import Override, Wanted

router = APIRouter(route_class=Operation, tags=["overrides"], prefix="/v1/overrides")

_HASH: Final = "5f0c1d9a7b3e42d8a1c60f4e2b7d9038"
_OVERRIDE: Final[dict[str, Any]] = {
    "id": examples.OTHER_ID,
    "hash": _HASH,
    "action": "remove",
    "reasons": ["spam.flood"],
    "policy": "spam",
    "comment": "goes round since noon",
    "item_id": examples.ID,
    "sender_id": "post-17",
    "made_by": "person:mia",
    "made_at": examples.MOMENT,
    "expires_at": examples.LATER,
    "ended_at": None,
    "ended_by": None,
    "state": "in_force",
    "decisions": 412,
}


class NewOverride(Sent):
    """A decision about content: of an item, or of a hash that another override shows."""

    item: ItemName | None = None
    """The item whose content it is: its sender's id, or ours."""
    hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")] | None = None
    """Or the hash of a content."""
    action: Name
    """What items of this content get."""
    reasons: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    """Why; none are needed for `publish` alone."""
    policy: Name | None = None
    """By default that of the first reason."""
    comment: Text | None = None
    """For those who look at it later."""
    expires_at: Moment
    """Until when it holds; `overrides.longest` says how far that may be."""


@router.post(
    "",
    **documented(
        Says(
            summary="Decide about content",
            asks=Permission.OVERRIDES_WRITE,
            fails=(404, 409, 422),
            sent={
                "item": "post-17",
                "action": "remove",
                "reasons": ["spam.flood"],
                "comment": "goes round since noon",
                "expires_at": examples.LATER,
            },
            example=_OVERRIDE | {"decisions": 0},
            status=201,
        )
    ),
)
def add(new: NewOverride, here: Here, caller: Calling) -> Override:
    """Items that come with exactly this content get this action, until then, by the machine.

    Texts with other spacing or capitals are other content. Protected rules that match go before.
    What came before is left as it is. 409 where the content has an override in force.
    """
    wanted = Wanted(
        item=new.item,
        hash=new.hash,
        action=new.action,
        reasons=new.reasons,
        policy=new.policy,
        comment=new.comment,
        expires_at=new.expires_at,
    )
    return here.services.overrides.add(wanted, by=caller.actor)


@router.get(
    "",
    **documented(
        Says(
            summary="List overrides",
            asks=Permission.OVERRIDES_READ,
            example={"overrides": [_OVERRIDE]},
        )
    ),
)
def listed(
    here: Here,
    ended: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> dict[str, list[Override]]:
    """Those in force, the last one first; with `ended` also those that are over."""
    return {"overrides": here.services.overrides.listed(ended=ended, limit=limit)}


@router.delete(
    "/{override:uuid}",
    **documented(
        Says(
            summary="Withdraw an override",
            asks=Permission.OVERRIDES_WRITE,
            fails=(404, 409),
            example=_OVERRIDE
            | {"state": "withdrawn", "ended_at": examples.LATER, "ended_by": "person:mia"},
        )
    ),
)
def withdraw(override: UUID, here: Here, caller: Calling) -> Override:
    """Items that come from now on are decided by rules; what it has decided stays."""
    return here.services.overrides.withdraw(override, by=caller.actor)
