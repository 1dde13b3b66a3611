"""Items as they stand: read, waited for, helped by signals, erased."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from queues.access import Caller, Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, ItemName
from queues.api.readers import reader_of
from queues.api.routes import examples
from queues.api.runtime import Runtime
from queues.quality.blinding import check_may_know
from queues.records import dossiers
from queues.records.dossiers import Dossier
from queues.records.outcomes import Outcome

router = APIRouter(route_class=Operation, tags=["items"], prefix="/v1/items")

#: Seconds that a request may wait.
_LONGEST: Final = 60

_DECIDED: Final = {
    "id": "post-17",
    "item_id": examples.ID,
    "state": "decided",
    "action": "remove",
    "decided_at": examples.MOMENT,
    "decision": examples.DECISION,
    "case": None,
}
_PENDING: Final = _DECIDED | {
    "state": "in_review",
    "action": "hide",
    "decided_at": None,
    "decision": None,
    "case": examples.CASE,
}
_VERDICT: Final = {
    "tier": "single",
    "action": "hide",
    "reasons": ["spam.commercial"],
    "rules": [{"name": "spam-offers", "status": "live", "by": None, "evidence": []}],
}
_DOSSIER: Final = {
    "id": "post-17",
    "item_id": examples.ID,
    "kind": "post",
    "author_id": "u-42",
    "language": None,
    "received_at": examples.MOMENT,
    "state": "in_review",
    "tier": "single",
    "action": "hide",
    "decided_at": None,
    "content": examples.ITEM,
    "verdict": _VERDICT,
    "decision": None,
    "verdicts": [
        {
            "id": examples.OTHER_ID,
            "at": examples.MOMENT,
            "cause": "received",
            "release": examples.RELEASE,
            "models": [],
            "tier": "single",
            "action": "hide",
            "inclusion_probability": 1.0,
        }
    ],
    "decisions": [],
    "cases": [
        {
            "id": examples.OTHER_ID,
            "purpose": "review",
            "tier": "single",
            "queue": "spam",
            "state": "open",
            "reason": "spam.commercial",
            "rule": "spam-offers",
            "enqueued_at": examples.MOMENT,
            "due_at": examples.LATER,
            "closed_at": None,
        }
    ],
    "reports": 0,
    "hidden": False,
}


@router.get(
    "/{item}",
    **documented(
        Says(summary="Read an item", asks=Permission.ITEMS_READ, fails=(404,), example=_DOSSIER)
    ),
)
def read(item: ItemName, here: Here, caller: Calling) -> Dossier:
    """All there is to know, by the id of its sender or by ours; reading is an audit event.

    Somebody who is to decide about it blind does not see what was found and decided (`hidden`).
    """
    reader = reader_of(here, caller)
    return dossiers.read(here.services.store, item, actor=caller.actor, reader=reader)


def _check_blind(here: Runtime, caller: Caller, item: UUID) -> None:
    """Raise Hidden where whoever calls is to decide about an item blind."""
    reader = reader_of(here, caller)
    if reader is not None:
        check_may_know(here.services.store, str(item), reader)


def _wait_options() -> dict[str, Any]:
    options = documented(
        Says(
            summary="Wait for the decision about an item",
            asks=Permission.ITEMS_READ,
            fails=(404, 409),
            example=_DECIDED,
        )
    )
    options["responses"][202] = {
        "model": Outcome,
        "description": "Not decided yet",
        "content": {"application/json": {"example": _PENDING}},
    }
    return options


@router.get("/{item}/decision", response_model=Outcome, **_wait_options())
async def wait(
    item: ItemName, here: Here, caller: Calling, wait: Annotated[int, Query(ge=0, le=_LONGEST)] = 0
) -> Response:
    """Answers as soon as it is decided, or after `wait` seconds with 202 and its place.

    409 for somebody who is to decide about it blind.
    """
    outcomes = here.services.outcomes
    identity = await run_in_threadpool(outcomes.identify, item)
    await run_in_threadpool(_check_blind, here, caller, identity)
    with here.waiting.watching(identity) as decided:
        outcome = await run_in_threadpool(outcomes.tell, str(identity))
        if outcome.pending and wait:
            with suppress(TimeoutError):
                await asyncio.wait_for(decided.wait(), wait)
            outcome = await run_in_threadpool(outcomes.tell, str(identity))
    return Response(
        orjson.dumps(outcome),
        status_code=202 if outcome.pending else 200,
        media_type="application/json",
    )
