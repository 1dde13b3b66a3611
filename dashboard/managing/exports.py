"""Files that are too long for a page: they pass through here, as whoever is signed in."""

from collections.abc import Iterator
from typing import Final

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from dashboard.gateway import Gateway, Refused, SignedOut, Unreachable
from dashboard.managing import calls
from dashboard.sign_in.cookies import token_in

#: The address of the file, with `since`, `before` and `format`.
STATEMENTS: Final = "/files/statements"
_NAMES: Final = {"csv": "statements.csv", "jsonl": "statements.jsonl"}
_TYPES: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
_ALLOWED: Final = ("since", "before", "format")


async def statements(request: Request) -> Response:
    """All statements of a time, as the API writes them."""
    token = token_in(request.cookies)
    if token is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    given = {name: request.query_params[name] for name in _ALLOWED if name in request.query_params}
    form = given.setdefault("format", "csv")
    if form not in _NAMES:
        return PlainTextResponse("`format` is csv or jsonl.", status_code=422)
    try:
        found = await run_in_threadpool(Gateway(token).open, calls.STATEMENTS, given)
    except SignedOut:
        return PlainTextResponse("Your session is over. Sign in again.", status_code=401)
    except Refused as no:
        return PlainTextResponse(str(no), status_code=no.status)
    except Unreachable:
        return PlainTextResponse("The service does not answer.", status_code=502)
    headers = {"content-disposition": f'attachment; filename="tierwise-{_NAMES[form]}"'}
    return StreamingResponse(_passed(found), media_type=_TYPES[form], headers=headers)


def _passed(found: httpx.Response) -> Iterator[bytes]:
    try:
        yield from found.iter_bytes()
    finally:
        found.close()


ROUTES: Final = (Route(STATEMENTS, statements, methods=["GET"]),)
