"""What every operation has in common: who may call it, how its body is read, what its page says."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from queues.access import SCOPES, Permission
from queues.api.authentication import admit, admit_person
from queues.api.bodies import BadCharacter, read_json
from queues.api.runtime import runtime_of

#: Names of the two ways to send a key, in the OpenAPI document.
SCHEMES: Final = ("bearer", "header")

#: Says in the document what is asked of whoever calls: an operation of `config/roles.toml`, or that
#: they are a person, whatever their roles.
ASKED: Final = "x-tierwise-operation"
ANY_PERSON: Final = "(any person)"

#: What any operation may answer, and what those do that take something.
_ALWAYS: Final = (400, 429, 500, 503)
_GUARDED: Final = (401, 403)
_WITH_BODY: Final = (413, 415)

Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class _Plain(StringConvertor):
    """A name in an address, told apart from the verb behind it: `/v1/releases/NAME:activate`."""

    regex = "[^/:]+"


register_url_convertor("plain", _Plain())


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """What is said about an operation beside its signature."""

    summary: str
    example: object = None
    """Of what is answered."""
    sent: object = None
    """Of what is sent; None: the operation takes no body."""
    asks: Permission | None = None
    """What whoever calls has to be permitted; None: nothing."""
    person: bool = False
    """Whether any person may call it, and no key: it is about themselves."""
    status: int = 200
    fails: tuple[int, ...] = ()
    """Statuses of problems beside those that any operation has."""


def documented(says: Says) -> dict[str, Any]:
    """Options of a route."""
    extra: dict[str, Any] = {}
    fails = {*_ALWAYS, *says.fails}
    if says.asks is not None:
        extra[ASKED] = says.asks.value
        extra["security"] = [{scheme: [SCOPES[says.asks].value]} for scheme in SCHEMES]
    elif says.person:
        extra[ASKED] = ANY_PERSON
        extra["security"] = [{SCHEMES[0]: []}]
    if ASKED in extra:
        fails.update(_GUARDED)
    if says.sent is not None:
        fails.update(_WITH_BODY)
        extra["requestBody"] = {"content": {"application/json": {"example": says.sent}}}
    responses: dict[int | str, dict[str, Any]] = {
        status: {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(fails)
    }
    if says.example is not None:
        responses[says.status] = {"content": {"application/json": {"example": says.example}}}
    return {
        "summary": says.summary,
        "status_code": says.status,
        "responses": responses,
        "openapi_extra": extra,
    }


class Operation(APIRoute):
    """A route that asks who calls before it reads anything, and reads within bounds."""

    def get_route_handler(self) -> Handle:
        """Put the guard before what the framework does."""
        handle = super().get_route_handler()
        asked = (self.openapi_extra or {}).get(ASKED)

        async def serve(request: Request) -> Response:
            runtime = runtime_of(request)
            if asked == ANY_PERSON:
                await admit_person(request, runtime)
            elif asked is not None:
                await admit(request, runtime, Permission(asked))
            check_address(request)
            if request.method in {"GET", "HEAD", "DELETE"}:
                return await handle(request)
            value = await read_json(request, most=runtime.settings.api.max_body)
            return await handle(_Read(request, value))

        return serve


def check_address(request: Request) -> None:
    """Refuse what no text in the database can be; raises BadCharacter."""
    if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        where = "the address"
        raise BadCharacter(where)


class _Read(Request):
    """A request whose body was read already."""

    def __init__(self, request: Request, value: object) -> None:
        super().__init__(request.scope, request.receive)
        self._value = value

    async def body(self) -> bytes:
        """Whether there is one is all that is asked."""
        return b"" if self._value is None else b"{}"

    async def json(self) -> object:
        """What was read."""
        return self._value
