"""Items come in: the one operation where every microsecond counts, so nothing stands around it."""

from collections.abc import Mapping
from typing import Final

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from queues.access import Caller, Permission
from queues.api.authentication import admit
from queues.api.bodies import read_json
from queues.api.exchange import exchange_of
from queues.api.operations import Operation, Says, check_address, documented
from queues.api.problems import Json, internal, problem_of, response_of
from queues.api.routes import examples
from queues.api.routes.forms import ACCEPTED, RESULTS, SENT
from queues.api.runtime import Runtime, runtime_of
from queues.casework.waits import Outlook
from queues.errors import Refused
from queues.intake import Accepted, Outcome, Rejected
from queues.intake.answers import OpenCase

PATH: Final = "/v1/items"
_HEADER: Final = "Idempotency-Key"
_LONGEST_KEY: Final = 255
_ITEMS: Final = "items"

router = APIRouter(route_class=Operation, tags=["items"])


async def submit(request: Request) -> Response:
    """Judge and keep one item or up to 1,000, and say what becomes of each.

    The answer is given after it is stored: an item that was answered is never lost. The same `id`
    with the same content gets the same answer again (200 instead of 201); with other content it is
    refused (409), as a decision belongs to what was decided. Items without an `id` get one; with
    `Idempotency-Key`, a request that is made again makes no new items.

    Many items are sent as `{"items": […]}` or as a list, are kept in one transaction, and are
    answered in the same order, each with its verdict or its problem.
    """
    runtime = runtime_of(request)
    exchange_of(request.scope).route = PATH
    caller = await admit(request, runtime, Permission.ITEMS_SEND)
    check_address(request)
    settings = runtime.settings.api
    key = _idempotency_key(request, caller)
    sent = await read_json(request, most=settings.max_body)
    raws = _several(sent, settings.max_items)
    if raws is None:
        outcome = await runtime.submitting.one(sent, actor=caller.actor, key=key)
        return _one(runtime, outcome)
    outcomes = await runtime.submitting.many(raws, actor=caller.actor, key=key) if raws else ()
    results = [_result(runtime, outcome) for outcome in outcomes]
    return Response(orjson.dumps({"results": results}), media_type="application/json")


def _several(sent: object, most: int) -> list[object] | None:
    """The items of a batch; None where one item was sent alone."""
    found = sent
    pointer = "#"
    if isinstance(sent, Mapping):
        if _ITEMS not in sent:
            return None
        if len(sent) > 1:
            raise Refused(_ITEMS, "stands alone; what belongs to an item stands in the item")
        found, pointer = sent[_ITEMS], "#/items"
    if not isinstance(found, list):
        raise Refused(pointer, "expected an item, a list of items, or an object with `items`")
    if len(found) > most:
        raise Refused(pointer, f"has {len(found):,} items; up to {most:,} are possible")
    return found


def _one(runtime: Runtime, outcome: Outcome) -> Response:
    match outcome:
        case Accepted():
            return _kept(runtime, outcome)
        case Rejected():
            response = response_of(outcome.problem)
            assert response is not None  # noqa: S101 - the table has every error of ours
            return response


def _kept(runtime: Runtime, accepted: Accepted) -> Response:
    _count(runtime, accepted)
    return Response(
        orjson.dumps(answer_of(accepted, runtime.expecting.outlook)),
        status_code=200 if accepted.duplicate else 201,
        headers={"location": f"{PATH}/{accepted.item_id}"},
        media_type="application/json",
    )


def _count(runtime: Runtime, accepted: Accepted) -> None:
    if not accepted.duplicate:
        runtime.metrics.judged(accepted.summary.tier)


def _result(runtime: Runtime, outcome: Outcome) -> Json:
    match outcome:
        case Accepted():
            _count(runtime, outcome)
            return answer_of(outcome, runtime.expecting.outlook)
        case Rejected():
            problem = problem_of(outcome.problem) or internal("")
            return {"id": outcome.id, "problem": problem}


def answer_of(accepted: Accepted, outlook: Outlook | None) -> Json:
    """What a sender is told about an item that is kept.

    Args:
        accepted: The item.
        outlook: On queues, as they were some seconds ago; None: nobody could look.
    """
    summary = accepted.summary
    answer: Json = {
        "id": accepted.id,
        "item_id": accepted.item_id,
        "state": accepted.state,
        "tier": summary.tier,
        "action": accepted.action,
        "reasons": summary.reasons,
        "labels": summary.labels,
        "rules": summary.rules,
        "inclusion_probability": accepted.inclusion_probability,
        "release": accepted.release,
        "models": accepted.models,
        "verdict_id": accepted.verdict_id,
        "duplicate": accepted.duplicate,
    }
    if summary.message is not None:
        answer["message"] = summary.message
    if summary.override is not None:
        answer["override"] = summary.override
    if accepted.case is not None:
        answer["while_waiting"] = accepted.action
        answer["case"] = _case(accepted.case, outlook)
    return answer


def _case(case: OpenCase, outlook: Outlook | None) -> Json:
    expected = outlook and outlook.expect(case.tier, case.queue, case.urgency)
    return {
        "id": case.id,
        "tier": case.tier,
        "queue": case.queue,
        "due": case.due,
        "place": expected and expected.place,
        "expected_wait": expected and expected.expected_wait,
    }


def _idempotency_key(request: Request, caller: Caller) -> str | None:
    """The key of a request, told apart from the same one of others."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Refused(_HEADER, f"needs 1 to {_LONGEST_KEY} printable ASCII characters")
    return f"{caller.actor}:{key}"


def _options() -> Json:
    """What the document says of the operation, which the framework cannot see."""
    says = Says(
        summary="Send items",
        asks=Permission.ITEMS_SEND,
        sent=examples.ITEM,
        fails=(409, 422),
        status=201,
    )
    options = documented(says)
    content = {"schema": SENT, "examples": _SENT_EXAMPLES}
    options["openapi_extra"] |= {
        "requestBody": {"required": True, "content": {"application/json": content}},
        "parameters": [_PARAMETER],
    }
    options["responses"] |= {
        200: {
            "description": "Accepted before; or, of many, the result of each",
            "content": {
                "application/json": {
                    "schema": {"anyOf": [ACCEPTED, RESULTS]},
                    "examples": {
                        "again": {"value": examples.ACCEPTED | {"duplicate": True}},
                        "many": {"value": {"results": [examples.ACCEPTED, examples.REJECTED]}},
                    },
                }
            },
        },
        201: {
            "description": "Accepted",
            "content": {"application/json": {"schema": ACCEPTED, "example": examples.ACCEPTED}},
        },
    }
    return options


_SENT_EXAMPLES: Final[Json] = {
    "one": {"value": examples.ITEM},
    "many": {"value": {"items": [examples.ITEM, {"id": "post-18", "score": {"spam": 1.2}}]}},
}
_PARAMETER: Final[Json] = {
    "name": _HEADER,
    "in": "header",
    "required": False,
    "description": "Makes sending items without an `id` again safe.",
    "schema": {"type": "string", "minLength": 1, "maxLength": _LONGEST_KEY, "pattern": "^[ -~]+$"},
    "example": "5f0c1d",
}

# For the document alone: requests are served by `queues.api.straight`.
router.add_api_route(PATH, submit, methods=["POST"], **_options())
