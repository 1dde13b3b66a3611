"""What pages outside of Streamlit have in common: how they look, and who is asked what."""

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboard.gateway import Answer, api_url, connections
from dashboard.sign_in.cookies import token_in

AWAY: Final = "The service does not answer. Try again in a moment."
_LARGEST: Final = 16_384
"""Bytes of a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page with a form."""

    title: str
    lead: str
    """What it says where nothing went wrong."""
    form: str
    """HTML, made by `part`."""


def page(shown: Shown, message: str = "", *, status: int = 200) -> Response:
    """The page; with a message in place of its lead where something went wrong."""
    lead = f"<p>{escape(shown.lead)}</p>"
    said = f'<p role="alert">{escape(message)}</p>' if message else lead
    text = _template("page.html").substitute(title=shown.title, message=said, form=shown.form)
    return HTMLResponse(text, status_code=status)


def part(file: str, /, **values: str) -> str:
    """A form, from the file of this name, with values that are escaped."""
    given = {key: escape(value) for key, value in values.items()}
    return _template(file).substitute(given)


async def form_of(request: Request) -> dict[str, list[str]] | None:
    """What was filled in; None: it is too long."""
    if int(request.headers.get("content-length") or 0) > _LARGEST:
        return None
    return parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=10)


def field_of(form: dict[str, list[str]], name: str) -> str:
    """A field of a form; nothing: it was not filled in."""
    return form.get(name, [""])[0]


def from_here(request: Request) -> bool:
    """Whether a page of ours sent this: another could sign people in as somebody else, or out."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def ask(method: str, path: str, request: Request, sent: Answer | None) -> tuple[int, Answer]:
    """Ask the API with the session of a browser; the status, and what it answers."""
    token = token_in(request.cookies)
    headers = origin_of(request)
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    try:
        found = connections().request(method, f"{api_url()}{path}", json=sent, headers=headers)
    except httpx.TransportError:
        return 502, {"detail": AWAY}
    return found.status_code, body_of(found)


def origin_of(request: Request) -> dict[str, str]:
    """Where a browser is, for the API: whoever guesses passwords is stopped there alone."""
    return {} if request.client is None else {"x-forwarded-for": request.client.host}


def body_of(found: httpx.Response | None) -> Answer:
    """What the API answered."""
    if found is None:
        return {"detail": AWAY}
    try:
        body = found.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def why(answer: Answer) -> str:
    """Why the API says no, for people."""
    return str(answer.get("detail") or answer.get("title") or AWAY)


@cache
def _template(name: str) -> Template:
    return Template(Path(__file__).with_name(name).read_text(encoding="utf-8"))
