"""The cookie that carries a session between a browser and the pages."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

from starlette.responses import Response

from dashboard.gateway import settings

#: With this prefix a browser takes it from this host alone, and over TLS alone.
_SECURE: Final = "__Host-tierwise-session"
_LOCAL: Final = "tierwise-session"
_LONGEST: Final = 4_096
_NEXT: Final = "tierwise-next"
#: Seconds that signing in elsewhere may take.
_A_WHILE: Final = 600


def token_in(cookies: Mapping[str, str]) -> str | None:
    """The token of a session, where a browser sent one."""
    token = cookies.get(cookie_name())
    return token if token and len(token) <= _LONGEST and token.isascii() else None


def keep(response: Response, token: str) -> None:
    """Have a browser keep a session until it closes; the API says when it is over."""
    response.set_cookie(
        cookie_name(), token, httponly=True, secure=_over_tls(), samesite="lax", path="/"
    )


def forget(response: Response) -> None:
    """Have a browser forget it."""
    response.delete_cookie(
        cookie_name(), httponly=True, secure=_over_tls(), samesite="lax", path="/"
    )


def remember(response: Response, then: str) -> None:
    """Have a browser keep where somebody wanted to go while they sign in elsewhere."""
    response.set_cookie(
        _NEXT, quote(then), max_age=_A_WHILE, httponly=True, secure=_over_tls(), samesite="lax"
    )


def remembered(cookies: Mapping[str, str]) -> str:
    """Where they wanted to go; nothing: nobody knows."""
    return unquote(cookies.get(_NEXT, ""))


def cookie_name() -> str:
    """What it is called: over TLS a browser protects it by its name."""
    return _SECURE if _over_tls() else _LOCAL


def _over_tls() -> bool:
    return (settings().dashboard.address or "").startswith("https:")
