"""The OpenAPI document, and the page that shows it without asking anybody else for anything."""

from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from importlib import metadata
from typing import Any, Final

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from queues.api.authentication import admit
from queues.api.problems import KINDS, MEDIA_TYPE, TYPE_PREFIX
from queues.api.runtime import runtime_of

Json = dict[str, Any]

_ABOUT: Final = """\
Send what people write, and learn at once what becomes of it: published, acted on by rules, or
waiting for people. Every request needs a key or
the session of a person. Whatever goes wrong is told as problem details
(RFC 9457), `application/problem+json`."""

TAGS: Final = (
    ("items", "What people write: sent, judged, decided, erased."),
    ("reports", "What users say about items."),
    ("appeals", "Second looks at decisions."),
    ("cases", "Work for people."),
    ("quality", "How well people decide."),
    ("certificates", "What the machine may decide by itself."),
    ("statements", "Statements of reasons."),
    ("explain", "Try an item, without consequences."),
    ("overrides", "Decisions about content, for whatever comes again."),
    ("releases", "The rules in force."),
    ("models", "The classifiers in force."),
    ("webhooks", "Who is told of events."),
    ("keys", "Which programs may call."),
    ("people", "Who works here."),
    ("sessions", "Signing in and out."),
    ("me", "Whoever is signed in."),
    ("audit", "What happened to an item."),
    ("operation", "For whoever runs the service."),
)

_PROBLEM: Final[Json] = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "For programs to tell apart."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people."},
        "errors": {
            "type": "array",
            "description": "Each mistake: where (`pointer`, `parameter` or `field`), and what.",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON Pointer into the body."},
                    "parameter": {"type": "string"},
                    "in": {"type": "string", "enum": ["query", "path", "header"]},
                    "field": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "diagnostics": {
            "type": "array",
            "description": "Mistakes in rule files, as `tierwise lint --format json` has them.",
            "items": {"type": "object"},
        },
        "scope": {"type": "string", "description": "The scope that the key lacks."},
        "operation": {"type": "string", "description": "What no role of the person may."},
        "part": {"type": "string", "description": "What is away or busy."},
        "incident": {"type": "string", "description": "What to ask the operator about."},
    },
}

_SCHEMES: Final[Json] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key, or the session of a person.",
    },
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
#: Headers that come with a status.
_HEADERS: Final[dict[int, tuple[str, str, str]]] = {
    401: ("WWW-Authenticate", "How to say who calls.", "string"),
    403: ("WWW-Authenticate", "The scope that is missing, if it is a scope.", "string"),
    429: ("Retry-After", "Seconds after which trying again makes sense.", "integer"),
    503: ("Retry-After", "Seconds after which trying again makes sense.", "integer"),
}

#: The page runs scripts and styles of ours, and asks us alone.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tierwise API</title>
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<link rel="icon" href="docs/assets/favicon.png">
<div id="swagger-ui"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
_START: Final = (
    'SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true,'
    " validatorUrl: null, docExpansion: 'none'});\n"
)


def describe(app: FastAPI) -> None:
    """Give the application its document and its page."""

    @cache
    def written() -> bytes:
        return orjson.dumps(document(app))

    async def show_document(request: Request) -> Response:
        await _allow(request)
        return Response(written(), media_type="application/json")

    async def show_page(request: Request) -> Response:
        await _allow(request)
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})

    async def show_start(_request: Request) -> Response:
        return Response(_START, media_type="text/javascript")

    app.router.routes += [
        Route("/openapi.json", show_document),
        Route("/docs", show_page),
        Route("/docs/start.js", show_start),
        Mount("/docs/assets", StaticFiles(packages=[("fastapi_offline", "static")])),
    ]


def document(app: FastAPI) -> Json:
    """The OpenAPI document."""
    written: Json = get_openapi(
        title="Tierwise",
        version=metadata.version("tierwise"),
        description=_ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": about} for name, about in TAGS],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    parts: Json = written.setdefault("components", {})
    schemas: Json = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    parts["securitySchemes"] = _SCHEMES
    parts["responses"] = {f"Problem{status}": _response(status) for status in _statuses()}
    for operation in _operations(written):
        if "422" in operation["responses"]:
            operation["responses"]["422"] = {"$ref": "#/components/responses/Problem422"}
    return written


async def _allow(request: Request) -> None:
    runtime = runtime_of(request)
    if not runtime.settings.api.public_docs:
        await admit(request, runtime)


def _operations(written: Json) -> Iterator[Json]:
    for path in written["paths"].values():
        yield from path.values()


def _statuses() -> list[int]:
    return sorted({kind.status for _, kind in KINDS} | {500})


def _response(status: int) -> Json:
    examples = {
        kind.name: {
            "value": {
                "type": TYPE_PREFIX + kind.name,
                "title": kind.title,
                "status": status,
                "detail": "in words, about this request",
            }
        }
        for _, kind in KINDS
        if kind.status == status
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    response: Json = {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }
    if status in _HEADERS:
        name, about, kind = _HEADERS[status]
        response["headers"] = {name: {"description": about, "schema": {"type": kind}}}
    return response
