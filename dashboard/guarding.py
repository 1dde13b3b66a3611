"""What browsers are told and asked before a page is theirs: headers, hosts, a session."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.gateway import settings
from dashboard.sign_in.cookies import token_in

_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_HERE: Final = ("127.0.0.1", "localhost", "::1")
_OPEN: Final = ("/sign-in", "/sign-out", "/v1/", "/static/", "/_stcore/", "/media/", "/component/")


def hosts() -> list[str]:
    """Names under which browsers may ask: those of this machine, or the one of the settings."""
    public = settings().dashboard.address
    named = [] if public is None else [urlsplit(public).hostname or ""]
    return [*_HERE, *named]


def middleware() -> list[Middleware]:
    """All of it, the outermost first."""
    return [
        Middleware(Spoken),
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts(), www_redirect=False),
        Middleware(Door),
    ]


class Spoken:
    """Adds to each answer what a browser must not do with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with our headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def speak(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _said():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, speak)


class Door:
    """Sends whoever has no session to the page where they get one, and on from there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is for everybody, and everybody who has a session."""
        if scope["type"] == "http" and _is_page(scope) and token_in(Request(scope).cookies) is None:
            query = scope["query_string"].decode("latin-1")
            asked = scope["path"] + (f"?{query}" if query else "")
            answer = RedirectResponse(f"/sign-in?next={quote(asked)}", status_code=303)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_page(scope: Scope) -> bool:
    wanted = Headers(scope=scope).get("accept", "")
    return "text/html" in wanted and not scope["path"].startswith(_OPEN)


@cache
def _said() -> tuple[tuple[str, str], ...]:
    return (
        ("Content-Security-Policy", policy()),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    )


def policy() -> str:
    """What pages may load and run: what comes from here, and no script that is not ours.

    Charts are drawn by Vega, which compiles expressions of their specifications ('unsafe-eval');
    these are ours. Pictures are shown from here, never from where an item says.
    """
    inline = " ".join(f"'sha256-{each}'" for each in _inline_scripts())
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval' blob: {inline}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _inline_scripts() -> list[str]:
    """What the pages of Streamlit run from their own text, as hashes (CSP level 2)."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    return [
        base64.b64encode(hashlib.sha256(script).digest()).decode("ascii")
        for script in _SCRIPT.findall(page)
    ]
