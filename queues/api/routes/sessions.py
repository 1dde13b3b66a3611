"""Signing in and out."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request

from queues.access import Person
from queues.api.authentication import secret_of
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Address, Asking, Here, Sent
from queues.api.routes import examples
from queues.api.runtime import Runtime
from queues.errors import KeyRefused
from queues.people import Account, Session, SignedIn

router = APIRouter(route_class=Operation, tags=["sessions"], prefix="/v1/sessions")

_ENDED: Final = {"ended": examples.ID}


class Credentials(Sent):
    """Who somebody is, and what only they know."""

    name: Annotated[str, Field(pattern=r"^[^\x00]*$", min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=1_024)]


@dataclass(frozen=True, slots=True, kw_only=True)
class In:
    """Somebody who is signed in."""

    token: str
    """For `Authorization: Bearer`; shown this once."""
    session: Session
    person: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A session that is over."""

    ended: UUID


def entered(signed: SignedIn) -> In:
    """As it is answered."""
    opened = signed.opened
    return In(token=opened.token, session=opened.session, person=signed.account)


@router.post(
    "",
    **documented(
        Says(
            summary="Sign in",
            fails=(401,),
            sent={"name": "ana", "password": "correct horse battery staple"},
            example=examples.SIGNED_IN,
            status=201,
        )
    ),
)
def sign_in(given: Credentials, here: Here, request: Request, address: Address) -> In:
    """A name and a password become a session. One of theirs that comes along with it ends.

    Whether it is the name or the password that is wrong, nobody is told; after some attempts the
    account, or the address they come from, has to wait (429).
    """
    along = session_along(request, here)
    signed = here.services.signing_in.sign_in(
        given.name, given.password, address=address, instead_of=along
    )
    here.services.access.forget()
    return entered(signed)


@router.get(
    "",
    **documented(
        Says(summary="List own sessions", person=True, example={"sessions": [examples.SESSION]})
    ),
)
def show(here: Here, person: Asking) -> dict[str, list[Session]]:
    """Those that last, by age."""
    return {"sessions": here.services.sessions.listed(person)}


@router.delete("/current", **documented(Says(summary="Sign out", person=True, example=_ENDED)))
def sign_out(here: Here, person: Asking) -> Ended:
    """The session that came with the request is over."""
    here.services.sessions.end(person, person.session)
    here.services.access.forget()
    return Ended(ended=person.session)


@router.delete(
    "/{session:uuid}",
    **documented(Says(summary="End a session", person=True, fails=(404,), example=_ENDED)),
)
def end(session: UUID, here: Here, person: Asking) -> Ended:
    """One's own, wherever it was opened."""
    here.services.sessions.end(person, session)
    here.services.access.forget()
    return Ended(ended=session)


def session_along(request: Request, here: Runtime) -> Person | None:
    """Whose session came along, where a valid one did."""
    try:
        caller = here.services.access.authenticate(secret_of(request.scope))
    except KeyRefused:
        return None
    return caller if isinstance(caller, Person) else None
