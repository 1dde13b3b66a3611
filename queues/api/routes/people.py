"""Who works here: people are added, invited, changed and disabled."""

from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field

from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Address, Calling, Here, Sent
from queues.api.routes import examples
from queues.api.routes.profiles import ChangedPerson, NewPerson, changes_of, profile_of
from queues.api.routes.sessions import In, entered
from queues.people import Account, Invitation
from queues.people.profiles import PERSONAL

router = APIRouter(route_class=Operation, tags=["people"], prefix="/v1/people")

_READ: Final = Permission.PEOPLE_READ
_MANAGE: Final = Permission.PEOPLE_MANAGE
_INVITATION: Final = {
    "name": "ana",
    "link": "https://tierwise.example.org/invitation#twi_Yk3vQz…",
    "expires_at": examples.LATER,
}

Login = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._@+\-]*$", min_length=1, max_length=100)]


class Acceptance(Sent):
    """A password, set with an invitation."""

    token: Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=100)]
    """What stands behind `#` in the link."""
    password: Annotated[str, Field(min_length=1, max_length=1_024)]


class Nothing(Sent):
    """An empty object: all is said in the address."""


@router.get(
    "", **documented(Says(summary="List people", asks=_READ, example={"people": [examples.PERSON]}))
)
def show_all(here: Here) -> dict[str, list[Account]]:
    """By name, also those who cannot sign in any more."""
    return {"people": here.services.accounts.listed()}


@router.post(
    "",
    **documented(
        Says(
            summary="Add a person",
            asks=_MANAGE,
            fails=(409,),
            sent={"name": "ana", "display_name": "Ana", "roles": ["moderator"]},
            example=examples.PERSON | {"state": "invited", "signed_in_at": None},
            status=201,
        )
    ),
)
def add(new: NewPerson, here: Here, caller: Calling) -> Account:
    """They can sign in once they are invited and have set a password."""
    return here.services.accounts.add(new.name, profile_of(new), by=caller.actor)


@router.post(
    "/invitations:accept",
    **documented(
        Says(
            summary="Accept an invitation",
            fails=(401,),
            sent={"token": "twi_Yk3vQz…", "password": "correct horse battery staple"},
            example=examples.SIGNED_IN,
            status=201,
        )
    ),
)
def accept(acceptance: Acceptance, here: Here, address: Address) -> In:
    """Set a password, once, and be signed in; sessions from before end."""
    invitations = here.services.invitations
    signed = invitations.accept(acceptance.token, acceptance.password, address=address)
    here.services.access.forget()
    return entered(signed)


@router.get(
    "/{name:plain}",
    **documented(Says(summary="Show a person", asks=_READ, fails=(404,), example=examples.PERSON)),
)
def show(name: Login, here: Here) -> Account:
    """With what they have set themselves; where that is nothing, settings hold."""
    return here.services.accounts.find(name)


@router.patch(
    "/{name:plain}",
    **documented(
        Says(
            summary="Change a person",
            asks=Permission.PEOPLE_SCHEDULE,
            fails=(404, 409),
            sent={"languages": ["de"], "time_off": [{"first": "2026-12-24", "last": "2026-12-31"}]},
            example=examples.PERSON,
        )
    ),
)
def change(name: Login, changed: ChangedPerson, here: Here, caller: Calling) -> Account:
    """What is left out stays. With other roles they have to sign in again.

    Names, roles and rates are for those who may `people.manage`.
    """
    changes: dict[str, Any] = changes_of(changed)
    if PERSONAL & changes.keys():
        caller.require(_MANAGE)
    account = here.services.accounts.change(name, changes, by=caller.actor)
    here.services.access.forget()
    return account


@router.post(
    "/{name:plain}:disable",
    **documented(
        Says(
            summary="Disable an account",
            asks=_MANAGE,
            fails=(404, 409),
            sent={},
            example=examples.PERSON | {"state": "disabled", "disabled_at": examples.LATER},
        )
    ),
)
def disable(name: Login, _: Nothing, here: Here, caller: Calling) -> Account:
    """Nobody signs in any more, and whoever is signed in is out at once."""
    account = here.services.accounts.disable(name, by=caller.actor)
    here.services.access.forget()
    return account


@router.post(
    "/{name:plain}:enable",
    **documented(
        Says(
            summary="Enable an account",
            asks=_MANAGE,
            fails=(404,),
            sent={},
            example=examples.PERSON,
        )
    ),
)
def enable(name: Login, _: Nothing, here: Here, caller: Calling) -> Account:
    """Their password is as it was."""
    return here.services.accounts.enable(name, by=caller.actor)


@router.post(
    "/{name:plain}:invite",
    **documented(
        Says(
            summary="Invite a person",
            asks=_MANAGE,
            fails=(404, 409),
            sent={},
            example=_INVITATION,
            status=201,
        )
    ),
)
def invite(name: Login, _: Nothing, here: Here, caller: Calling) -> Invitation:
    """A link to set a password with, once; shown this once. Links from before are void."""
    return here.services.invitations.invite(name, by=caller.actor)
