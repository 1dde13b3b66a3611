"""Signing in and out: the pages themselves, outside of Streamlit."""

from html import escape
from typing import Final
from urllib.parse import urlencode

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.gateway import api_url, connections, settings
from dashboard.sign_in import password
from dashboard.sign_in.cookies import forget, keep, remember, remembered
from dashboard.sign_in.forms import (
    Shown,
    ask,
    body_of,
    field_of,
    form_of,
    from_here,
    origin_of,
    page,
    part,
    why,
)

_SEE_OTHER: Final = 303
_FOUND: Final = 302
_CREATED: Final = 201
_OK: Final = 200
_PROVIDER: Final = "/sign-in/provider"
#: As at the API: `oidc.callback` ends in it.
_BACK: Final = "/v1/sessions/oidc/callback"


async def show(request: Request) -> Response:
    """The page."""
    return _page(then=_then(request.query_params.get("next")))


async def sign_in(request: Request) -> Response:
    """A name and a password become a session, which the browser keeps."""
    if not from_here(request):
        return _page("This came from another page. Sign in here.", status=403)
    form = await form_of(request)
    if form is None:
        return _page("That is too long.", status=413)
    name, password = field_of(form, "name"), field_of(form, "password")
    then = _then(field_of(form, "next"))
    status, answer = await run_in_threadpool(
        ask, "POST", "/v1/sessions", request, {"name": name, "password": password}
    )
    if status != _CREATED:
        return _page(why(answer), name=name, then=then, status=status)
    response = RedirectResponse(then, status_code=_SEE_OTHER)
    keep(response, str(answer["token"]))
    return response


async def sign_out(request: Request) -> Response:
    """The session is over, here and at the service. A link elsewhere cannot do it."""
    then = _then(request.query_params.get("next"))
    again = "/sign-in" if then == "/" else f"/sign-in?{urlencode({'next': then})}"
    response = RedirectResponse(again, status_code=_SEE_OTHER)
    if from_here(request):
        await run_in_threadpool(ask, "DELETE", "/v1/sessions/current", request, None)
        forget(response)
    return response


async def to_provider(request: Request) -> Response:
    """Send the browser to the provider of OpenID Connect, with the cookie of the API."""
    found = await run_in_threadpool(_pass_on, request, "/v1/sessions/oidc")
    if found is None or found.status_code != _FOUND:
        return _page(why(body_of(found)), status=502 if found is None else found.status_code)
    response = RedirectResponse(found.headers["location"], status_code=_FOUND)
    _hand_on_cookies(found, response)
    remember(response, _then(request.query_params.get("next")))
    return response


async def from_provider(request: Request) -> Response:
    """The browser is back: what the provider proves becomes a session."""
    found = await run_in_threadpool(_pass_on, request, _BACK)
    answer = body_of(found)
    if found is None or found.status_code != _OK:
        return _page(why(answer), status=502 if found is None else found.status_code)
    then = _then(remembered(request.cookies))
    response = RedirectResponse(then, status_code=_SEE_OTHER)
    _hand_on_cookies(found, response)
    keep(response, str(answer["token"]))
    return response


ROUTES: Final = (
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    *password.ROUTES,
    Route("/sign-out", sign_out, methods=["GET"]),
    Route(_PROVIDER, to_provider, methods=["GET"]),
    Route(_BACK, from_provider, methods=["GET"]),
)


def _page(message: str = "", *, name: str = "", then: str = "/", status: int = 200) -> Response:
    offered = settings().oidc.issuer is not None
    provider = f"{_PROVIDER}?{urlencode({'next': then})}"
    link = f'<a class="button" href="{escape(provider)}">Sign in with your organisation</a>'
    form = part("sign_in.html", name=name, next=then)
    return page(
        Shown(title="sign in", lead="Sign in to go on.", form=form + (link if offered else "")),
        message,
        status=status,
    )


def _then(asked: str | None) -> str:
    """Where somebody wanted to go, if that is here."""
    if not asked or not asked.startswith("/") or asked.startswith(("//", "/\\")):
        return "/"
    return asked if not any(ord(each) < ord(" ") for each in asked) else "/"


def _pass_on(request: Request, path: str) -> httpx.Response | None:
    """Ask the API for what the browser asked, with its cookies."""
    headers = {"cookie": request.headers.get("cookie", ""), **origin_of(request)}
    try:
        return connections().get(
            f"{api_url()}{path}", params=dict(request.query_params), headers=headers
        )
    except httpx.TransportError:
        return None


def _hand_on_cookies(found: httpx.Response, response: Response) -> None:
    for cookie in found.headers.get_list("set-cookie"):
        response.headers.append("set-cookie", cookie)
