"""Signing in at a provider of OpenID Connect: a browser is sent there, and comes back."""

from http.cookies import SimpleCookie
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse

from queues.api.exchange import exchange_of
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Address, Here
from queues.api.routes import examples
from queues.api.routes.sessions import In, entered, session_along
from queues.api.runtime import Runtime
from queues.oidc import Back

router = APIRouter(route_class=Operation, tags=["sessions"], prefix="/v1/sessions/oidc")

#: With this prefix a browser takes it from this host alone, and over TLS alone.
_SECURE: Final = "__Host-tierwise-sign-in"
_LOCAL: Final = "tierwise-sign-in"

Given = Annotated[str | None, Query(max_length=4_096)]


@router.get(
    "",
    response_class=RedirectResponse,
    **documented(
        Says(
            summary="Sign in at the provider",
            status=302,
            fails=(404,),
        )
    ),
)
def begin(here: Here, request: Request, address: Address) -> RedirectResponse:
    """Sends a browser to the provider of the settings, with a cookie to know it by.

    Whoever wants to sign in opens this address; keys and sessions are not needed.
    """
    sent = here.services.provider_sign_in.begin(address=address)
    _keep(request, here, sent.browser, seconds=round(here.settings.oidc.within))
    return RedirectResponse(sent.address, status_code=302)


@router.get(
    "/callback",
    **documented(
        Says(
            summary="Come back from the provider",
            fails=(401, 404, 409),
            example=examples.SIGNED_IN,
        )
    ),
)
def finish(  # noqa: PLR0913, PLR0917 - each is a parameter of the address
    here: Here,
    request: Request,
    address: Address,
    state: Given = None,
    code: Given = None,
    error: Given = None,
    iss: Given = None,
) -> In:
    """The provider sends browsers here. What it proves becomes a session, as with a password.

    Each sign-in can be finished once, by the browser that began it.
    """
    name = _name(here)
    back = Back(state=state, code=code, error=error, issuer=iss, browser=request.cookies.get(name))
    _keep(request, here, "", seconds=0)
    signed = here.services.provider_sign_in.finish(
        back, address=address, instead_of=session_along(request, here)
    )
    here.services.access.forget()
    return entered(signed)


def _keep(request: Request, here: Runtime, value: str, *, seconds: int) -> None:
    """Have the browser keep something, whatever is answered; 0 seconds: no longer."""
    name = _name(here)
    cookie: SimpleCookie = SimpleCookie({name: value})
    # Comes along when the provider sends the browser back, and with no request of another page.
    for key, said in (("path", "/"), ("max-age", str(seconds)), ("samesite", "Lax")):
        cookie[name][key] = said
    cookie[name]["httponly"] = True
    cookie[name]["secure"] = name == _SECURE
    exchange_of(request.scope).headers.append(
        (b"set-cookie", cookie.output(header="").strip().encode("latin-1"))
    )


def _name(here: Runtime) -> str:
    callback = here.settings.oidc.callback
    return _SECURE if callback is not None and callback.startswith("https:") else _LOCAL
