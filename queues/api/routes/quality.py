"""Gold items, and how well people decide."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, ItemName, Moment, Name, Sent
from queues.api.routes import examples
from queues.api.routes.people import Nothing
from queues.quality import figures
from queues.quality.figures import OnGold
from queues.quality.golds import Answer, Gold

router = APIRouter(route_class=Operation, tags=["quality"])

_READ: Final = Permission.QUALITY_READ
_MANAGE: Final = Permission.QUALITY_MANAGE
_GOLD: Final = {
    "id": examples.OTHER_ID,
    "source": "gold-items",
    "item_id": examples.ID,
    "sender_id": "post-17",
    "action": "remove",
    "reasons": ["spam.commercial"],
    "policy": "spam",
    "severity": "low",
    "language": "en",
    "added_by": "person:mia",
    "added_at": examples.MOMENT,
    "retired_at": None,
    "shown": 31,
    "last_shown_at": examples.MOMENT,
    "answered": 30,
    "right": 28,
}


class NewGold(Sent):
    """An item whose right answer is known."""

    item: ItemName
    """The id of its sender, or ours; it has to be decided."""
    source: Name = "gold-items"
    """The set, as queues name it in `gold: { from: … }`."""
    action: Name | None = None
    """The right one; by default what a panel decided."""
    reasons: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    """With an action: its reasons."""


@router.post(
    "/v1/gold",
    **documented(
        Says(
            summary="Add a gold item",
            asks=_MANAGE,
            fails=(404, 409),
            sent={"item": "post-17", "source": "gold-items"},
            example=_GOLD,
            status=201,
        )
    ),
)
def add(new: NewGold, here: Here, caller: Calling) -> Gold:
    """One that is in the set already gets this answer, and is in use again."""
    answer = None if new.action is None else Answer(action=new.action, reasons=new.reasons)
    return here.services.golds.add(new.item, new.source, by=caller.actor, answer=answer)


@router.get(
    "/v1/gold",
    **documented(Says(summary="List gold items", asks=_READ, example={"gold": [_GOLD]})),
)
def list_gold(
    here: Here,
    source: Name | None = None,
    retired: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> dict[str, list[Gold]]:
    """How often each was shown, and answered right; the last added first."""
    return {"gold": here.services.golds.listed(source=source, retired=retired, limit=limit)}


@router.post(
    "/v1/gold/{gold:uuid}:retire",
    **documented(
        Says(summary="Retire a gold item", asks=_MANAGE, fails=(404,), sent={}, example=_GOLD)
    ),
)
def retire(gold: UUID, _: Nothing, here: Here, caller: Calling) -> Gold:
    """Nobody is shown it any more; what was answered still counts."""
    return here.services.golds.retire(gold, by=caller.actor)


@router.get(
    "/v1/quality/gold",
    **documented(
        Says(
            summary="See how people do on gold items",
            asks=_READ,
            example={
                "reviewers": [
                    {
                        "reviewer": "ana",
                        "shown": 10,
                        "answered": 10,
                        "right": 9,
                        "accuracy": {
                            "mean": 0.916,
                            "low": 0.826,
                            "high": 0.975,
                            "below_target": 0.805,
                        },
                    }
                ]
            },
        )
    ),
)
def on_gold(
    here: Here, since: Moment | None = None, source: Name | None = None
) -> dict[str, list[OnGold]]:
    """Since a moment, or ever: right, answered, and what that says, with an interval of 95 %.

    `below_target` is how probable it is that somebody is right less often than `quality.target`.
    """
    services = here.services
    found = figures.on_gold(services.store, services.settings.quality, since=since, source=source)
    return {"reviewers": found}
