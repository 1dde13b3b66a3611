"""Another password: all sessions end, and the browser is given the new one."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.sign_in.cookies import keep, token_in
from dashboard.sign_in.forms import Shown, ask, field_of, form_of, from_here, page, part, why

_PATH: Final = "/sign-in/password"
_SEE_OTHER: Final = 303
_OK: Final = 200
_UNAUTHENTICATED: Final = 401
_THEN: Final = "/me"


async def show(request: Request) -> Response:
    """The page, for whoever is signed in."""
    return _page() if token_in(request.cookies) else _to_sign_in()


async def change(request: Request) -> Response:
    """One password in place of another; a form of another site cannot do it."""
    if not from_here(request):
        return _page("This came from another page. Change it here.", status=403)
    form = await form_of(request)
    if form is None:
        return _page("That is too long.", status=413)
    old, new, again = (field_of(form, name) for name in ("old", "new", "again"))
    if new != again:
        return _page("The new passwords are not the same.", status=422)
    status, answer = await run_in_threadpool(
        ask, "PUT", "/v1/me/password", request, {"old": old, "new": new}
    )
    if status == _UNAUTHENTICATED:
        return _to_sign_in()
    if status != _OK:
        return _page(why(answer), status=status)
    response = RedirectResponse(_THEN, status_code=_SEE_OTHER)
    keep(response, str(answer["token"]))
    return response


ROUTES: Final = (
    Route(_PATH, show, methods=["GET"]),
    Route(_PATH, change, methods=["POST"]),
)


def _page(message: str = "", *, status: int = 200) -> Response:
    shown = Shown(
        title="change password",
        lead="All your sessions end. This browser stays signed in.",
        form=part("password.html"),
    )
    return page(shown, message, status=status)


def _to_sign_in() -> Response:
    return RedirectResponse(f"/sign-in?next={_PATH}", status_code=_SEE_OTHER)
