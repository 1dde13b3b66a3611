"""Signing in and out: the pages themselves, outside of Streamlit."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.gateway import Answer, api_url, connections, settings
from dashboard.sign_in.cookies import forget, keep, token_in

_LARGEST: Final = 16_384
"""Bytes of a form."""
_SEE_OTHER: Final = 303
_FOUND: Final = 302
_CREATED: Final = 201
_OK: Final = 200
_PROVIDER: Final = "/sign-in/provider"
#: As at the API: `oidc.callback` ends in it.
_BACK: Final = "/v1/sessions/oidc/callback"
_AWAY: Final = "The service does not answer. Try again in a moment."


async def show(request: Request) -> Response:
    """The page."""
    return _page(then=_then(request.query_params.get("next")))


async def sign_in(request: Request) -> Response:
    """A name and a password become a session, which the browser keeps."""
    if not _from_here(request):
        return _page("This came from another page. Sign in here.", status=403)
    if int(request.headers.get("content-length") or 0) > _LARGEST:
        return _page("That is too long.", status=413)
    form = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=10)
    name, password = _of(form, "name"), _of(form, "password")
    then = _then(_of(form, "next"))
    status, answer = await run_in_threadpool(
        _ask, "POST", "/v1/sessions", request, {"name": name, "password": password}
    )
    if status != _CREATED:
        return _page(_why(answer), name=name, then=then, status=status)
    response = RedirectResponse(then, status_code=_SEE_OTHER)
    keep(response, str(answer["token"]))
    return response


async def sign_out(request: Request) -> Response:
    """The session is over, here and at the service. A link elsewhere cannot do it."""
    response = RedirectResponse("/sign-in", status_code=_SEE_OTHER)
    if _from_here(request):
        await run_in_threadpool(_ask, "DELETE", "/v1/sessions/current", request, None)
        forget(response)
    return response


async def to_provider(request: Request) -> Response:
    """Send the browser to the provider of OpenID Connect, with the cookie of the API."""
    found = await run_in_threadpool(_pass_on, request, "/v1/sessions/oidc")
    if found is None or found.status_code != _FOUND:
        return _page(_why(_body(found)), status=502 if found is None else found.status_code)
    response = RedirectResponse(found.headers["location"], status_code=_FOUND)
    _hand_on_cookies(found, response)
    return response


async def from_provider(request: Request) -> Response:
    """The browser is back: what the provider proves becomes a session."""
    found = await run_in_threadpool(_pass_on, request, _BACK)
    answer = _body(found)
    if found is None or found.status_code != _OK:
        return _page(_why(answer), status=502 if found is None else found.status_code)
    response = RedirectResponse("/", status_code=_SEE_OTHER)
    _hand_on_cookies(found, response)
    keep(response, str(answer["token"]))
    return response


ROUTES: Final = (
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["GET"]),
    Route(_PROVIDER, to_provider, methods=["GET"]),
    Route(_BACK, from_provider, methods=["GET"]),
)


def _page(message: str = "", *, name: str = "", then: str = "/", status: int = 200) -> Response:
    said = f'<p role="alert">{escape(message)}</p>' if message else "<p>Sign in to go on.</p>"
    offered = settings().oidc.issuer is not None
    link = f'<a class="button" href="{_PROVIDER}">Sign in with your organisation</a>'
    text = _template().substitute(
        message=said, name=escape(name), next=escape(then), provider=link if offered else ""
    )
    return HTMLResponse(text, status_code=status)


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def _then(asked: str | None) -> str:
    """Where somebody wanted to go, if that is here."""
    if not asked or not asked.startswith("/") or asked.startswith(("//", "/\\")):
        return "/"
    return asked if not any(ord(each) < ord(" ") for each in asked) else "/"


def _from_here(request: Request) -> bool:
    """Whether a page of ours sent this: another could sign people in as somebody else, or out."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _of(form: dict[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0]


def _ask(method: str, path: str, request: Request, sent: Answer | None) -> tuple[int, Answer]:
    token = token_in(request.cookies)
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    try:
        found = connections().request(method, f"{api_url()}{path}", json=sent, headers=headers)
    except httpx.TransportError:
        return 502, {"detail": _AWAY}
    return found.status_code, _body(found)


def _pass_on(request: Request, path: str) -> httpx.Response | None:
    """Ask the API for what the browser asked, with its cookies."""
    headers = {"cookie": request.headers.get("cookie", "")}
    try:
        return connections().get(
            f"{api_url()}{path}", params=dict(request.query_params), headers=headers
        )
    except httpx.TransportError:
        return None


def _body(found: httpx.Response | None) -> Answer:
    if found is None:
        return {"detail": _AWAY}
    try:
        body = found.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _hand_on_cookies(found: httpx.Response, response: Response) -> None:
    for cookie in found.headers.get_list("set-cookie"):
        response.headers.append("set-cookie", cookie)


def _why(answer: Answer) -> str:
    return str(answer.get("detail") or answer.get("title") or _AWAY)
