"""What callers are told when something goes wrong: problem details of RFC 9457, from one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any, Final

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from engine import errors as engine_errors
from engine.diagnostics import Diagnostic
from engine.rendering import as_json
from queues import errors
from queues.api import bodies

MEDIA_TYPE: Final = "application/problem+json"
#: Types are names and lead nowhere: `queues/api/README.md` lists them.
TYPE_PREFIX: Final = "urn:tierwise:problem:"

#: How keys are asked for (RFC 6750).
_CHALLENGE: Final = 'Bearer realm="tierwise"'

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem."""

    status: int
    name: str
    title: str


_UNAUTHENTICATED: Final = Kind(
    status=401, name="unauthenticated", title="A valid key or session is needed"
)
INTERNAL: Final = Kind(status=500, name="internal", title="The service has a defect")
_INVALID: Final = Kind(status=422, name="invalid", title="The request is not valid")

#: From errors to what is told; of several that fit, the first.
KINDS: Final[tuple[tuple[type[Exception], Kind], ...]] = (
    (errors.KeyRefused, _UNAUTHENTICATED),
    (
        errors.SignInRefused,
        Kind(status=401, name="sign-in-refused", title="Name and password do not fit"),
    ),
    (
        errors.ProviderRefused,
        Kind(status=401, name="provider-refused", title="The sign-in provider proves nothing"),
    ),
    (errors.ScopeMissing, Kind(status=403, name="scope-missing", title="The key is not for this")),
    (
        errors.PermissionMissing,
        Kind(status=403, name="role-missing", title="None of your roles is for this"),
    ),
    (errors.PersonNeeded, Kind(status=403, name="person-needed", title="This is for people")),
    (errors.OtherPerson, Kind(status=403, name="other-person", title="You are somebody else")),
    (errors.NotFound, Kind(status=404, name="not-found", title="There is no such thing")),
    (errors.Conflict, Kind(status=409, name="conflict", title="The state of things is against it")),
    (errors.RateLimited, Kind(status=429, name="rate-limited", title="Too many requests")),
    (
        errors.TooManyAttempts,
        Kind(status=429, name="too-many-attempts", title="Too many attempts to sign in"),
    ),
    (errors.Unavailable, Kind(status=503, name="unavailable", title="Try again later")),
    (errors.Refused, _INVALID),
    (bodies.TooLarge, Kind(status=413, name="too-large", title="The body is too large")),
    (bodies.WrongMediaType, Kind(status=415, name="media-type", title="Send JSON")),
    (bodies.RequestRefused, Kind(status=400, name="malformed", title="The request is malformed")),
    (RequestValidationError, _INVALID),
    (
        engine_errors.InvalidItem,
        Kind(status=422, name="invalid-item", title="The item is not valid"),
    ),
    (
        engine_errors.InvalidPolicy,
        Kind(status=422, name="invalid-policy", title="The rules have mistakes"),
    ),
    (engine_errors.TierwiseError, _INVALID),
)


def problem_of(error: Exception) -> Json | None:
    """The problem details of an error; None for what nobody expected."""
    if isinstance(error, HTTPException):
        return _http(error)
    for expected, kind in KINDS:
        if isinstance(error, expected):
            return _body(kind, _detail(error), _more(error))
    return None


def response_of(error: Exception) -> Response | None:
    """The same as a response."""
    problem = problem_of(error)
    return None if problem is None else as_response(problem, _headers(error))


def internal(incident: str) -> Json:
    """What is told of a defect: a name to ask about, and nothing of what is inside."""
    return _body(INTERNAL, f"ask the operator about incident {incident}", {"incident": incident})


def as_response(problem: Json, headers: Mapping[str, str] | None = None) -> Response:
    """Problem details as a response."""
    return Response(
        orjson.dumps(problem), status_code=problem["status"], headers=headers, media_type=MEDIA_TYPE
    )


def _body(kind: Kind, detail: str, more: Mapping[str, object]) -> Json:
    return {
        "type": TYPE_PREFIX + kind.name,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        **more,
    }


def _detail(error: Exception) -> str:
    if isinstance(error, RequestValidationError):
        return "see `errors` for each mistake"
    return error.told if isinstance(error, errors.Unavailable) else str(error)


def _more(error: Exception) -> Json:
    """What programs may want to know beside."""
    found: Json = {}
    match error:
        case RequestValidationError():
            found["errors"] = [_mistake(each) for each in error.errors()]
        case errors.KeyRefused():
            pass
        case errors.Refused() | engine_errors.InvalidItem():
            found["errors"] = [{"field": error.field, "detail": error.reason}]
        case engine_errors.InvalidPolicy():
            found["diagnostics"] = diagnostics(error.diagnostics)
        case errors.ScopeMissing():
            found["scope"] = error.scope
        case errors.PermissionMissing():
            found["operation"] = error.operation
        case errors.Unavailable():
            found["part"] = error.part
        case _:
            pass
    return found


def _headers(error: Exception) -> dict[str, str]:
    found: dict[str, str] = {}
    match error:
        case errors.KeyMissing() | errors.SignInRefused() | errors.ProviderRefused():
            found["WWW-Authenticate"] = _CHALLENGE
        case errors.KeyRefused():
            found["WWW-Authenticate"] = f'{_CHALLENGE}, error="invalid_token"'
        case errors.ScopeMissing():
            scope = f'error="insufficient_scope", scope="{error.scope}"'
            found["WWW-Authenticate"] = f"{_CHALLENGE}, {scope}"
        case errors.PermissionMissing() | errors.PersonNeeded() | errors.OtherPerson():
            found["WWW-Authenticate"] = f'{_CHALLENGE}, error="insufficient_scope"'
        case errors.Unavailable() | errors.RateLimited() | errors.TooManyAttempts():
            found["Retry-After"] = str(max(1, ceil(error.retry_after)))
        case bodies.TooLarge():
            # What is left of the body is not read any more.
            found["Connection"] = "close"
        case HTTPException():
            found.update(error.headers or {})
        case _:
            pass
    return found


def _http(error: HTTPException) -> Json:
    """What the router itself refuses: no such address, no such method."""
    phrase = HTTPStatus(error.status_code).phrase
    name = (
        "not-found"
        if error.status_code == HTTPStatus.NOT_FOUND
        else phrase.lower().replace(" ", "-")
    )
    kind = Kind(status=error.status_code, name=name, title=phrase)
    return _body(kind, str(error.detail), {})


def _mistake(found: Mapping[str, Any]) -> Json:
    """One mistake that pydantic found: where it is, and what to do; never what was sent."""
    place, *path = found["loc"]
    detail = found["msg"][:1].lower() + found["msg"][1:]
    match place:
        case "body":
            return {
                "pointer": "#" + "".join(f"/{_escaped(part)}" for part in path),
                "detail": detail,
            }
        case "query" | "path" | "header":
            return {"parameter": ".".join(map(str, path)), "in": place, "detail": detail}
        case _:
            return {"detail": detail}


def _escaped(part: object) -> str:
    """A step of a JSON Pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")


def diagnostics(found: Sequence[Diagnostic]) -> list[Json]:
    """Diagnostics as `tierwise lint --format json` has them."""
    listed: list[Json] = orjson.loads(as_json(found))["diagnostics"]
    return listed
